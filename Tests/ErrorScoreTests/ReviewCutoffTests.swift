import Foundation
import Lesions
import Testing

@testable import ErrorScore

struct ReviewCutoffTests {
  /// `x` an error, `.` none, in the order of the list.
  private func list(_ patient: Int, _ text: String, visit: String = "") -> JudgedList {
    JudgedList(name: "sub-\(patient)\(visit)", patient: "sub-\(patient)", isError: text.map { $0 == "x" })
  }

  /// As many patients, each with one error that stands in a list of ten at its position.
  private func single(_ positions: [Int]) -> [JudgedList] {
    positions.enumerated().map { patient, position in list(patient, String((1...10).map { $0 == position ? "x" : "." }))
    }
  }

  @Test func aListIsLostWhenMoreThanTheToleratedFractionStandsBelow() {
    // Five errors: one of them, a fifth, may stand below.
    let five = list(1, "x.x.x.x..x")
    #expect(five.errorCount == 5 && five.errors(after: 7) == 1 && five.errors(after: 6) == 2)
    #expect(!five.isLost(after: 7, tolerating: 0.2) && five.isLost(after: 6, tolerating: 0.2))
    #expect(five.isLost(after: 9, tolerating: 0.19) && !five.isLost(after: 10, tolerating: 0))
    // 0.2 · 15 is 3.0000000000000004 or less in binary: three of fifteen are a fifth.
    let fifteen = list(1, "xxxxxxxxxxxxxxx")
    #expect(!fifteen.isLost(after: 12, tolerating: 0.2) && fifteen.isLost(after: 11, tolerating: 0.2))
    #expect(!list(1, "....").isLost(after: 0, tolerating: 0) && !list(1, "").isLost(after: 0, tolerating: 0))
  }

  /// 10 · (lost + 1) ≤ n + 1: from 9 patients on none, from 19 on one, from 29 on two.
  @Test(arguments: [(9, 0), (18, 0), (19, 1), (28, 1), (29, 2), (38, 2), (39, 3)]) func asManyPatientsMayBeLost(
    _ patients: Int, _ lost: Int
  ) throws {
    // Positions 10, 9, 8, 7, then 2: each lost patient spares the reader one position.
    let positions = [10, 9, 8, 7] + [Int](repeating: 2, count: patients - 4)
    let cutoff = try #require(ReviewCutoff(single(positions), tolerated: 0.2))
    // Ten findings: position p is reached by the first percent above 10 (p − 1).
    #expect(cutoff.percent == 10 * (positions[lost] - 1) + 1 && cutoff.lostPatients == lost)
    #expect(cutoff.position(of: 10) == positions[lost] && cutoff.patients == patients)
  }

  @Test func belowNinePatientsThereIsNone() {
    #expect(ReviewCutoff(single([Int](repeating: 1, count: 8))) == nil && ReviewCutoff([]) == nil)
    #expect(ReviewCutoff(single([Int](repeating: 1, count: 8)), patientsWithoutFindings: 1)?.patients == 9)
  }

  @Test func aPatientCountsOnceWithTheWorstVisit() throws {
    let others = single([Int](repeating: 1, count: 9))
    let visits = [list(50, "x.........", visit: "_ses-1"), list(50, ".....x....", visit: "_ses-2")]
    let cutoff = try #require(ReviewCutoff(others + visits))
    #expect(cutoff.patients == 10 && cutoff.position(of: 10) == 6)
    #expect(ReviewCutoff(others.dropLast(2) + visits) == nil, "eight patients")
  }

  @Test func partsOfAListAreRoundedUpToWholeFindings() {
    let cutoff = ReviewCutoff(percent: 34, tolerated: 0.2, patients: 20, lostPatients: 1)
    #expect([0, 1, 2, 3, 50, 100].map(cutoff.position) == [0, 1, 1, 2, 17, 34])
    #expect(ReviewCutoff(percent: 100, tolerated: 0, patients: 9, lostPatients: 0).position(of: 7) == 7)
  }

  @Test func coverageCountsPatientsAndSaysHowSureItIs() throws {
    let lists = [list(1, "x..x"), list(2, "...x"), list(2, "x...", visit: "_ses-2"), list(3, "....")]
    let rows = lists.map { CutoffCoverage.Row($0, position: 2, tolerated: 0.2) }
    let coverage = try #require(CutoffCoverage(rows))
    #expect(rows.map(\.errorsBelow) == [1, 1, 0, 0] && rows.map(\.isLost) == [true, true, false, false])
    #expect(coverage.patients == 3 && coverage.lostPatients == 2 && coverage.reviewedShare == 0.5)
    // scipy.stats.beta.ppf(0.025, 2, 2) and (0.975, 3, 1).
    #expect(abs(coverage.lostShare.lower! - 0.09429932405024609) < 1e-12)
    #expect(abs(coverage.lostShare.upper! - 0.9915962413403874) < 1e-12)
    #expect(CutoffCoverage([]) == nil)
  }

  @Test func aPatientsOwnLabelsDoNotMoveItsList() throws {
    var cohort = SimulatedCohort(seed: 5)
    let patients = (0..<10).map { cohort.patient($0) }
    let findings = patients.flatMap { $0 }
    let lists = try JudgedList.heldOut(findings, features: [.flairPeak])
    #expect(lists.map(\.patient) == Set(findings.map(\.cluster)).sorted())
    // One patient's labels are turned round: the order stays, so that every label of the list is turned.
    let turned = findings.map { finding in
      finding.patient == "sub-04"
        ? LabelledFinding(
          patient: finding.patient, kind: finding.kind, features: finding.features, isError: !finding.isError) : finding
    }
    let after = try JudgedList.heldOut(turned, features: [.flairPeak])
    #expect(after[4].isError == lists[4].isError.map(!) && lists[4].errorCount > 0)
    #expect(zip(after, lists).count { $0 != $1 } > 1, "the others' models have seen it")
  }
}
