import Archive
import AuditTrail
import Foundation
import QualityControl
import Reports
import Results
import Saliency
import SharedPatients
import Testing

@testable import Analysis
@testable import Checkpoints
@testable import Models
@testable import Networks

@Suite struct ModelCheckTests {
  private func smallReport(_ change: (inout CheckSettings) -> Void = { _ in }) throws -> CheckReport {
    let patient = try SmallPatient()
    var settings = CheckSettings()
    (settings.samples, settings.lesions) = (2, 2)
    change(&settings)
    return try ModelCheck.run(model: sampleModel, scan: patient.input(reference: true), settings: settings)
  }

  @Test func aTrainedModelIsCheckedAndTheFileSaysWhatWasFound() throws {
    let report = try smallReport()
    #expect(report.lesionsChecked == ["L001", "L002"])
    let named = Dictionary(uniqueKeysWithValues: report.checks.map { ($0.check, $0) })
    #expect(report.checks.count == 12)
    let assessed: [SanityCheck] = [
      .maskOverlap, .finiteDifferences, .windowAverage, .singleVoxel, .weightRandomisation, .windowShift, .insideSign,
      .flairFraction,
    ]
    for name in assessed {
      let check = try #require(named[name])
      #expect(check.passed == true, "\(name): \(check.figures)")
    }
    // Two lesions have no rank correlation.
    #expect(named[.noiseSensitivity]?.limitation == .tooFewLesionsForRanks)
    let read = try JSONDecoder().decode(CheckReport.self, from: report.encoded())
    #expect(read == report)
    #expect(report.lines.count == 12)
    #expect(report.lines[1].hasPrefix("PASS  gradient by finite differences: relative error along the gradient "))
    #expect(try smallReport() == report)
  }

  @Test func shuffledWeightsAreAnotherNetwork() throws {
    let model = try ModelFolder.load(sampleModel.path)
    let values: [Float] = (0..<50).map(Float.init)
    let shuffled = Model.shuffled(values, seed: 1, name: "a")
    #expect(shuffled != values && shuffled.sorted() == values)
    #expect(shuffled == Model.shuffled(values, seed: 1, name: "a"))
    #expect(shuffled != Model.shuffled(values, seed: 2, name: "a"))
    #expect(shuffled != Model.shuffled(values, seed: 1, name: "b"))
    let image = Tensor(shape: [2, 96, 96, 96], values: (0..<2 * 96 * 96 * 96).map { Float($0 % 17) / 8 - 1 })
    let trained = try model.makeSlidingWindow().logits(image)
    #expect(try model.randomised(share: 1, seed: 1).makeSlidingWindow().logits(image) != trained)
  }

  @Test func contextAndWrittenLesionsAreMeasured() throws {
    let report = try smallReport {
      $0.experiments = true
      $0.lesions = 1
    }
    let experiments = try #require(report.experiments)
    let curve = try #require(experiments.perilesional.first)
    #expect(curve.points.map(\.dilations) == Array(1...34))
    // 34 mm on all sides reach beyond this small image: what is left then is the whole of it.
    #expect(abs(curve.points[33].meanProbability - curve.meanProbability) < 0.02)
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("check-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try report.write(to: folder.appendingPathComponent("check.json"))
    let plot = try String(contentsOf: folder.appendingPathComponent("check.svg"), encoding: .utf8)
    #expect(plot.contains(curve.lesion))
    #expect(experiments.synthetic.isEmpty || experiments.synthetic.count == 4)
    #expect(report.checks.suffix(2).map(\.check) == [.perilesionalContext, .syntheticLesion])
  }

  @Test func contextThatIsNeverEnoughFails() {
    func curve(saturation: Double?, detected: Bool) -> PerilesionalCurve {
      PerilesionalCurve(
        lesion: "L001", voxelCount: 100, meanProbability: 0.8,
        points: [.init(dilations: 34, millimetres: 34, meanProbability: 0.8, detected: detected)],
        saturationMillimetres: saturation)
    }
    let sound = curve(saturation: 8, detected: true)
    #expect(ExperimentChecks.context([sound, sound, sound, curve(saturation: nil, detected: true)]).passed == true)
    #expect(ExperimentChecks.context([sound, curve(saturation: nil, detected: true)]).passed == false)
    // As probable as in the whole image, where it is not detected either.
    #expect(ExperimentChecks.context([curve(saturation: 8, detected: false)]).passed == false)
    #expect(ExperimentChecks.context([]).passed == nil)
  }

  @Test func aNetworkThatReadsTheWrongImageFailsOnSyntheticLesions() {
    func trials(complete: Bool, mprageAlone: Bool) -> [SyntheticTrial] {
      [(SyntheticVariant.complete, complete), (.mprageAlone, mprageAlone)].map { variant, detected in
        SyntheticTrial(
          variant: variant.rawValue, voxelCount: 30, meanProbability: 0.5, maximumProbability: 0.5, detected: detected,
          meanProbabilityBefore: 0)
      }
    }
    #expect(ExperimentChecks.synthetic(trials(complete: true, mprageAlone: false)).passed == true)
    #expect(ExperimentChecks.synthetic(trials(complete: true, mprageAlone: true)).passed == false)
    #expect(ExperimentChecks.synthetic(trials(complete: false, mprageAlone: false)).passed == false)
    #expect(ExperimentChecks.synthetic([]).passed == nil)
  }

  @Test func saturationIsTheLastDeparture() {
    func curve(_ values: [Double]) -> [PerilesionalCurve.Point] {
      values.enumerated().map {
        .init(dilations: $0 + 1, millimetres: Double($0 + 1), meanProbability: $1, detected: true)
      }
    }
    #expect(PerilesionalContext.saturation(curve([0.1, 0.8, 0.5, 0.79, 0.8]), whole: 0.8) == 4)
    #expect(PerilesionalContext.saturation(curve([0.8, 0.8]), whole: 0.8) == 1)
    #expect(PerilesionalContext.saturation(curve([0.8, 0.1]), whole: 0.8) == nil)
  }

  @Test func everyPatientHasTheCheapChecksInResultsReportAndTrail() throws {
    let patient = try SmallPatient()
    guard case .done(let summary) = try patient.run().single(patient.input()) else {
      Issue.record("not done")
      return
    }
    let checks = try #require(summary.results.checks)
    #expect(checks.count == 6)
    #expect(checks.prefix(3).allSatisfy { $0.passed == true }, "\(checks.map(\.figures))")
    // Two samples say nothing about repeatability.
    #expect(checks[3].check == .standardError && checks[3].limitation == .tooFewSamples)
    let page = try String(contentsOf: summary.report, encoding: .utf8)
    #expect(page.contains("Sanity checks of the maps") && page.contains(checks[0].figures))
    let log = AuditLog(url: patient.output.appendingPathComponent("audit/sub-t.jsonl"))
    let finished = try #require(try log.records().last)
    let noted = try #require(finished.content["checks"]?.arrayValue)
    #expect(noted.map { $0["check"]?.stringValue } == checks.map(\.check.rawValue))
  }

  @Test func settingsOutOfRangeAreNamed() {
    var settings = CheckSettings()
    #expect(settings.problems.isEmpty)
    (settings.samples, settings.lesions, settings.sizeMillimetres, settings.contrast) = (3, 0, 100, 0)
    #expect(settings.problems.map(\.setting) == ["samples", "lesions", "sizeMillimetres", "contrast"])
    #expect(settings.problems.map(\.value) == ["3", "0", "100.0", "0.0"])
  }
}
