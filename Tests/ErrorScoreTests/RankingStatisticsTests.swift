import Foundation
import Statistics
import Testing

@testable import ErrorScore

struct RankingStatisticsTests {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      let scores: [Double]
      let isError: [Bool]
      let other: [Double]
      let auroc: Double
      let averagePrecision: Double
      let removedAt5: Double
      let removedAt10: Double
      let spearman: Double?
    }
    let cases: [Case]
  }

  @Test func equalsScikitLearnAndSciPyWithAndWithoutTies() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/ranking.json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    #expect(fixture.cases.count == 8)
    for expected in fixture.cases {
      let statistics = try RankingStatistics(scores: expected.scores, isError: expected.isError)
      #expect(abs(statistics.areaUnderROC! - expected.auroc) < 1e-12)
      #expect(abs(statistics.averagePrecision! - expected.averagePrecision) < 1e-12)
      #expect(abs(statistics.shareOfErrorsRemoved(losing: 0.05)! - expected.removedAt5) < 1e-12)
      #expect(abs(statistics.shareOfErrorsRemoved(losing: 0.10)! - expected.removedAt10) < 1e-12)
      let correlation = spearmanCorrelation(expected.scores, expected.other)
      #expect((correlation == nil) == (expected.spearman == nil))
      if let correlation, let spearman = expected.spearman { #expect(abs(correlation - spearman) < 1e-12) }
    }
  }

  @Test func tiesCountHalfAndOrderOfInputDoesNotMatter() throws {
    // Errors 3, 2; correct 2, 1: wins 3>2, 3>1, 2>1 and one tie: 3.5 of 4.
    let forward = try RankingStatistics(scores: [3, 2, 2, 1], isError: [true, true, false, false])
    let backward = try RankingStatistics(scores: [1, 2, 2, 3], isError: [false, false, true, true])
    #expect(forward.areaUnderROC == 3.5 / 4 && backward.areaUnderROC == 3.5 / 4)
    #expect(forward.baseRate == 0.5)
    // Precision 1 at recall ½, then 2/3 at recall 1.
    #expect(abs(forward.averagePrecision! - 5.0 / 6) < 1e-15)
    #expect(backward.averagePrecision == forward.averagePrecision)
  }

  @Test func reviewingAShareFindsWholeFindingsAndSplitsTies() throws {
    let perfect = try RankingStatistics(scores: (0..<10).map { -Double($0) }, isError: (0..<10).map { $0 < 2 })
    #expect(perfect.shareOfErrorsFound(reviewing: 0) == 0)
    #expect(perfect.shareOfErrorsFound(reviewing: 0.1) == 0.5)
    #expect(perfect.shareOfErrorsFound(reviewing: 0.11) == 1)
    #expect(perfect.shareOfErrorsFound(reviewing: 1) == 1)
    // 0.3 · 10 = 3.0000000000000004 in binary must still be three findings: 2 errors in 0, 5, and none at rank 3.
    let late = try RankingStatistics(scores: (0..<10).map { -Double($0) }, isError: (0..<10).map { $0 == 3 })
    #expect(late.shareOfErrorsFound(reviewing: 0.3) == 0)
    let tied = try RankingStatistics(scores: Array(repeating: 1, count: 10), isError: (0..<10).map { $0 < 4 })
    for share in [0.1, 0.2, 0.3] { #expect(abs(tied.shareOfErrorsFound(reviewing: share)! - share) < 1e-12) }
  }

  @Test func removingErrorsCostsCorrectFindings() throws {
    // From the top: error, correct, error, error, then nine correct.
    let isError = [true, false, true, true] + Array(repeating: false, count: 9)
    let statistics = try RankingStatistics(scores: (0..<13).map { -Double($0) }, isError: isError)
    #expect(statistics.shareOfErrorsRemoved(losing: 0.05) == 1.0 / 3)
    #expect(statistics.shareOfErrorsRemoved(losing: 0.1) == 1)
    // Equal scores go together: a step that holds too many correct findings stays.
    let tied = try RankingStatistics(scores: [1, 1, 0], isError: [true, false, false])
    #expect(tied.shareOfErrorsRemoved(losing: 0.1) == 0)
    #expect(tied.shareOfErrorsRemoved(losing: 0.5) == 1)
  }

  @Test func whatIsUndefinedIsNil() throws {
    let empty = try RankingStatistics(scores: [], isError: [])
    #expect(empty.baseRate == nil && empty.areaUnderROC == nil && empty.averagePrecision == nil)
    let onlyErrors = try RankingStatistics(scores: [1, 2], isError: [true, true])
    #expect(onlyErrors.areaUnderROC == nil && onlyErrors.averagePrecision == 1)
    #expect(onlyErrors.shareOfErrorsRemoved(losing: 0.1) == nil)
    let onlyCorrect = try RankingStatistics(scores: [1, 2], isError: [false, false])
    #expect(onlyCorrect.averagePrecision == nil && onlyCorrect.shareOfErrorsFound(reviewing: 0.5) == nil)
    #expect(spearmanCorrelation([1], [2]) == nil)
    #expect(spearmanCorrelation([1, 1, 1], [1, 2, 3]) == nil)
    #expect(spearmanCorrelation([1, 2, 3], [30, 20, 10]) == -1)
  }

  @Test func mismatchedListsAndNaNAreRefused() {
    #expect(throws: ErrorScoreError.self) { try RankingStatistics(scores: [1], isError: []) }
    #expect(throws: ErrorScoreError.self) { try RankingStatistics(scores: [.nan], isError: [true]) }
  }
}
