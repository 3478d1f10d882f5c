import Foundation
import Lesions
import Statistics
import Testing

@testable import ErrorScore

struct CalibrationTests {
  private func finding(_ patient: Int, _ kind: FindingKind, peak: Double, isError: Bool) -> LabelledFinding {
    LabelledFinding(
      patient: patient < 9 ? "sub-0\(patient + 1)" : "sub-\(patient + 1)", kind: kind,
      features: .sample(peak: peak, volume: 10 + abs(peak)), isError: isError)
  }

  /// Eight patients; errors among lesions have low peaks, missed lesions among candidates high ones, with overlap.
  private func cohort(patients: Int = 8, each: Int = 10) -> [LabelledFinding] {
    (0..<patients).flatMap { p in
      (0..<each).flatMap { n -> [LabelledFinding] in
        let spread = Double((p * 7 + n * 3) % 11)
        return [
          finding(p, .lesion, peak: spread + (n % 2 == 0 ? 0 : 4), isError: n % 2 == 0),
          finding(p, .candidate, peak: spread / 4 + (n % 2 == 0 ? 1 : 0), isError: n % 2 == 0),
        ]
      }
    }
  }

  private func calibration(
    _ findings: [LabelledFinding], _ features: FeatureSet = .peaks, patients: Int = 8, tolerated: Double = 0.2
  ) throws -> Calibration {
    try Calibration(
      fitting: findings, features: features, tolerated: tolerated,
      origin: .init(
        software: "lesionqc test", network: .init(name: "n", version: "1", modelDigest: "aa", weightsDigest: "bb"),
        settings: CalibratedSettings(), settingsDigest: "cc", samples: 10,
        cohort: .init(patients: patients, synthetic: true, resultsDigests: ["b", "a"])),
      bootstrap: PatientBootstrap(replicates: 50, seed: 3))
  }

  @Test func logisticRegressionEqualsScikitLearn() throws {
    for expected in try ScoreFixture.read().logistic {
      let found = try LogisticRegression(
        rows: expected.rows, isError: expected.isError, inversePenalty: expected.inversePenalty)
      // Both stop when the gradient is below 1e-11 per finding or so; weights follow from the curvature.
      for (a, b) in zip(found.weights + [found.intercept], expected.weights + [expected.intercept]) {
        #expect(abs(a - b) < 1e-7 * max(1, abs(b)))
      }
      let probabilities = expected.rows.map(found.probability)
      for (a, b) in zip(probabilities, expected.probability) { #expect(abs(a - b) < 1e-8) }
      let reliability = try #require(try Reliability(probabilities: probabilities, isError: expected.isError))
      #expect(abs(reliability.brierScore - expected.brier) < 1e-8)
      // The free intercept makes expectation and observation equal on the fitted cohort.
      #expect(abs(reliability.expectedErrors - Double(reliability.observedErrors)) < 1e-6)
      #expect(reliability.bins.reduce(0) { $0 + $1.count } == expected.rows.count)
    }
    #expect(throws: ErrorScoreError.oneClass) { try LogisticRegression(rows: [[1], [2]], isError: [true, true]) }
  }

  @Test func separableAndConstantFeaturesStayFinite() throws {
    let fit = try LogisticRegression(
      rows: [[-1, 0], [-2, 0], [1, 0], [2, 0]], isError: [true, true, false, false])
    #expect(fit.weights[0] < 0 && fit.weights[0].isFinite && fit.weights[1] == 0 && abs(fit.intercept) < 1e-9)
  }

  @Test func lowPeaksOfLesionsAndHighPeaksOfCandidatesAreErrors() throws {
    let calibration = try calibration(cohort())
    let (lesions, candidates) = (calibration.lesions.model, calibration.candidates.model)
    #expect(lesions.probability(of: .sample(peak: 1)) > lesions.probability(of: .sample(peak: 12)))
    #expect(candidates.probability(of: .sample(peak: 1)) < candidates.probability(of: .sample(peak: 3)))
    #expect(lesions.terms.map(\.feature) == [.flairPeak] && lesions.errorCount == 40 && lesions.correctCount == 40)
    #expect(lesions.extrapolated(.sample(peak: 15)) == [.flairPeak] && lesions.extrapolated(.sample(peak: 14)) == [])
    #expect(calibration.lesions.crossValidation.row(.crossValidatedExtended) != nil)
    #expect(calibration.lesions.reliability.observedErrors == 40)
    let bytes = try JSONEncoder().encode(calibration)
    #expect(try JSONDecoder().decode(Calibration.self, from: bytes) == calibration)
    #expect(calibration.cohort.resultsDigests == ["a", "b"])
  }

  @Test func peaksOfBothClassesAreKeptForTheEye() throws {
    // 1 … 101: the quantiles of NumPy's default lie at whole numbers.
    let peaks = try #require(try PeakDistribution((1...101).reversed().map(Double.init)))
    #expect(
      peaks == PeakDistribution(count: 101, fifth: 6, lowerQuartile: 26, median: 51, upperQuartile: 76, ninetyFifth: 96)
    )
    #expect(try PeakDistribution([]) == nil)
    #expect(throws: ErrorScoreError.notANumber(what: "FLAIR peak of a finding")) { try PeakDistribution([1, .nan]) }
    let kept = try #require(try calibration(cohort()).lesions.peaks)
    #expect(kept.errors.count == 40 && kept.correct.count == 40 && kept.errors.median < kept.correct.median)
    // The peak of the sum map is taken, whatever the features were made of.
    let other = cohort().map {
      LabelledFinding(
        patient: $0.patient, kind: $0.kind, features: $0.features, isError: $0.isError,
        flairSumPeak: $0.features.saliency.flairMaximum + 100)
    }
    #expect(try calibration(other).lesions.peaks?.errors.median == kept.errors.median + 100)
    #expect(try calibration(other).lesions.model == calibration(cohort()).lesions.model)
  }

  @Test func aFileOfAnEarlierVersionHasNoPeaksAndStillLoads() throws {
    let calibration = try calibration(cohort())
    var json = try #require(try JSONSerialization.jsonObject(with: JSONEncoder().encode(calibration)) as? [String: Any])
    for kind in ["lesions", "candidates"] {
      var content = try #require(json[kind] as? [String: Any])
      #expect(content.removeValue(forKey: "peaks") != nil)
      json[kind] = content
    }
    let read = try JSONDecoder().decode(Calibration.self, from: JSONSerialization.data(withJSONObject: json))
    #expect(read.lesions.peaks == nil && read.candidates.peaks == nil)
    #expect(read.lesions.model == calibration.lesions.model)
  }

  @Test func undefinedFeaturesCountAsTheMean() throws {
    let model = try calibration(cohort(), .extended).lesions.model
    let mean = try #require(model.terms.first { $0.feature == .flairFraction })
    // The fraction is constant here: its weight is 0 and its absence changes nothing.
    #expect(mean.weight == 0)
    #expect(
      model.probability(of: .sample(peak: 3, fraction: nil)) == model.probability(of: .sample(peak: 3, fraction: 0.8)))
    #expect(Set(model.terms.map(\.feature)) == Set(FeatureSet.extended.features))
  }

  /// On lists of models without the patient, never on those of the models that are stored.
  @Test func theCutoffIsSetOnHeldOutLists() throws {
    let findings = cohort(patients: 12)
    let (eight, twelve) = (try calibration(cohort()), try calibration(findings, patients: 12))
    #expect(eight.cutoff == nil && eight.cohort.patients == 8)
    let lists = try JudgedList.heldOut(findings, features: [.flairPeak])
    #expect(lists.count == 12 && lists.allSatisfy { $0.isError.count == 20 && $0.errorCount == 10 })
    #expect(twelve.cutoff == ReviewCutoff(lists) && twelve.cutoff?.patients == 12)
    // A patient without a finding counts, and loses nothing.
    #expect(try calibration(findings, patients: 15).cutoff?.patients == 15)
    #expect(try calibration(cohort(), patients: 9).cutoff?.patients == 9)
    let none = try #require(try calibration(findings, patients: 12, tolerated: 0).cutoff)
    #expect(none.tolerated == 0 && none.percent > twelve.cutoff!.percent)
  }

  @Test func tooLittleEvidenceIsRefused() {
    #expect(throws: ErrorScoreError.tooFew(what: "patients with predicted lesions", found: 4, needed: 5)) {
      try calibration(cohort(patients: 4, each: 20))
    }
    #expect(throws: ErrorScoreError.tooFew(what: "false positives", found: 15, needed: 20)) {
      try calibration(cohort(patients: 5, each: 6))
    }
    let fewMissed = cohort().filter { $0.kind == .lesion || !$0.isError || $0.patient < "sub-04" }
    #expect { try calibration(fewMissed) } throws: {
      "\($0)".contains("15 missed-lesion candidates that are missed lesions")
    }
  }

  @Test func noModelSeesThePatientItJudges() throws {
    // One patient's labels are turned round: only the others' probabilities may change.
    let findings = cohort().filter { $0.kind == .lesion }
    let turned = findings.map {
      $0.patient == "sub-02"
        ? LabelledFinding(patient: $0.patient, kind: $0.kind, features: $0.features, isError: !$0.isError) : $0
    }
    let before = try CrossValidation.probabilities(of: findings, features: [.flairPeak])
    let after = try CrossValidation.probabilities(of: turned, features: [.flairPeak])
    for index in findings.indices { #expect((before[index] == after[index]) == (findings[index].patient == "sub-02")) }
    let sessions = findings.enumerated().map { index, finding in
      LabelledFinding(
        patient: finding.patient + "_ses-\(index % 2)", kind: .lesion, features: finding.features,
        isError: finding.isError)
    }
    #expect(CrossValidation.folds(of: sessions) == CrossValidation.folds(of: findings))
    #expect(Set(CrossValidation.folds(of: findings)).count == 8)
  }

  /// Patients differ in how many of their findings are errors, and the feature says nothing: no order may come of that.
  @Test func aFeatureWithoutInformationRanksByChance() throws {
    func area(_ seed: UInt64, _ score: ([LabelledFinding]) throws -> [Double]) throws -> Double {
      var random = SplitMix64(seed: seed)
      func uniform() -> Double { Double(random.next(below: 1 << 30)) / Double(1 << 30) }
      let findings = (0..<20).flatMap { patient in
        let rate = 0.15 + 0.4 * uniform()
        return (0..<12).map { _ in
          LabelledFinding(
            patient: "sub-\(patient)", kind: .lesion, features: .sample(peak: 10 * uniform() + 0.1),
            isError: uniform() < rate)
        }
      }
      return try #require(RankingStatistics(scores: try score(findings), isError: findings.map(\.isError)).areaUnderROC)
    }
    func mean(_ score: ([LabelledFinding]) throws -> [Double]) throws -> Double {
      try (1...40).map { try area($0, score) }.reduce(0, +) / 40
    }
    #expect(try mean { try CrossValidation.evidence(of: $0, features: [.flairPeak]) } > 0.47)
    #expect(try mean { try CrossValidation.probabilities(of: $0, features: [.flairPeak]) } < 0.46)
  }

  @Test func oneOrderOverBothKindsByProbability() throws {
    func score(_ kind: FindingKind, _ number: Int, _ p: Double) -> RankedFinding {
      RankedFinding(finding: FindingID(kind: kind, number: number), value: p)
    }
    let scores = [
      score(.lesion, 1, 0.1), score(.lesion, 2, 0.7), score(.candidate, 1, 0.7), score(.candidate, 2, 0.3),
      score(.lesion, 3, 0.7),
    ]
    let order = try ReviewOrder(calibrated: scores)
    #expect(order.entries.map { $0.finding.description } == ["L002", "L003", "C001", "C002", "L001"])
    let reversed = try ReviewOrder(calibrated: scores.reversed())
    #expect(order.provenance == .calibrated && order == reversed)
    let remaining = order.entries.map { $0.expectedRemainingErrors! }
    for (a, b) in zip(remaining, [1.8, 1.1, 0.4, 0.1, 0]) { #expect(abs(a - b) < 1e-12) }
    let percentiles: [Double] = [1.0 / 3, 1.0 / 3, 0.25, 0.75, 2.5 / 3]
    #expect(order.entries.map(\.percentile) == percentiles)
    #expect(throws: ErrorScoreError.self) { try ReviewOrder(calibrated: [score(.lesion, 1, .nan)]) }
    #expect(throws: ErrorScoreError.duplicateFinding("L001")) {
      try ReviewOrder(calibrated: [score(.lesion, 1, 0.5), score(.lesion, 1, 0.5)])
    }
  }

  @Test func settingsThatDifferAreNamed() {
    func settings(_ aggregation: String, _ noise: Double) -> CalibratedSettings {
      var settings = CalibratedSettings()
      (settings.aggregation, settings.noiseFraction) = (aggregation, noise)
      return settings
    }
    #expect(settings("sum", 0.05).differences(from: settings("sum", 0.05)) == [])
    #expect(
      settings("signed-max", 0.1).differences(from: settings("sum", 0.05)) == [
        "aggregation signed-max instead of sum", "noise 0.1 instead of 0.05",
      ])
  }
}
