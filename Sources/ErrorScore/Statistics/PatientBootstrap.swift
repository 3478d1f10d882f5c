import Statistics

/// A value with its confidence interval.
public struct Estimate: Hashable, Sendable, Codable {
  public let value: Double
  /// Bounds of the interval; nil below five patients and where too few resamples define the value.
  public let lower: Double?
  public let upper: Double?

  public init(value: Double, lower: Double? = nil, upper: Double? = nil) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }
}

/// Resamples of a cohort by whole patients, with replacement: lesions of one patient are not independent.
///
/// The same seed gives the same resamples everywhere: the n-th draws its patients with SplitMix64 of (seed, stream n).
/// Intervals are percentile intervals from the 2.5 to the 97.5 % quantile.
public struct PatientBootstrap: Sendable {
  public static let level = 0.95
  /// Resamples of fewer patients say nothing.
  public static let fewestPatients = 5
  public let replicates: Int
  public let seed: UInt64

  public init(replicates: Int = 2000, seed: UInt64 = 1) {
    precondition(replicates >= 1, "a bootstrap has resamples")
    self.replicates = replicates
    self.seed = seed
  }

  /// How often each patient is drawn in one resample.
  func times(_ replicate: Int, patients: Int) -> [Int] {
    var random = SplitMix64(seed: seed, stream: UInt64(replicate))
    var times = [Int](repeating: 0, count: patients)
    for _ in 0..<patients { times[random.next(below: patients)] += 1 }
    return times
  }

  /// The interval of what the resamples gave; nil bounds when fewer than half of them define it, and below five
  /// patients, of which resamples say nothing.
  func estimate(_ value: Double, _ resampled: [Double?], patients: Int) -> Estimate {
    let defined = resampled.compactMap { $0 }.sorted()
    guard patients >= Self.fewestPatients, 2 * defined.count >= replicates else { return Estimate(value: value) }
    let tail = (1 - Self.level) / 2
    return Estimate(
      value: value, lower: quantile(tail, ofSorted: defined), upper: quantile(1 - tail, ofSorted: defined))
  }
}

/// A distribution in seven numbers.
public struct Quantiles: Hashable, Sendable, Codable {
  public let count: Int
  public let minimum: Double
  public let tenth: Double
  public let lowerQuartile: Double
  public let median: Double
  public let upperQuartile: Double
  public let ninetieth: Double
  public let maximum: Double

  /// Nil for an empty list.
  ///
  /// - Throws: when a value is not a number.
  public init?(_ values: [Double]) throws(ErrorScoreError) {
    guard !values.contains(where: \.isNaN) else { throw .notANumber(what: "value of a distribution") }
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    func at(_ share: Double) -> Double { quantile(share, ofSorted: sorted)! }
    count = sorted.count
    minimum = sorted[0]
    tenth = at(0.1)
    lowerQuartile = at(0.25)
    median = at(0.5)
    upperQuartile = at(0.75)
    ninetieth = at(0.9)
    maximum = sorted[sorted.count - 1]
  }
}
