import Statistics

/// Where the FLAIR peaks of a class of labelled findings lie: what the peak of a new finding is shown against.
public struct PeakDistribution: Hashable, Sendable, Codable {
  public let count: Int
  /// 5, 25, 50, 75 and 95 % of the findings lie at or below, in logit per SD; linear interpolation as in
  /// ``quantile(_:ofSorted:)``.
  public let fifth: Double
  public let lowerQuartile: Double
  public let median: Double
  public let upperQuartile: Double
  public let ninetyFifth: Double

  public init(
    count: Int, fifth: Double, lowerQuartile: Double, median: Double, upperQuartile: Double, ninetyFifth: Double
  ) {
    self.count = count
    self.fifth = fifth
    self.lowerQuartile = lowerQuartile
    self.median = median
    self.upperQuartile = upperQuartile
    self.ninetyFifth = ninetyFifth
  }

  /// Nil for an empty list.
  ///
  /// - Throws: when a peak is not a finite number.
  public init?(_ peaks: [Double]) throws(ErrorScoreError) {
    guard peaks.allSatisfy(\.isFinite) else { throw .notANumber(what: "FLAIR peak of a finding") }
    guard !peaks.isEmpty else { return nil }
    let sorted = peaks.sorted()
    func at(_ share: Double) -> Double { quantile(share, ofSorted: sorted)! }
    self.init(
      count: sorted.count, fifth: at(0.05), lowerQuartile: at(0.25), median: at(0.5), upperQuartile: at(0.75),
      ninetyFifth: at(0.95))
  }
}

/// The two classes of one kind of finding: false against true positives, or missed lesions against candidates that are
/// none.
public struct PeakDistributions: Hashable, Sendable, Codable {
  public let errors: PeakDistribution
  public let correct: PeakDistribution
}

extension PeakDistributions {
  /// Nil without a finding of either class.
  init?(_ findings: [LabelledFinding]) throws(ErrorScoreError) {
    guard let errors = try PeakDistribution(findings.filter(\.isError).map(\.flairSumPeak)),
      let correct = try PeakDistribution(findings.filter { !$0.isError }.map(\.flairSumPeak))
    else { return nil }
    self.init(errors: errors, correct: correct)
  }
}
