import Archive
import Checkpoints
import Foundation
import PageLint
import QualityControl
import Results
import SharedPatients
import Testing

@testable import Analysis
@testable import Reports

@Suite struct ScannerSidecarTests {
  @Test func onlyTheScannerIsRead() {
    let scanner = ScannerIdentity(
      .object([
        ("Manufacturer", .string("Philips")), ("ManufacturersModelName", .string("Ingenia  Elition X")),
        ("MagneticFieldStrength", .integer(3)), ("DeviceSerialNumber", .string("45123")),
        ("InstitutionName", .string("General Hospital")), ("AcquisitionDateTime", .string("2021-03-04T10:00:00")),
      ]))
    #expect(scanner == ScannerIdentity(manufacturer: "Philips", model: "Ingenia Elition X", fieldTesla: 3))
    #expect(scanner?.text == "Philips Ingenia Elition X, 3\u{A0}T")
  }

  @Test(
    "What is no product's name is left out",
    arguments: [
      "/data/sub-01", "a@b.org", "2021-03-04", "Doe^John", "MR 20210304", "<b>", "", String(repeating: "x", count: 65),
    ] as [String]) func strangeNames(_ name: String)
  {
    #expect(ScannerIdentity(.object([("Manufacturer", .string(name))])) == nil)
    let fields = [("ManufacturersModelName", JSONValue.string(name)), ("MagneticFieldStrength", .number(1.494))]
    #expect(ScannerIdentity(.object(fields))?.text == "1.49\u{A0}T")
  }

  @Test func anUnlikelyFieldStrengthIsLeftOut() {
    // Some converters write gauss.
    #expect(ScannerIdentity(.object([("MagneticFieldStrength", .integer(30000))])) == nil)
    #expect(ScannerIdentity(.object([("MagneticFieldStrength", .string("3"))])) == nil)
  }

  @Test func theSidecarLiesBesideTheImage() throws {
    let patient = try SmallPatient()
    let image = patient.input().flair
    #expect(ScannerIdentity(beside: image) == nil)
    let name = image.lastPathComponent.replacingOccurrences(of: ".nii.gz", with: "")
    let sidecar = image.deletingLastPathComponent().appendingPathComponent(name + ".json")
    try Data(#"{"Manufacturer": "Siemens", "ManufacturersModelName": "Prisma_fit"}"#.utf8).write(to: sidecar)
    #expect(ScannerIdentity(beside: image)?.text == "Siemens Prisma_fit")
    guard case .done(let summary) = try patient.run({ _ in }).single(patient.input()) else {
      Issue.record("not done")
      return
    }
    #expect(summary.results.scanner?.model == "Prisma_fit")
    let index = patient.output.appendingPathComponent("index.html")
    #expect(String(decoding: try Data(contentsOf: index), as: UTF8.self).contains("Siemens Prisma_fit"))
    #expect(try ReportLint.leaks(in: index, identifiers: [], dates: []).isEmpty)
    try Data("no JSON".utf8).write(to: sidecar)
    #expect(ScannerIdentity(beside: image) == nil)
  }
}
