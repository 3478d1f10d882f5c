import Analysis
import AuditTrail
import Foundation
import Reports
import Results
import SharedPatients
import Testing
import Volumes

@testable import Archive

@Suite(.serialized) struct StoredReportTests {
  private func rendering(_ patient: SmallPatient, moved: URL? = nil, overwrite: Bool = false, templates: URL? = nil)
    throws -> ReportRendering
  {
    ReportRendering(
      output: patient.output, moved: moved, overwrite: overwrite, control: RunControl(),
      templates: try TemplateFolder(path: (templates ?? checkout.appendingPathComponent("templates")).path))
  }

  @Test func theReportIsTheRunsOwnToTheLastByte() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input(reference: true))
    let report = patient.output.appendingPathComponent("sub-t.html")
    let original = try Data(contentsOf: report)
    #expect(try rendering(patient).render("sub-t") == .unchanged)
    try FileManager.default.removeItem(at: report)
    #expect(try rendering(patient).render("sub-t") == .written)
    #expect(try Data(contentsOf: report) == original)
    // The trail vouched for these bytes already.
    let log = AuditLog(url: patient.output.appendingPathComponent("audit/sub-t.jsonl"))
    #expect(try log.records().map(\.event) == ["started", "finished"])
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
  }

  @Test func aReportThatDiffersNeedsOverwriteAndIsVouchedFor() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input())
    let templates = patient.folder.appendingPathComponent("templates")
    try FileManager.default.copyItem(at: checkout.appendingPathComponent("templates"), to: templates)
    let page = templates.appendingPathComponent("report.mustache")
    let text = try String(contentsOf: page, encoding: .utf8)
    try Data(text.replacing("</body>", with: "<!-- next -->\n</body>").utf8).write(to: page)
    #expect { try rendering(patient, templates: templates).render("sub-t") } throws: {
      ($0 as? Fault)?.remedy == .replace
    }
    #expect(try rendering(patient, overwrite: true, templates: templates).render("sub-t") == .written)
    #expect(try rendering(patient, templates: templates).render("sub-t") == .unchanged)
    try rendering(patient, templates: templates).gather()
    let log = AuditLog(url: patient.output.appendingPathComponent("audit/sub-t.jsonl"))
    #expect(try log.records().map(\.event) == ["started", "finished", "rendered"])
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
    guard case .upToDate = try patient.run().single(patient.input()) else {
      Issue.record("ran again")
      return
    }
  }

  @Test func movedAndAlteredImagesAreToldApart() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input())
    let archive = patient.folder.appendingPathComponent("archive/2026")
    try FileManager.default.createDirectory(at: archive, withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: patient.flair, to: archive.appendingPathComponent("flair.nii.gz"))
    #expect { try rendering(patient).render("sub-t") } throws: { ($0 as? Fault)?.remedy == .nameImages }
    let root = archive.deletingLastPathComponent()
    #expect(try rendering(patient, moved: root).render("sub-t") == .unchanged)
    try FileManager.default.copyItem(at: patient.mprage, to: patient.flair)
    #expect { try rendering(patient).render("sub-t") } throws: { "\($0)".contains("not the file that was run") }
    let map = try #require(
      try FileManager.default.subpathsOfDirectory(atPath: patient.output.path).sorted().first {
        $0.hasSuffix("_saliency.nii.gz")
      })
    let url = patient.output.appendingPathComponent(map)
    try (Data(contentsOf: url) + Data([0])).write(to: url)
    #expect { try rendering(patient, moved: root).render("sub-t") } throws: { "\($0)".contains(map) }
  }

  /// A model on voxels of another size stores its maps on a grid of its own; the report is the same all the same.
  @Test func mapsOnAnotherGridMakeTheSameReport() throws {
    let patient = try SmallPatient()
    let other = patient.folder.appendingPathComponent("model")
    try FileManager.default.copyItem(at: sampleModel, to: other)
    let description = other.appendingPathComponent("model.json")
    var json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: description)) as? [String: Any])
    json["spacingMillimetres"] = [1.1, 1.2, 0.9]
    try JSONSerialization.data(withJSONObject: json).write(to: description)
    _ = try patient.run(modelFolder: other).single(patient.input())
    let stored = try StoredPatient("sub-t", in: patient.output)
    #expect(!stored.results.lesions.isEmpty)
    #expect(try rendering(patient).render("sub-t") == .unchanged)
  }

  @Test func mapsThatDoNotLieAlongTheAxesAreRefused() throws {
    let grid = (shape: GridShape(8, 8, 8), affine: Affine.scaling(1, 1, 1))
    func picture(_ affine: Affine) -> SaliencyPicture? {
      StoredMap.picture(
        flair: [1, 2, 3, 4, 5, 6, 7, 8], mprage: [0, 0, 0, 0, 0, 0, 0, 0], shape: GridShape(2, 2, 2), affine: affine,
        grid: grid)
    }
    let inside = try #require(picture(.scaling(1, 1, 1, originMillimetres: (3, 4, 5))))
    #expect(inside.box.lower == VoxelIndex(3, 4, 5) && inside.flair == [1, 2, 3, 4, 5, 6, 7, 8])
    // Voxels of 2 mm around 3 and 5: patient voxels 2…6 at places −½, 0, ½, 1, 1½ of the map, clamped to 0…1.
    let coarse = try #require(picture(.scaling(2, 1, 1, originMillimetres: (3, 4, 5))))
    #expect(coarse.box.lower == VoxelIndex(2, 4, 5) && coarse.box.upper == VoxelIndex(7, 6, 7))
    #expect(coarse.flair.prefix(5) == [1, 1, 1.5, 2, 2])
    #expect(picture(.scaling(-1, 1, 1, originMillimetres: (4, 4, 4))) == nil)
    #expect(picture(Affine(rows: [[0, 1, 0, 3], [1, 0, 0, 3], [0, 0, 1, 3]])) == nil)
    #expect(picture(.scaling(1, 1, 1, originMillimetres: (30, 4, 5))) == nil)
    #expect(picture(.scaling(1, 1, 1, originMillimetres: (7, 4, 5))) == nil, "half of it is outside")
  }
}
