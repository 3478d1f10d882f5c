import Statistics

/// Whether half of the noise samples show what the other half shows.
public enum RepeatabilityCheck {
  /// Two halves that correlate by 0.7 share half of their variance; their mean then has a reliability of 0.82
  /// (Spearman–Brown).
  public static let correlationLimit = 0.7
  public static let peakLimit = 0.3
  /// Half of ``peakLimit``: the peaks of two halves differ by about two standard errors of the whole.
  public static let errorLimit = 0.15
  /// Of fewer noise samples a standard error says too little about itself.
  public static let fewestSamples = 10

  public static func outcome(of maps: HalvedMaps) -> CheckOutcome {
    guard !maps.halves.isEmpty else { return CheckOutcome(.splitHalf, notAssessed: .noLesion) }
    let correlations = maps.halves.map { even, odd in
      let box = even.comparedBox
      return pearsonCorrelation(even.values(in: box), odd.values(in: box)) ?? 0
    }
    let differences = zip(maps.halves, maps.flairPeaks).map { halves, peak in
      abs(halves.even.flairPeak - halves.odd.flairPeak) / abs(peak)
    }
    let (correlation, difference) = (median(correlations)!, median(differences)!)
    return CheckOutcome(
      .splitHalf, passed: correlation >= correlationLimit && difference <= peakLimit,
      measures: [
        .init(.medianCorrelation, correlation), .init(.minimumCorrelation, correlations.min()!),
        .init(.medianDifferenceOfPeaks, difference), .init(.maximumDifferenceOfPeaks, differences.max()!),
      ], basis: .init(lesions: maps.halves.count, noiseSamples: maps.samples))
  }

  /// The same from the standard errors of peaks, which a run has anyway.
  ///
  /// - Parameters:
  ///   - peaks: highest FLAIR value inside each finding and its standard error.
  ///   - samples: the fewest behind a peak.
  public static func outcome(peaks: [(value: Double, standardError: Double)], samples: Int) -> CheckOutcome {
    guard !peaks.isEmpty else { return CheckOutcome(.standardError, notAssessed: .noStandardError) }
    guard samples >= fewestSamples else { return CheckOutcome(.standardError, notAssessed: .tooFewSamples) }
    let errors = peaks.map { $0.standardError / max(abs($0.value), .leastNormalMagnitude) }
    let medianError = median(errors)!
    return CheckOutcome(
      .standardError, passed: medianError <= errorLimit,
      measures: [.init(.medianStandardError, medianError), .init(.maximumStandardError, errors.max()!)],
      basis: .init(lesions: peaks.count, noiseSamples: samples))
  }
}
