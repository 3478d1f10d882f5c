import Foundation
import Testing

@testable import Statistics

struct RandomNumberTests {
  @Test func splitMixKnownAnswers() {
    // First outputs for the states 1234567 and 0, as published with the reference implementation.
    var random = SplitMix64(state: 1_234_567)
    #expect(
      (0..<3).map { _ in random.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
    #expect(SplitMix64.scrambled(0x9E37_79B9_7F4A_7C15) == 0xE220_A839_7B1D_CDAF)
  }

  @Test func streamsOfOneSeedDiffer() {
    var (first, second) = (SplitMix64(seed: 1, stream: 0), SplitMix64(seed: 1, stream: 1))
    #expect((0..<4).map { _ in first.next() } != (0..<4).map { _ in second.next() })
    let draws = (0..<1000).map { _ in first.next(below: 7) }
    #expect(Set(draws) == Set(0..<7))
  }
}

struct CorrelationTests {
  @Test func ofLinesAndConstants() {
    #expect(pearsonCorrelation([1, 2, 3], [2, 4, 6]) == 1)
    #expect(pearsonCorrelation([1, 2, 3], [1, 1, 1]) == nil)
    #expect(pearsonCorrelation([], []) == nil)
    #expect(spearmanCorrelation([1, 2, 3], [30, 20, 10]) == -1)
  }

  @Test func ranksOfTiesAreTheirMean() {
    #expect(midranks([1, 5, 5, 9]) == [1, 2.5, 2.5, 4])
    #expect(midranks([3, 3, 3]) == [2, 2, 2])
    // d² sums to 2 for the two that change places: 1 − 6 · 2 / (4 · 15).
    #expect(abs(spearmanCorrelation([1, 2, 3, 4], [20, 10, 30, 400])! - 0.8) < 1e-12)
  }

  @Test func whatIsNoNumberHasNone() async {
    #expect(pearsonCorrelation([1, 2], [1, .nan]) == nil)
    #expect(spearmanCorrelation([1, 2], [1, .nan]) == nil)
    await #expect(processExitsWith: .failure) { _ = spearmanCorrelation([1], []) }
  }
}

struct QuantileTests {
  @Test func interpolatedAndByNearestRank() {
    #expect(quantile(0.25, ofSorted: [0, 1, 2]) == 0.5)
    #expect(quantile(1, ofSorted: [0, 1, 2]) == 2)
    #expect(quantile(0.5, ofSorted: []) == nil)
    #expect([0, 0.25, 0.26, 1].map { nearestRankQuantile($0, ofSorted: [1, 2, 3, 4]) } == [1, 1, 2, 4])
    #expect(nearestRankQuantile(0.5, ofSorted: [Float]()) == nil)
  }

  @Test func middlesOfEvenAndOddLists() {
    #expect(median([3, 1, 2]) == 2 && median([4, 1, 2, 3]) == 2.5 && median([]) == nil)
    #expect(upperMedian([3, 1, 2]) == 2 && upperMedian([4, 1, 2, 3]) == 3 && upperMedian([Int]()) == nil)
  }

  @Test func theSpreadIsBlindToAnOutlier() {
    #expect(robustSpread([1, 2, 3, 4, 1000], around: 3) == 1.4826)
    #expect(robustSpread([], around: 0) == nil)
  }
}

struct LogisticTests {
  @Test func farEndsAndTwoClassesAgree() {
    #expect(logistic(0) == 0.5 && logistic(1000) == 1 && logistic(-1000) == 0)
    let logits = [0.3, -1.2]
    #expect(abs(softmax(of: 0, among: 2) { logits[$0] } - logistic(1.5)) < 1e-15)
    #expect(softmax(of: 1, among: 2) { [0.0, 1000][$0] } == 1)
  }
}

@Suite struct WholeNumberTests {
  static let cases: [(value: Double, whole: Int)] = [
    (0, 0), (-0.0, 0), (1.9, 1), (-1.9, -1), (2.5, 2), (1e6, 1_000_000), (.nan, 0), (.infinity, 1 << 62),
    (-.infinity, -1 << 62), (1e300, 1 << 62), (-1e300, -1 << 62), (0x1p62, 1 << 62), (0x1p53, 1 << 53),
    (.leastNonzeroMagnitude, 0),
  ]

  @Test(arguments: cases.indices) func saturating(_ index: Int) {
    let (value, whole) = Self.cases[index]
    #expect(Int(saturating: value) == whole)
    #expect(Int(saturating: value) + 1 == whole + 1)
  }

  @Test func narrowTypes() {
    #expect(UInt8(saturating: 255.9) == 255 && UInt8(saturating: 256.0) == 255 && UInt8(saturating: -1.0) == 0)
    #expect(Int16(saturating: Float(40000)) == 32767 && Int16(saturating: Float.nan) == 0)
    #expect(Int32(saturating: -1e12) == .min && UInt64(saturating: -3.0) == 0)
  }
}

struct BinomialTests {
  /// `scipy.stats.binom.cdf` and `scipy.stats.beta.ppf(0.025, k, n − k + 1)`, `(0.975, k + 1, n − k)`, SciPy 1.17.1.
  @Test func exactBinomialIntervals() {
    for (count, trials, p, expected) in [
      (2, 7, 0.3, 0.6470695000000001), (19, 20, 0.9, 0.8784233454094307), (30, 400, 0.1, 0.05239124657858224),
    ] { #expect(abs(binomialCumulative(count, of: trials, probability: p) - expected) < 1e-12) }
    for (successes, trials, lower, upper) in [
      (2, 20, 0.012348527170294808, 0.31698271401908235), (20, 20, 0.8315665290169145, 1),
      (37, 400, 0.0659659425906885, 0.1252433130966568),
    ] {
      let interval = binomialInterval(successes, of: trials, level: 0.95)
      #expect(abs(interval.lowerBound - lower) < 1e-12 && abs(interval.upperBound - upper) < 1e-12)
    }
    #expect(binomialCumulative(-1, of: 5, probability: 0.3) == 0 && binomialCumulative(5, of: 5, probability: 0.3) == 1)
    #expect(binomialCumulative(0, of: 5, probability: 0) == 1 && binomialCumulative(4, of: 5, probability: 1) == 0)
    // None of ten: 1 − 0.025^(1/10).
    #expect(binomialInterval(0, of: 10, level: 0.95).lowerBound == 0)
    #expect(abs(binomialInterval(0, of: 10, level: 0.95).upperBound - (1 - pow(0.025, 0.1))) < 1e-12)
  }
}
