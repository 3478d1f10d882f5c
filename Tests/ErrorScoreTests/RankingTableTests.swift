import Lesions
import Testing

@testable import ErrorScore

struct RankingTableTests {
  /// The fixture's scores as peaks of lesions, and its other scores as volumes: both are suspicious when low.
  private func cohort(_ fixture: ScoreFixture.Bootstrap) -> [LabelledFinding] {
    fixture.patient.indices.map { index in
      LabelledFinding(
        patient: "sub-0\(fixture.patient[index])", kind: .lesion,
        features: .sample(peak: -fixture.scores[index], volume: 10 - fixture.other[index]),
        isError: fixture.isError[index])
    }
  }

  @Test func intervalsEqualScikitLearnOnTheSameResamples() throws {
    let fixture = try ScoreFixture.read().bootstrap
    let table = try RankingTable(
      cohort(fixture), kind: .lesion, bootstrap: PatientBootstrap(replicates: fixture.replicates, seed: fixture.seed))
    let peak = try #require(table.row(.saliencyPeak))
    func same(_ found: Estimate?, _ name: String, sign: Double = 1) throws {
      let found = try #require(found)
      let expected = try #require(fixture.intervals[name]).map { sign * $0 }.sorted()
      #expect(abs(found.lower! - expected[0]) < 1e-12 && abs(found.upper! - expected[1]) < 1e-12, "\(name)")
    }
    try same(peak.estimate(.areaUnderROC), "auroc")
    try same(peak.estimate(.averagePrecision), "averagePrecision")
    // The fixture's gain is that of the first score over the other; volume is the other.
    try same(table.row(.volume)?.gainOverPeak, "gain", sign: -1)
    #expect(table.patients == 9 && table.errorCount == fixture.isError.count { $0 })
    let again = try RankingTable(
      cohort(fixture), kind: .lesion, bootstrap: PatientBootstrap(replicates: fixture.replicates, seed: fixture.seed))
    #expect(again == table)
  }

  @Test func aStoredCurveIsReadOffAtWholePercents() throws {
    // Worst first: an error, a correct finding, then a tie of one error and one correct finding.
    let ranking = try RankingStatistics(scores: [4, 3, 2, 2], isError: [true, false, true, false])
    let stored = try #require(ranking.retentionCurve).atPercents
    #expect(stored.points.count == 101)
    // Kept 1, 0.75, 0.5, 0 with 0.5, 0.75, 0.75, 1 correct, straight in between.
    for (percent, correct) in [(0, 1), (20, 0.9), (50, 0.75), (60, 0.75), (75, 0.75), (90, 0.6), (100, 0.5)] {
      #expect(stored.points[percent].kept == Double(percent) / 100)
      #expect(abs(stored.points[percent].correct - correct) < 1e-12, "\(percent) %")
    }
    #expect(stored.area == ranking.retentionCurve?.area)
  }

  @Test func retentionCurveEqualsScikitLearnAndItsGainIsTheGiniCoefficient() throws {
    let fixture = try ScoreFixture.read().bootstrap
    let ranking = try RankingStatistics(scores: fixture.untied, isError: fixture.isError)
    let curve = try #require(ranking.retentionCurve)
    #expect(abs(curve.area - fixture.areaUnderRetention) < 1e-12)
    #expect(abs(curve.shareOfPossibleGain - (2 * ranking.areaUnderROC! - 1)) < 1e-12)
    #expect(curve.points.first!.kept.magnitude < 1e-15 && curve.points.first!.correct == 1)
    #expect(curve.points.last! == .init(kept: 1, correct: 1 - ranking.baseRate!))
    // Errors first: the oracle. One step of equal scores: the random line.
    let oracle = try RankingStatistics(scores: [4, 3, 2, 1, 0], isError: [true, true, false, false, false])
    #expect(abs(oracle.retentionCurve!.area - oracle.retentionCurve!.oracleArea) < 1e-15)
    let tied = try RankingStatistics(scores: [1, 1, 1], isError: [true, false, false])
    #expect(abs(tied.retentionCurve!.area - tied.retentionCurve!.randomArea) < 1e-15)
  }

  @Test func randomIsTheMeanOverAllOrders() throws {
    // All placements of 3 errors among 7 findings.
    let places = (0..<7).map { -Double($0) }
    let placements = (0..<(1 << 7)).filter { $0.nonzeroBitCount == 3 }
    for measure in RankingMeasure.allCases {
      let values = try placements.map { bits in
        measure.value(
          of: try RankingStatistics(scores: places, isError: (0..<7).map { place in (bits >> place) & 1 == 1 }))!
      }
      let expected = try #require(measure.expectedOfRandomOrder(errors: 3, correct: 4))
      #expect(abs(values.reduce(0, +) / Double(values.count) - expected) < 1e-12, "\(measure)")
    }
  }

  @Test func whatCannotBeRankedIsLeftOutAndSaid() throws {
    let none = try RankingTable([], kind: .candidate)
    #expect(none.rows.isEmpty && none.notes.contains { $0.contains("nothing can be ranked") })
    let fixture = try ScoreFixture.read().bootstrap
    let table = try RankingTable(cohort(fixture), kind: .lesion, bootstrap: PatientBootstrap(replicates: 10, seed: 1))
    // 9 patients and enough of both classes: cross-validated models are there, an error score is not.
    #expect(table.row(.crossValidatedPeaks) != nil && table.row(.errorScore) == nil)
    let few = try RankingTable(
      cohort(fixture).filter { $0.patient <= "sub-03" }, kind: .lesion,
      bootstrap: PatientBootstrap(replicates: 10, seed: 1))
    #expect(few.row(.crossValidatedPeaks) == nil && few.notes.contains { $0.contains("a calibration needs 5") })
  }

  /// Resamples of one patient are all alike, those of two are three: such intervals would be a lie.
  @Test func fewPatientsHaveNoInterval() throws {
    let all = cohort(try ScoreFixture.read().bootstrap)
    for (count, has) in [(1, false), (4, false), (5, true)] {
      let patients = (1...count).map { "sub-0\($0)" }
      let table = try RankingTable(
        all.filter { patients.contains($0.patient) }, kind: .lesion,
        bootstrap: PatientBootstrap(replicates: 20, seed: 1))
      let row = try #require(table.row(.volume))
      let area = try #require(row.estimate(.areaUnderROC))
      #expect(table.patients == patients.count && (area.lower != nil) == has && (area.upper != nil) == has)
      #expect((row.gainOverPeak?.lower != nil) == has)
    }
  }

  @Test func ofMapsThatAreNoSumsThePeakOfTheSumIsRankedToo() throws {
    // The maps' own peaks order the errors the wrong way round, those of the sum the right way.
    func findings(ofMean: Double?) -> [LabelledFinding] {
      (0..<6).map { index in
        var features = RegionFeatures.sample(peak: Double(10 - index))
        features.flairMaximumOfMean = ofMean
        return LabelledFinding(
          patient: "sub-0\(index)", kind: .lesion, features: features, isError: index < 3, flairSumPeak: Double(index))
      }
    }
    let bootstrap = PatientBootstrap(replicates: 10, seed: 1)
    let compared = try RankingTable(findings(ofMean: nil), kind: .lesion, bootstrap: bootstrap)
    #expect(compared.row(.saliencyPeak)?.estimate(.areaUnderROC)?.value == 0)
    #expect(compared.row(.peakOfSum)?.estimate(.areaUnderROC)?.value == 1 && compared.row(.peakOfMean) == nil)
    let sums = try RankingTable(findings(ofMean: 1), kind: .lesion, bootstrap: bootstrap)
    #expect(sums.row(.peakOfSum) == nil && sums.row(.peakOfMean) != nil)
  }

  @Test func suspicionPointsTheRightWay() {
    let weak = RegionFeatures.sample(peak: 1, volume: 5, probability: 0.2)
    let strong = RegionFeatures.sample(peak: 9, volume: 500, probability: 0.9)
    for criterion in [RankingCriterion.saliencyPeak, .volume, .meanProbability, .maximumProbability] {
      #expect(criterion.suspicion(.lesion, weak)! > criterion.suspicion(.lesion, strong)!)
      #expect(criterion.suspicion(.candidate, weak)! < criterion.suspicion(.candidate, strong)!)
    }
  }
}
