import Analysis
import AuditTrail
import Foundation
import Reports
import Results
import SharedPatients
import Testing

@testable import Archive
@testable import QualityControl

/// The self-test within a run of a small patient with the sample U-Net.
@Suite(.serialized) struct SelfTestTests {
  private func results(_ outcome: CohortRun.Outcome) throws -> PatientResults {
    guard case .done(let summary) = outcome else { throw Fault(.output, "sub-t", found: "not done: \(outcome)") }
    return summary.results
  }

  @Test func itAddsItsBlockAndChangesNothingElse() throws {
    let patient = try SmallPatient()
    let (plain, tested) = (patient.folder.appendingPathComponent("plain"), patient.output)
    var results = try results(patient.run({ $0.selfTest = true }).single(patient.input(reference: true)))
    let ordinary = try self.results(patient.run(output: plain).single(patient.input(reference: true)))
    let test = try #require(results.selfTest)
    #expect(results.settings?.selfTest == true)
    results.selfTest = nil
    results.settings?.selfTest = false
    #expect(results == ordinary && ordinary.selfTest == nil)
    let (before, after) = (try SmallPatient.contents(plain), try SmallPatient.contents(tested))
    #expect(before.keys.sorted() == after.keys.sorted())
    for (path, content) in before where !path.hasSuffix("results.json") { #expect(after[path] == content, "\(path)") }

    #expect(!test.inserted.isEmpty && test.inserted.count == test.lesions.inserted + test.mimics.inserted)
    for counts in [test.lesions, test.mimics] {
      #expect(counts.wanted == 6 && counts.inserted <= 6)
      #expect(counts.asLesion + counts.asCandidate + counts.missed == counts.inserted)
    }
    #expect((test.limitation == nil) == (test.inserted.count == 12))
    for thing in test.inserted {
      #expect((thing.detectedAs == nil) == (thing.reviewPosition == nil))
      if thing.detectedAs == "lesion" { #expect(thing.maximumProbability > (try #require(results.model).threshold)) }
    }
    // Clear-cut lesions in even white matter: a trained network sees some.
    #expect(test.lesions.asLesion > 0, "\(test)")

    let page = try String(contentsOf: tested.appendingPathComponent("sub-t.html"), encoding: .utf8)
    #expect(page.contains("Self-test on this scan"))
    let quiet = try String(contentsOf: plain.appendingPathComponent("sub-t.html"), encoding: .utf8)
    #expect(!quiet.contains("Self-test on this scan"))
    let log = AuditLog(url: tested.appendingPathComponent("audit/sub-t.jsonl"))
    let finished = try #require(try log.records().last).content
    #expect(finished["selfTest"]?["lesions"]?["asLesion"] == .integer(test.lesions.asLesion))

    // Drawn again from what is stored, to the same bytes.
    let rendering = ReportRendering(
      output: tested, moved: nil, overwrite: false, control: RunControl(),
      templates: try TemplateFolder(path: checkout.appendingPathComponent("templates").path))
    #expect(try rendering.render("sub-t") == .unchanged)
    // With and without are different runs.
    #expect { try patient.run().single(patient.input(reference: true)) } throws: {
      ($0 as? Fault)?.remedy == .replaceOrOtherFolder
    }
    guard case .upToDate = try patient.run({ $0.selfTest = true }).single(patient.input(reference: true)) else {
      Issue.record("ran again")
      return
    }
  }

  @Test func aModelThatMarksNothingFindsNothing() throws {
    let patient = try SmallPatient()
    let blind = patient.folder.appendingPathComponent("blind-model")
    try FileManager.default.copyItem(at: sampleModel, to: blind)
    let description = blind.appendingPathComponent("model.json")
    var json = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: description)) as? [String: Any])
    json["threshold"] = 0.6
    try JSONSerialization.data(withJSONObject: json).write(to: description)
    // Without weights both logits are 0 and the probability is one half everywhere. The file's first 8 bytes are the
    // length of its header, the lowest first.
    let weights = blind.appendingPathComponent("weights.safetensors")
    var bytes = try Data(contentsOf: weights)
    let start = 8 + (0..<8).reduce(0) { $0 + Int(bytes[$1]) << (8 * $1) }
    bytes.resetBytes(in: start..<bytes.count)
    try bytes.write(to: weights)
    let run = try patient.run(
      {
        $0.selfTest = true
        $0.candidateThreshold = 0.6
      }, modelFolder: blind)
    let test = try #require(try results(run.single(patient.input())).selfTest)
    #expect(test.lesions.inserted > 0)
    #expect(test.lesions.asLesion == 0 && test.lesions.asCandidate == 0 && test.mimics.asLesion == 0)
    #expect(test.findingsOrdered == 0 && test.pairs.lesions.count == 0 && test.contrast?.isOfFoundLesions == false)
    let page = try String(contentsOf: patient.output.appendingPathComponent("sub-t.html"), encoding: .utf8)
    #expect(page.contains("0 were detected as lesion"))
    #expect(page.contains("Nothing to rank among things detected as lesion"))
  }
}
