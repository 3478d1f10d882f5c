public import Saliency

extension SanityCheck {
  /// In a few words, as in a list of checks.
  public var name: String {
    switch self {
    case .maskOverlap: "mask on the known lesions"
    case .finiteDifferences: "gradient by finite differences"
    case .windowAverage: "explained sum is that of the mask"
    case .singleVoxel: "one voxel: all aggregations agree"
    case .weightRandomisation: "weights randomised"
    case .windowShift: "window shift"
    case .splitHalf: "split-half repeatability"
    case .standardError: "standard error of the peaks"
    case .seedSensitivity: "another seed"
    case .noiseSensitivity: "another amount of noise"
    case .controlRegion: "same shape in healthy tissue"
    case .insideSign: "sign inside lesions"
    case .flairFraction: "FLAIR before MPRAGE"
    case .perilesionalContext: "perilesional context"
    case .syntheticLesion: "synthetic lesions"
    }
  }

  /// When the check passes, with its limit.
  public var rule: String {
    let most = Formatting.percent(RegionChecks.fractionLimit)
    return switch self {
    case .maskOverlap: "mask and known lesions overlap with a Dice coefficient of at least \(Self.leastMaskOverlap)"
    case .finiteDifferences:
      "the gradient is the measured change of the output, within \(Formatting.percent(FiniteDifferenceCheck.limit))"
    case .windowAverage:
      "the output that is explained is the one that made the mask, within "
        + "\(Formatting.figure(WindowAverageCheck.limit))"
    case .singleVoxel:
      "for a single voxel all aggregations give one map, within \(Formatting.figure(SingleVoxelCheck.limit))"
    case .weightRandomisation:
      "with all weights shuffled the mean |Spearman correlation| with the trained map is at most "
        + "\(RandomisationCheck.limit)"
    case .windowShift:
      "with the windows moved the map correlates with the unmoved one by at least \(ShiftCheck.limit) in the median "
        + "lesion"
    case .splitHalf:
      "maps of odd and even noise samples correlate by at least \(RepeatabilityCheck.correlationLimit) and their peaks "
        + "differ by at most \(Formatting.percent(RepeatabilityCheck.peakLimit)), each in the median lesion"
    case .standardError:
      "the standard error is at most \(Formatting.percent(RepeatabilityCheck.errorLimit)) of the peak in the median "
        + "finding"
    case .seedSensitivity:
      "with another seed the median peak changes by at most \(Formatting.percent(SensitivityCheck.changeLimit)) and "
        + "\(SensitivityCheck.fewestForRanks) or more peaks keep a rank correlation of \(SensitivityCheck.rankLimit)"
    case .noiseSensitivity:
      "with half and with twice the noise the peaks keep a rank correlation of \(SensitivityCheck.rankLimit)"
    case .controlRegion:
      "at least \(most) of the lesions have a higher FLAIR peak than their shape has in healthy tissue"
    case .insideSign: "mean FLAIR saliency inside is positive in at least \(most) of the lesions"
    case .flairFraction: "FLAIR holds more than half of the saliency in at least \(most) of the lesions"
    case .perilesionalContext:
      "at least \(most) of the lesions are detected, and as probable as in the whole image within "
        + "\(Formatting.percent(Self.contextTolerance)), with at most \(Self.contextDilations) dilations of context"
    case .syntheticLesion:
      "a lesion bright in FLAIR and dark in MPRAGE with a healthy border is detected, one without FLAIR brightness is "
        + "not"
    }
  }
}

extension SanityCheck.Limitation {
  public var words: String {
    switch self {
    case .noLesion: "no lesion"
    case .noControlRegion: "no lesion with a control region"
    case .tooFewLesions: "fewer than \(SensitivityCheck.fewestForRanks) lesions, too few to say what most of them do"
    case .tooFewLesionsForRanks: "fewer than \(SensitivityCheck.fewestForRanks) lesions, too few for a rank correlation"
    case .gradientTooSmall: "the gradient is too small beside the logits for single precision"
    case .noStandardError: "no standard error of a peak, which takes two noise samples"
    case .tooFewSamples: "fewer than \(RepeatabilityCheck.fewestSamples) noise samples"
    case .noReference: "nothing is known of the lesions of this scan"
    case .noPlaceForLesion: "no place held a synthetic lesion"
    case .flairAlone: "the network takes FLAIR alone"
    }
  }
}

extension SanityCheck.Quantity {
  /// - Parameter of: what the value belongs to, where a check measures several.
  func words(of subject: String?) -> String {
    let subject = subject ?? ""
    return switch self {
    case .diceCoefficient: "Dice coefficient"
    case .gradientLength: "length of the gradient"
    case .errorAlongGradient: "relative error along the gradient"
    case .errorAlongRandomDirection: "relative error along a random direction"
    case .relativeDifference: "relative difference"
    case .maximumValue: "maximum value"
    case .maximumDifference: "maximum difference of \(subject)"
    case .rankCorrelationWithTrained: "last \(Double(subject).map { Formatting.percent($0) } ?? subject) shuffled"
    case .medianCorrelation: "median correlation"
    case .minimumCorrelation: "minimum correlation"
    case .medianChangeOfPeaks: "median relative change of peaks"
    case .maximumChangeOfPeaks: "maximum relative change of peaks"
    case .medianDifferenceOfPeaks: "median relative difference of peaks"
    case .maximumDifferenceOfPeaks: "maximum relative difference of peaks"
    case .medianStandardError: "median relative standard error"
    case .maximumStandardError: "maximum relative standard error"
    case .rankCorrelation: subject.isEmpty ? "rank correlation" : "rank correlation at a noise of \(subject)"
    case .lesionsAboveControl: "fraction of lesions above their control"
    case .medianControlOverLesion: "median control peak over lesion peak"
    case .lesionsPositiveInside: "fraction of lesions with a positive mean inside"
    case .lesionsNegativeRim: "fraction of lesions with a negative rim"
    case .lesionsWithFlairAhead: "fraction of lesions with FLAIR ahead"
    case .medianFlairFraction: "median FLAIR fraction"
    case .lesionsSaturating: "fraction of lesions that saturate"
    case .farthestSaturation: "farthest saturation, mm"
    case .probabilityOfCompleteLesion: "maximum probability of the complete lesion"
    case .probabilityWithoutFlair: "maximum probability without FLAIR brightness"
    }
  }
}

extension CheckOutcome {
  /// `PASS`, `FAIL` or `not assessed`.
  public var verdict: String { passed.map { $0 ? "PASS" : "FAIL" } ?? "not assessed" }

  /// The measured values in words, or why there are none.
  public var figures: String {
    limitation.map { "Not assessed: \($0.words)." }
      ?? measures.map { "\($0.quantity.words(of: $0.of)) \($0.text)" }.joined(separator: ", ")
  }
}

extension CheckOutcome.Measure {
  /// Fractions and relative errors as percent, where that is no string of zeros.
  var text: String {
    quantity.isFraction && (value == 0 || abs(value) >= 1e-4)
      ? Formatting.percent(value, decimals: abs(value) < 0.01 ? 2 : abs(value) < 0.1 ? 1 : 0) : Formatting.figure(value)
  }
}
