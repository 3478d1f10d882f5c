import Statistics

/// Whether peaks and their order survive another seed and another amount of noise.
public enum SensitivityCheck {
  public static let seedName = "another seed"
  public static let noiseName = "another amount of noise"
  public static let changeLimit = 0.25
  public static let rankLimit = 0.8
  /// Of fewer peaks a rank correlation says nothing.
  public static let fewestForRanks = 4
  static let seedRule =
    "with another seed the median peak changes by at most 25 % and 4 or more peaks keep a rank correlation of 0.8"
  static let noiseRule = "with half and with twice the noise the peaks keep a rank correlation of 0.8"

  /// - Parameters:
  ///   - peaks: FLAIR peaks of the lesions; `other` with another seed.
  public static func seed(peaks: [Double], other: [Double]) -> CheckOutcome {
    guard !peaks.isEmpty else { return .notAssessed(seedName, rule: seedRule, because: "no lesion") }
    let changes = zip(peaks, other).map { abs($1 - $0) / abs($0) }
    let change = median(changes)!
    var measures = [
      CheckOutcome.Measure(fraction: "median relative change of peaks", change),
      .init(fraction: "maximum relative change of peaks", changes.max()!),
    ]
    var passed = change <= changeLimit
    if peaks.count >= fewestForRanks {
      let rank = spearmanCorrelation(peaks, other) ?? 0
      measures.append(.init("rank correlation", rank))
      passed = passed && rank >= rankLimit
    }
    return CheckOutcome(
      name: seedName, passed: passed, measures: measures, rule: seedRule, detail: "\(peaks.count) lesions.")
  }

  /// - Parameter others: peaks with another σ, by its factor.
  public static func noise(peaks: [Double], others: [(factor: Double, peaks: [Double])]) -> CheckOutcome {
    guard peaks.count >= fewestForRanks else {
      return .notAssessed(
        noiseName, rule: noiseRule, because: "fewer than \(fewestForRanks) lesions, too few for a rank correlation")
    }
    let measures = others.map {
      CheckOutcome.Measure("rank correlation at a noise of \($0.factor)", spearmanCorrelation(peaks, $0.peaks) ?? 0)
    }
    return CheckOutcome(
      name: noiseName, passed: measures.allSatisfy { $0.value >= rankLimit }, measures: measures, rule: noiseRule,
      detail: "\(peaks.count) lesions.")
  }
}
