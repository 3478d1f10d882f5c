import Foundation
import Lesions
import Testing

@testable import ErrorScore

struct WithinPatientTests {
  private func finding(_ patient: String, _ probability: Double, _ isError: Bool, rim: Double? = -0.1)
    -> LabelledFinding
  {
    LabelledFinding(
      patient: patient, kind: .lesion, features: .sample(peak: 1, rim: rim, probability: probability), isError: isError)
  }

  /// Two visits of one patient, one of another, and one patient with errors alone. A low probability is suspicious.
  private func cohort() -> [LabelledFinding] {
    [
      // 1: the error has the lowest probability.
      finding("sub-1_ses-1", 0.1, true), finding("sub-1_ses-1", 0.2, false),
      // 0.5: one of two pairs.
      finding("sub-1_ses-2", 0.7, true), finding("sub-1_ses-2", 0.6, false), finding("sub-1_ses-2", 0.9, false),
      // 0: the error has the highest.
      finding("sub-2", 0.99, true), finding("sub-2", 0.95, false), finding("sub-3", 0.5, true),
      finding("sub-3", 0.4, true),
    ]
  }

  @Test func eachListCountsByItself() throws {
    let table = try RankingTable(cohort(), kind: .lesion, bootstrap: PatientBootstrap(replicates: 20, seed: 1))
    let within = try #require(table.row(.meanProbability)?.withinPatient)
    #expect(within.lists.map(\.name) == ["sub-1_ses-1", "sub-1_ses-2", "sub-2"])
    #expect(within.lists.map(\.areaUnderROC) == [1, 0.5, 0] && within.mean == Estimate(value: 0.5))
    #expect(within.lists.map(\.errors) == [1, 1, 1] && within.lists.map(\.correct) == [1, 2, 1])
    // Pooled, the patients' levels count, too: of the errors 0.1, 0.7, 0.99, 0.5 and 0.4 and the others 0.2, 0.6, 0.9
    // and 0.95, 12 of 20 pairs are in order.
    #expect(table.row(.meanProbability)?.estimate(.areaUnderROC)?.value == 12.0 / 20)
    #expect(table.row(.random)?.withinPatient == nil)
    #expect(table.forCalibration.row(.meanProbability)?.withinPatient?.lists == [])
    #expect(table.forCalibration.row(.meanProbability)?.withinPatient?.mean == within.mean)
  }

  @Test func differencesArePairedListByList() throws {
    // Six patients of two findings: probability is right in all, the rim balance in four.
    let findings = (0..<6).flatMap { patient -> [LabelledFinding] in
      let turned = patient < 2
      // Inside 0.5 minus the rim; a low balance is suspicious.
      return [
        finding("sub-\(patient)", 0.2, true, rim: turned ? -1 : 0),
        finding("sub-\(patient)", 0.8, false, rim: turned ? 0 : -1),
      ]
    }
    let table = try RankingTable(findings, kind: .lesion, bootstrap: PatientBootstrap(replicates: 500, seed: 2))
    let row = try #require(table.row(.feature(.rimBalance)))
    let gain = try #require(row.gainOverProbabilityWithin)
    #expect(abs(gain.value + 1.0 / 3) < 1e-12 && abs(row.withinPatient!.mean.value - 2.0 / 3) < 1e-12)
    #expect(gain.lower! < gain.value && gain.upper! > gain.value && gain.upper! <= 0)
    #expect(row.gainOverProbability!.value < 0)
    #expect(table.row(.meanProbability)?.gainOverProbability == nil)
    // Every value of the peak is the same: half right in each list.
    #expect(table.row(.saliencyPeak)?.withinPatient?.lists.allSatisfy { $0.areaUnderROC == 0.5 } == true)
  }

  @Test func aFeatureThatIsNotDefinedStandsInTheMiddle() throws {
    // Balances 1.5, 0.5 and, in the middle, 1 where there is no rim.
    let findings = [
      finding("sub-1", 0.5, false, rim: -1), finding("sub-1", 0.5, true, rim: 0), finding("sub-2", 0.5, true, rim: nil),
      finding("sub-2", 0.5, false, rim: -1), finding("sub-2", 0.5, false, rim: 0),
    ]
    let row = try #require(try RankingTable(findings, kind: .lesion).row(.feature(.rimBalance)))
    #expect(row.withinPatient?.lists.map(\.areaUnderROC) == [1, 0.5])
  }

  @Test func everyFeatureIsACriterionOnceAndKeepsItsName() throws {
    let criteria = RankingCriterion.allCases
    #expect(criteria.last == .random && Set(criteria).count == criteria.count)
    for feature in ScoreFeature.allCases { #expect(criteria.count { $0.feature == feature } == 1, "\(feature)") }
    for criterion in criteria { #expect(RankingCriterion(rawValue: criterion.rawValue) == criterion) }
    #expect(RankingCriterion(rawValue: "flairPeak") == .feature(.flairPeak) && RankingCriterion(rawValue: "x") == nil)
    let bytes = try JSONEncoder().encode(criteria)
    #expect(String(decoding: bytes, as: UTF8.self).contains(#""meanEntropy","negativePeak""#))
    #expect(try JSONDecoder().decode([RankingCriterion].self, from: bytes) == criteria)
  }
}
