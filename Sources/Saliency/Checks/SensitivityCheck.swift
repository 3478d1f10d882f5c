import Statistics

/// Whether peaks and their order survive another seed and another amount of noise.
public enum SensitivityCheck {
  public static let changeLimit = 0.25
  public static let rankLimit = 0.8
  /// Of fewer peaks a rank correlation says nothing.
  public static let fewestForRanks = 4

  /// - Parameters:
  ///   - peaks: FLAIR peaks of the lesions; `other` with another seed.
  public static func seed(peaks: [Double], other: [Double]) -> CheckOutcome {
    guard !peaks.isEmpty else { return CheckOutcome(.seedSensitivity, notAssessed: .noLesion) }
    let changes = zip(peaks, other).map { abs($1 - $0) / abs($0) }
    let change = median(changes)!
    var measures = [CheckOutcome.Measure(.medianChangeOfPeaks, change), .init(.maximumChangeOfPeaks, changes.max()!)]
    var passed = change <= changeLimit
    if peaks.count >= fewestForRanks {
      let rank = spearmanCorrelation(peaks, other) ?? 0
      measures.append(.init(.rankCorrelation, rank))
      passed = passed && rank >= rankLimit
    }
    return CheckOutcome(.seedSensitivity, passed: passed, measures: measures, basis: .init(lesions: peaks.count))
  }

  /// - Parameter others: peaks with another σ, by its factor.
  public static func noise(peaks: [Double], others: [(factor: Double, peaks: [Double])]) -> CheckOutcome {
    guard peaks.count >= fewestForRanks else {
      return CheckOutcome(.noiseSensitivity, notAssessed: .tooFewLesionsForRanks)
    }
    let measures = others.map {
      CheckOutcome.Measure(.rankCorrelation, of: "\($0.factor)", spearmanCorrelation(peaks, $0.peaks) ?? 0)
    }
    return CheckOutcome(
      .noiseSensitivity, passed: measures.allSatisfy { $0.value >= rankLimit }, measures: measures,
      basis: .init(lesions: peaks.count))
  }
}
