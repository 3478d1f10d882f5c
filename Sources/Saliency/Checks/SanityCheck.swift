/// The sanity checks of maps, by the codes that files keep. Names and rules in words: `SanityCheck+Wording.swift`.
///
/// Source of the idea: Adebayo et al., NeurIPS 2018, arXiv 1810.03292.
public enum SanityCheck: String, Sendable, Codable, CaseIterable {
  /// The mask lies on the known lesions of the scan.
  case maskOverlap
  case finiteDifferences
  /// The explained sum is that of the logits that made the mask.
  case windowAverage
  /// All aggregations agree for one voxel.
  case singleVoxel
  case weightRandomisation
  case windowShift
  /// Odd and even noise samples agree.
  case splitHalf
  /// The peaks of a run are known well enough.
  case standardError
  case seedSensitivity
  case noiseSensitivity
  /// Lesions stand out from their shape in healthy tissue.
  case controlRegion
  case insideSign
  /// FLAIR holds more of the saliency than MPRAGE.
  case flairFraction
  case perilesionalContext
  case syntheticLesion
}

extension SanityCheck {
  /// Least Dice coefficient of mask and known lesions: below the 0.34 to 0.39 that the sample networks reach on the
  /// phantom of seed 1, far above chance (0.0001 with shuffled weights).
  public static let leastMaskOverlap = 0.2
  /// Times a lesion's mask is dilated at most to find the context that it needs.
  public static let contextDilations = 34
  /// With enough context the probability is that of the whole image within this fraction.
  public static let contextTolerance = 0.05
}

extension SanityCheck {
  /// Whether the rule is about what most of the lesions do.
  public var isAboutMostLesions: Bool {
    [.splitHalf, .seedSensitivity, .controlRegion, .insideSign, .flairFraction].contains(self)
  }

  /// Why a check could not be assessed.
  public enum Limitation: String, Sendable, Codable, CaseIterable {
    case noLesion
    case noControlRegion
    case tooFewLesionsForRanks
    /// For a rule about what most lesions do.
    case tooFewLesions
    /// Beside the logits, for single precision.
    case gradientTooSmall
    /// It takes two noise samples.
    case noStandardError
    case tooFewSamples
    /// Nothing is known of the lesions of the scan.
    case noReference
    /// Nowhere did a synthetic lesion fit.
    case noPlaceForLesion
    /// The network takes FLAIR alone.
    case flairAlone
  }

  /// What a check measures. A fraction is shown as percent.
  public enum Quantity: String, Sendable, Codable, CaseIterable {
    case diceCoefficient
    case gradientLength
    case errorAlongGradient
    case errorAlongRandomDirection
    case relativeDifference
    case maximumValue
    /// Of the map of another aggregation, relative to the maximum of `sum`.
    case maximumDifference
    /// Mean |Spearman| with the map of the trained network, at a stage of shuffling.
    case rankCorrelationWithTrained
    case medianCorrelation
    case minimumCorrelation
    case medianChangeOfPeaks
    case maximumChangeOfPeaks
    case medianDifferenceOfPeaks
    case maximumDifferenceOfPeaks
    case medianStandardError
    case maximumStandardError
    case rankCorrelation
    case lesionsAboveControl
    case medianControlOverLesion
    case lesionsPositiveInside
    case lesionsNegativeRim
    case lesionsWithFlairAhead
    case medianFlairFraction
    case lesionsSaturating
    /// In mm.
    case farthestSaturation
    case probabilityOfCompleteLesion
    case probabilityWithoutFlair

    public var isFraction: Bool {
      switch self {
      case .errorAlongGradient, .errorAlongRandomDirection, .relativeDifference, .medianChangeOfPeaks,
        .maximumChangeOfPeaks, .medianDifferenceOfPeaks, .maximumDifferenceOfPeaks, .medianStandardError,
        .maximumStandardError, .lesionsAboveControl, .lesionsPositiveInside, .lesionsNegativeRim,
        .lesionsWithFlairAhead, .medianFlairFraction, .lesionsSaturating:
        true
      default: false
      }
    }
  }
}
