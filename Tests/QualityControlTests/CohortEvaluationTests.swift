import ErrorScore
import Foundation
import Lesions
import Reports
import Results
import Testing

@testable import QualityControl

@Suite(.serialized) struct CohortEvaluationTests {
  /// A run of one small patient, and its truth as derivatives.
  private func cohort(controls: Bool) throws -> (patient: SmallPatient, truth: URL, results: PatientResults) {
    let patient = try SmallPatient()
    let truth = patient.folder.appendingPathComponent("truth")
    let anat = truth.appendingPathComponent("sub-t/anat")
    try FileManager.default.createDirectory(at: anat, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: patient.truth, to: anat.appendingPathComponent("sub-t_label-L_mask.nii.gz"))
    let run = try patient.run({
      $0.controls = controls
      $0.calibration = .off
    })
    guard case .done(let summary) = try run.single(patient.input(truth: controls)) else {
      throw QualityControlError.badInput("not done")
    }
    return (patient, truth, summary.results)
  }

  @Test func controlsStandApartFromTheWorkList() throws {
    let (patient, _, results) = try cohort(controls: true)
    let controls = try #require(results.controls)
    #expect(controls.falseNegatives.count == results.truth!.falseNegatives)
    #expect(controls.trueNegatives.count + controls.lesionsWithoutControl == results.lesions.count)
    #expect(!controls.trueNegatives.isEmpty)
    #expect(results.reviewOrder.count == results.lesions.count + results.candidates.count)
    for region in controls.trueNegatives {
      // The shape of the lesion of that number.
      #expect(region.voxelCount == results.lesions[region.number - 1].voxelCount)
      #expect(region.flairHighest >= region.flairLowest && region.maximumProbability < 0.3)
    }
    // The findings are what they are without controls.
    let other = patient.folder.appendingPathComponent("out-plain")
    guard
      case .done(let plain) = try patient.run({ $0.calibration = .off }, output: other).single(
        patient.input(truth: true))
    else {
      Issue.record("not done")
      return
    }
    #expect(plain.results.controls == nil)
    #expect(plain.results.lesions == results.lesions && plain.results.reviewOrder == results.reviewOrder)
  }

  @Test func aRunWithoutTruthIsLabelledLikeOneWithTruth() throws {
    let (patient, truth, results) = try cohort(controls: false)
    #expect(results.truth == nil)
    let found = try LabelledCohort(output: patient.output, truth: truth) { _ in }
    let other = patient.folder.appendingPathComponent("out-truth")
    guard
      case .done(let labelled) = try patient.run({ $0.calibration = .off }, output: other).single(
        patient.input(truth: true))
    else {
      Issue.record("not done")
      return
    }
    #expect(found.patients.map(\.truth) == [labelled.results.truth!])
    let statuses = (labelled.results.lesions + labelled.results.candidates).map(\.truthStatus)
    #expect(found.findings.map(\.isError) == statuses.map { $0 == "FP" || $0 == "missed" })
    #expect(
      found.findings.map(\.features.flairHighest)
        == (results.lesions + results.candidates).map { $0.flair.insideHighest.value })
  }

  @Test func evaluationIsWrittenTwiceAlikeAndNamesItsNumbers() throws {
    let (patient, truth, results) = try cohort(controls: true)
    let folders = ["a", "b"].map { patient.folder.appendingPathComponent($0) }
    var evaluations: [Evaluation] = []
    for folder in folders {
      evaluations.append(
        try CohortEvaluation.write(output: patient.output, truth: truth, to: folder) { _ in })
    }
    #expect(evaluations[0] == evaluations[1])
    let names = try FileManager.default.contentsOfDirectory(atPath: folders[0].path).sorted()
    #expect(
      names == [
        "comparisons.tsv", "evaluation.json", "evaluation.md", "groups.tsv", "peaks.svg", "ranking.tsv",
        "retention-candidates.svg", "retention-lesions.svg", "segmentation.tsv",
      ])
    for name in names {
      #expect(
        try Data(contentsOf: folders[0].appendingPathComponent(name))
          == Data(contentsOf: folders[1].appendingPathComponent(name)),
        "\(name)")
    }
    let evaluation = evaluations[0]
    #expect(evaluation.groups.first { $0.group == .falseNegative }?.count == results.truth!.falseNegatives)
    #expect(evaluation.pooled.truePositives == results.truth!.truePositives)
    let page = try String(contentsOf: folders[0].appendingPathComponent("evaluation.md"), encoding: .utf8)
    #expect(page.contains("**synthetic**") && page.contains("2 noise draws") && !page.contains(patient.folder.path))
    for name in ["peaks.svg", "retention-lesions.svg"] {
      let parser = XMLCheck(try Data(contentsOf: folders[0].appendingPathComponent(name)))
      #expect(parser.isWellFormed, "\(name)")
    }
  }

  @Test func oneOfTwoPatientsIsEvaluated() throws {
    let (patient, truth, results) = try cohort(controls: false)
    let other = PatientInput(label: "sub-u", flair: patient.flair, mprage: patient.mprage, synthetic: true)
    guard case .done = try patient.run({ $0.calibration = .off }).single(other) else {
      Issue.record("not done")
      return
    }
    // Without the label the other patient, which has no expert mask, is asked for.
    #expect(throws: QualityControlError.self) { try LabelledCohort(output: patient.output, truth: truth) { _ in } }
    for label in ["t", "sub-t"] {
      let found = try LabelledCohort(output: patient.output, truth: truth, labels: [label]) { _ in }
      #expect(found.patients.map(\.results) == [results])
    }
    #expect {
      try LabelledCohort(output: patient.output, truth: truth, labels: ["v"]) { _ in }
    } throws: { "\($0)".contains("no sub-v; there is sub-t, sub-u") }
  }

  @Test func tooFewPatientsAndAlteredFilesAreRefused() throws {
    let (patient, truth, _) = try cohort(controls: false)
    let file = patient.folder.appendingPathComponent("calibration.json")
    func calibrate() throws {
      _ = try CohortCalibration.write(
        output: patient.output, truth: truth, features: .peaks, to: file, overwrite: false
      ) { _ in }
    }
    #expect { try calibrate() } throws: { "\($0)".contains("a calibration needs 5 or more") }
    #expect(!FileManager.default.fileExists(atPath: file.path))
    let results = patient.output.appendingPathComponent("sub-t/anat/sub-t_seg-lesion_dseg.tsv")
    try Data("index\n".utf8).write(to: results)
    #expect { try calibrate() } throws: { "\($0)".contains("altered or removed since the run") }
    #expect {
      try LabelledCohort(output: patient.folder, truth: truth) { _ in }
    } throws: { "\($0)".contains("no audit/ folder") }
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
