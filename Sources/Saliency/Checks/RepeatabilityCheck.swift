import Statistics

/// Whether half of the noise samples show what the other half shows.
public enum RepeatabilityCheck {
  public static let name = "split-half repeatability"
  /// Two halves that correlate by 0.7 share half of their variance; their mean then has a reliability of 0.82
  /// (Spearman–Brown).
  public static let correlationLimit = 0.7
  public static let peakLimit = 0.3
  static let rule =
    "maps of odd and even noise samples correlate by at least 0.7 and their peaks differ by at most 30 %, each "
    + "in the median lesion"
  static let errorRule = "the standard error is at most 15 % of the peak in the median finding"
  /// Half of ``peakLimit``: the peaks of two halves differ by about two standard errors of the whole.
  public static let errorLimit = 0.15

  public static func outcome(of maps: HalvedMaps) -> CheckOutcome {
    guard !maps.halves.isEmpty else { return .notAssessed(name, rule: rule, because: "no lesion") }
    let correlations = maps.halves.map { even, odd in
      let box = even.comparedBox
      return pearsonCorrelation(even.values(in: box), odd.values(in: box)) ?? 0
    }
    let differences = zip(maps.halves, maps.flairPeaks).map { halves, peak in
      abs(halves.even.flairPeak - halves.odd.flairPeak) / abs(peak)
    }
    let (correlation, difference) = (median(correlations)!, median(differences)!)
    return CheckOutcome(
      name: name, passed: correlation >= correlationLimit && difference <= peakLimit,
      measures: [
        .init("median correlation", correlation), .init("minimum correlation", correlations.min()!),
        .init(fraction: "median relative difference of peaks", difference),
        .init(fraction: "maximum relative difference of peaks", differences.max()!),
      ], rule: rule, detail: "\(maps.halves.count) lesions, \(maps.samples) noise samples in two halves.")
  }

  /// The same from the standard errors of peaks, which a run has anyway.
  ///
  /// - Parameters:
  ///   - peaks: highest FLAIR value inside each finding and its standard error.
  ///   - samples: the fewest behind a peak.
  public static func outcome(peaks: [(value: Double, standardError: Double)], samples: Int) -> CheckOutcome {
    guard !peaks.isEmpty else {
      return .notAssessed(name, rule: errorRule, because: "no standard error of a peak, which takes two noise samples")
    }
    guard samples >= 10 else { return .notAssessed(name, rule: errorRule, because: "fewer than 10 noise samples") }
    let errors = peaks.map { $0.standardError / max(abs($0.value), .leastNormalMagnitude) }
    let medianError = median(errors)!
    return CheckOutcome(
      name: name, passed: medianError <= errorLimit,
      measures: [
        .init(fraction: "median relative standard error", medianError),
        .init(fraction: "maximum relative standard error", errors.max()!),
      ], rule: errorRule, detail: "FLAIR peaks of \(peaks.count) findings over \(samples) noise samples or more.")
  }
}
