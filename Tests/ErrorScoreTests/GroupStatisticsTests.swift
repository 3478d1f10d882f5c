import Testing

@testable import ErrorScore

struct GroupStatisticsTests {
  @Test func quantilesEqualNumPy() throws {
    for expected in try ScoreFixture.read().quantiles {
      let found = try #require(try Quantiles(expected.values.reversed()))
      let values = [
        found.minimum, found.tenth, found.lowerQuartile, found.median, found.upperQuartile, found.ninetieth,
        found.maximum,
      ]
      for (a, b) in zip(values, expected.quantiles) { #expect(abs(a - b) < 1e-12) }
      #expect(found.count == expected.values.count)
    }
    #expect(try Quantiles([]) == nil)
    #expect(throws: ErrorScoreError.self) { try Quantiles([1, .nan]) }
  }

  @Test func mannWhitneyEqualsSciPyExactAndWithTies() throws {
    let cases = try ScoreFixture.read().mannWhitney
    #expect(Set(cases.map(\.method)) == [.exact, .normal])
    for expected in cases {
      let found = try #require(try MannWhitney(expected.first, expected.second))
      #expect(found.u == expected.u && found.method == expected.method)
      #expect(abs(found.pValue - expected.p) <= 1e-10 * expected.p, "\(expected.u)")
      #expect(abs(found.probabilityOfSuperiority - expected.superiority) < 1e-12)
      #expect(abs(found.rankBiserial - (2 * expected.superiority - 1)) < 1e-12)
    }
    #expect(try MannWhitney([], [1]) == nil)
    #expect(throws: ErrorScoreError.self) { try MannWhitney([.nan], [1]) }
  }

  @Test func groupsAreComparedPairwiseWhereBothHaveValues() throws {
    let high = [3, 4, 5].map { RegionFeatures.sample(peak: $0, rim: -0.1) }
    let low = [1, 2].map { RegionFeatures.sample(peak: $0, rim: nil) }
    let found = try GroupComparison.all([.truePositive: high, .falsePositive: low])
    #expect(found.allSatisfy { $0.first == .truePositive && $0.second == .falsePositive })
    let peak = try #require(found.first { $0.feature == .flairPeak })
    #expect(peak.test.probabilityOfSuperiority == 1 && peak.test.method == .exact)
    // 2 of the 10 arrangements of 3 and 2 values are as extreme.
    #expect(abs(peak.test.pValue - 0.2) < 1e-15)
    #expect(!found.contains { $0.feature == .rimBalance })
    let group = try GroupDistribution(.truePositive, high)
    #expect(group.quantiles(.flairPeak)?.median == 4 && group.positiveInsideNegativeRim == 1)
    #expect(try GroupDistribution(.falsePositive, low).positiveInsideNegativeRim == nil)
  }
}
