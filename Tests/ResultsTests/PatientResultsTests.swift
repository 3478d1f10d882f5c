import Foundation
import Lesions
import Testing
import Volumes

@testable import Results

@Suite struct PatientResultsTests {
  /// Results without a network and without a finding.
  private func results() -> PatientResults {
    let grid = GridRecord(shape: GridShape(4, 5, 6), affine: .scaling(1, 1, 2))
    return PatientResults(
      patient: PatientIdentity(label: "sub-01", session: nil, synthetic: true), model: nil,
      external: ExternalSegmentation(tool: "segmenter 1.2", hasProbability: false, hasSaliency: false),
      inputs: [InputRecord(role: "FLAIR", sha256: "aa", grid: grid, headerProblems: [])], grid: grid,
      rules: RuleRecord(lesions: .published, candidates: nil, order: .volume),
      counts: FindingCounts(
        componentsBeforeSizeFilter: 0, droppedSmallComponents: 0, lesions: 0, candidates: 0, candidatesLeftOut: 0,
        totalLesionVolumeMillilitres: 0),
      locations: LocationRecord(notAssessed: LocationLimitation(.showsHead), ventriclesMillilitres: nil))
  }

  @Test func whatIsWrittenIsRead() throws {
    var results = results()
    results.warnings = WarningTests.samples.map(\.warning)
    let bytes = try results.encoded()
    #expect(try PatientResults.decode(bytes) == results)
    #expect(try results.encoded() == bytes && results.schemaVersion == 2)
    #expect(results.flairDigest == "aa")
  }

  @Test(arguments: [1, 3]) func anotherSchemaVersionIsRefusedInOneLineThatSaysToRunAgain(_ version: Int) throws {
    var json = try #require(JSONSerialization.jsonObject(with: Data(results().encoded())) as? [String: Any])
    json["schemaVersion"] = version
    let bytes = [UInt8](try JSONSerialization.data(withJSONObject: json))
    let error = #expect(throws: ResultsError.otherSchema(found: version, expected: 2)) {
      try PatientResults.decode(bytes)
    }
    let line = try #require(error).description
    #expect(line.contains("schema version \(version)") && line.contains("run the patient again"))
    #expect(!line.contains("\n"))
  }

  /// The version is looked at first: a file of version 1 has other members throughout.
  @Test func aFileOfVersion1IsKnownByItsVersionAlone() {
    #expect(throws: ResultsError.otherSchema(found: 1, expected: 2)) {
      try PatientResults.decode(Array(#"{"schemaVersion": 1, "lesions": [], "calibration": "uncalibrated"}"#.utf8))
    }
    #expect(throws: DecodingError.self) { try PatientResults.decode(Array("{}".utf8)) }
  }
}
