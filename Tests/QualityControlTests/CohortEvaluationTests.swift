import Analysis
import Archive
import AuditTrail
import Digests
import ErrorScore
import Foundation
import Lesions
import Results
import SharedPatients
import Testing

@testable import QualityControl

@Suite(.serialized) struct CohortEvaluationTests {
  /// A run of one small patient, and its reference as derivatives.
  private func cohort(controls: Bool, calibrated: Bool = false) throws -> (
    patient: SmallPatient, reference: URL, results: PatientResults
  ) {
    let patient = try SmallPatient()
    let reference = patient.folder.appendingPathComponent("reference")
    let anat = reference.appendingPathComponent("sub-t/anat")
    try FileManager.default.createDirectory(at: anat, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: patient.reference, to: anat.appendingPathComponent("sub-t_label-L_mask.nii.gz"))
    let calibration = calibrated ? try SampleCalibration.make(patients: 10, in: patient.folder) : nil
    let run = try patient.run(
      { $0.controls = controls },
      options: { $0.calibration = calibration.map { RunOptions.CalibrationChoice.file($0) } ?? .off })
    guard case .done(let summary) = try run.single(patient.input(reference: controls)) else {
      throw Fault(.output, "sub-t", found: "not done")
    }
    return (patient, reference, summary.results)
  }

  @Test func controlsStandApartFromTheWorkList() throws {
    let (patient, _, results) = try cohort(controls: true)
    let controls = try #require(results.controls)
    #expect(controls.falseNegatives.count == results.reference!.detection.falseNegatives)
    #expect(controls.trueNegatives.count + controls.lesionsWithoutControl == results.lesions.count)
    #expect(!controls.trueNegatives.isEmpty)
    #expect(results.reviewOrder.count == results.lesions.count + results.candidates.count)
    for region in controls.trueNegatives {
      // The shape of the lesion of that number.
      #expect(region.measurements.voxelCount == results.lesions[region.number - 1].measurements.voxelCount)
      let inside = region.saliency.flair.inside
      #expect(inside.maximum.value >= inside.minimum.value)
      #expect(try #require(region.measurements.probability).maximum < 0.3)
    }
    // The findings are what they are without controls.
    let other = patient.folder.appendingPathComponent("out-plain")
    guard case .done(let plain) = try patient.run(output: other).single(patient.input(reference: true)) else {
      Issue.record("not done")
      return
    }
    #expect(plain.results.controls == nil)
    #expect(plain.results.lesions == results.lesions && plain.results.reviewOrder == results.reviewOrder)
  }

  @Test func aRunWithoutReferenceIsLabelledLikeOneWithIt() throws {
    let (patient, reference, results) = try cohort(controls: false)
    #expect(results.reference == nil)
    let found = try LabelledCohort(output: patient.output, reference: reference) { _ in }
    let other = patient.folder.appendingPathComponent("out-reference")
    guard case .done(let labelled) = try patient.run(output: other).single(patient.input(reference: true)) else {
      Issue.record("not done")
      return
    }
    #expect(found.patients.map(\.reference) == [labelled.results.reference!])
    let outcomes = labelled.results.findings.map(\.reference)
    #expect(outcomes.allSatisfy { $0 != nil })
    #expect(found.findings.map(\.isError) == outcomes.map { $0 == .falsePositive || $0 == .missedCandidate })
    #expect(
      found.findings.map(\.features.saliency.flairMaximum)
        == results.findings.map { $0.saliency?.flair.inside.maximum.value })
  }

  @Test func evaluationIsWrittenTwiceAlikeAndNamesItsNumbers() throws {
    let (patient, reference, results) = try cohort(controls: true)
    let folders = ["a", "b"].map { patient.folder.appendingPathComponent($0) }
    var evaluations: [Evaluation] = []
    for folder in folders {
      evaluations.append(try CohortEvaluation.write(output: patient.output, reference: reference, to: folder) { _ in })
    }
    #expect(evaluations[0] == evaluations[1])
    try evaluationsAreRecorded(patient, reference)
    let names = try FileManager.default.contentsOfDirectory(atPath: folders[0].path).sorted()
    #expect(
      names == [
        "comparisons.json", "comparisons.tsv", "evaluation.html", "evaluation.json", "evaluation.md", "groups.json",
        "groups.tsv", "peaks.svg", "ranking.json", "ranking.tsv", "retention-candidates.svg", "retention-lesions.svg",
        "segmentation.json", "segmentation.tsv", "within.json", "within.tsv",
      ])
    for name in names {
      #expect(
        try Data(contentsOf: folders[0].appendingPathComponent(name))
          == Data(contentsOf: folders[1].appendingPathComponent(name)), "\(name)")
    }
    let evaluation = evaluations[0]
    #expect(
      evaluation.groups.first { $0.group == .falseNegative }?.count == results.reference!.detection.falseNegatives)
    #expect(evaluation.reference.pooled.truePositives == results.reference!.detection.truePositives)
    let page = try String(contentsOf: folders[0].appendingPathComponent("evaluation.md"), encoding: .utf8)
    #expect(page.contains("**synthetic**") && page.contains("2 noise samples") && !page.contains(patient.folder.path))
    for name in ["peaks.svg", "retention-lesions.svg"] {
      let parser = XMLCheck(try Data(contentsOf: folders[0].appendingPathComponent(name)))
      #expect(parser.isWellFormed, "\(name)")
    }
  }

  /// In the trail of the cohort: what was read by digest, what was written by name and digest, no folder.
  private func evaluationsAreRecorded(_ patient: SmallPatient, _ reference: URL) throws {
    let own = patient.output.appendingPathComponent("evaluation")
    let key = SigningKey.random()
    _ = try CohortEvaluation.write(
      output: patient.output, reference: reference, to: own, by: Attribution(operatorName: "A. Reader", signingKey: key)
    ) { _ in }
    let records = try AuditLog(url: patient.output.appendingPathComponent("audit/cohort.jsonl")).records()
    #expect(records.map(\.event) == ["evaluated", "evaluated", "evaluated"])
    #expect(records.map(\.publicKey) == [nil, nil, key.publicKey])
    let last = records[2].details
    #expect(last["operator"] == "A. Reader" && records[0].details["operator"] == .null)
    #expect(
      last["software"]?["build"]?.stringValue == (try Digest.sha256(file: URL(fileURLWithPath: "/proc/self/exe"))))
    let results = patient.output.appendingPathComponent("sub-t/anat/sub-t_desc-lesionqc_results.json")
    #expect(last["inputs"]?.arrayValue?.count == 1)
    #expect(last["inputs"]?.arrayValue?.first?["results"]?.stringValue == (try Digest.sha256(file: results)))
    #expect(last["options"] == ["participantLabel": []])
    #expect(records[0].details["outputs"]?.arrayValue?.isEmpty == true)
    #expect(records[0].details["outputsElsewhere"]?.arrayValue?.count == 16)
    #expect(last["outputs"]?.arrayValue?.contains { $0["file"] == "evaluation/evaluation.md" } == true)
    for record in records { #expect(!record.details.canonicalText.contains(patient.folder.path)) }

    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
    let page = own.appendingPathComponent("evaluation.md")
    try (Data(contentsOf: page) + Data("x".utf8)).write(to: page)
    let altered = try AuditCheck(output: patient.output).faults
    #expect(altered.map(\.kind) == [.alteredOutput] && altered.first?.patient == "cohort")
    try FileManager.default.removeItem(at: page)
    #expect(try AuditCheck(output: patient.output).faults.map(\.kind) == [.missingOutput])
    _ = try CohortEvaluation.write(output: patient.output, reference: reference, to: own) { _ in }
    #expect(try AuditCheck(output: patient.output).faults.isEmpty)
  }

  /// What the reports promised is counted against the reference.
  @Test func cutoffsOfTheReportsAreCounted() throws {
    let (patient, reference, results) = try cohort(controls: false, calibrated: true)
    let folder = patient.folder.appendingPathComponent("evaluation")
    let evaluation = try CohortEvaluation.write(output: patient.output, reference: reference, to: folder) { _ in }
    let (coverage, cutoff) = (try #require(evaluation.coverage), try #require(results.calibration?.cutoff))
    let labelled = try LabelledCohort(output: patient.output, reference: reference) { _ in }
    let errors = Dictionary(uniqueKeysWithValues: zip(results.findings.map(\.id), labelled.findings.map(\.isError)))
    let below = results.reviewOrder.filter { $0.position > cutoff.position && errors[$0.finding]! }.count
    let row = try #require(coverage.rows.first)
    #expect(
      coverage.rows.count == 1 && coverage.patients == 1 && row.name == "sub-t" && row.position == cutoff.position)
    #expect(row.errors == labelled.findings.count { $0.isError } && row.errorsBelow == below && row.errors > 0)
    #expect(row.isLost == (Double(below) > 0.2 * Double(row.errors) + 1e-9))
    #expect(FileManager.default.fileExists(atPath: folder.appendingPathComponent("cutoff.tsv").path))
    // Without a cut-off in the report nothing was promised.
    let (plain, other, _) = try cohort(controls: false)
    let without = try CohortEvaluation.write(output: plain.output, reference: other, to: folder) { _ in }
    #expect(without.coverage == nil)
  }

  @Test func oneOfTwoPatientsIsEvaluated() throws {
    let (patient, reference, results) = try cohort(controls: false)
    let other = PatientInput(label: "sub-u", flair: patient.flair, mprage: patient.mprage, synthetic: true)
    guard case .done = try patient.run().single(other) else {
      Issue.record("not done")
      return
    }
    // Without the label the other patient, which has no expert mask, is asked for.
    #expect(throws: Fault.self) { try LabelledCohort(output: patient.output, reference: reference) { _ in } }
    for label in ["t", "sub-t"] {
      let found = try LabelledCohort(output: patient.output, reference: reference, labels: [label]) { _ in }
      #expect(found.patients.map(\.results) == [results])
    }
    #expect { try LabelledCohort(output: patient.output, reference: reference, labels: ["v"]) { _ in } } throws: {
      $0 as? Fault == Fault(.input, patient.output.path, found: "no sub-v", expected: "one of sub-t, sub-u")
    }
  }

  @Test func tooFewPatientsAndAlteredFilesAreRefused() throws {
    let (patient, reference, _) = try cohort(controls: false)
    let file = patient.folder.appendingPathComponent("calibration.json")
    func calibrate() throws {
      _ = try CohortCalibration.write(
        output: patient.output, reference: reference, fit: .init(.peaks), to: file, overwrite: false
      ) { _ in }
    }
    #expect { try calibrate() } throws: { "\($0)".contains("a calibration needs 5 or more") }
    #expect(!FileManager.default.fileExists(atPath: file.path))
    let results = patient.output.appendingPathComponent("sub-t/anat/sub-t_seg-lesion_dseg.tsv")
    try Data("index\n".utf8).write(to: results)
    #expect { try calibrate() } throws: { "\($0)".contains("altered or removed since the run") }
    #expect { try LabelledCohort(output: patient.folder, reference: reference) { _ in } } throws: {
      ($0 as? Fault)?.found == "no audit trail (audit/*.jsonl)"
    }
  }
}

/// Elements of an XML text are closed in order.
private struct XMLCheck {
  let isWellFormed: Bool

  init(_ data: Data) {
    var open: [String] = []
    var sound = true
    for piece in String(decoding: data, as: UTF8.self).split(separator: "<") where !piece.hasPrefix("?") {
      guard let end = piece.firstIndex(of: ">") else {
        sound = false
        break
      }
      let tag = piece[..<end]
      let name = String(tag.drop { $0 == "/" }.prefix { $0.isLetter })
      if tag.hasPrefix("/") {
        if open.popLast() != name { sound = false }
      } else if !tag.hasSuffix("/") {
        open.append(name)
      }
    }
    isWellFormed = sound && open.isEmpty && !data.isEmpty
  }
}
