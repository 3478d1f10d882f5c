import Foundation
import Lesions

/// One number by which regions are compared or an error model is fitted. Names end in the unit where it is a length;
/// ``definition`` has it for all.
public enum ScoreFeature: String, Hashable, Sendable, Codable, CaseIterable {
  /// Maximum of FLAIR inside the region: the published peak.
  case flairPeak
  /// Minimum of FLAIR inside the region.
  case negativePeak
  /// Minimum of FLAIR over the whole map.
  case mapMinimum
  /// Mean FLAIR saliency 2–5 mm around the region.
  case rimMean
  /// ``rimMean`` over ``flairPeak``; not defined for a peak of 0 or less.
  case rimToPeak
  /// Mean FLAIR saliency inside minus that in the rim.
  case rimBalance
  /// Maximum of MPRAGE inside the region.
  case mpragePeak
  /// Mean MPRAGE saliency 2–5 mm around the region.
  case mprageRim
  case flairFraction
  /// Where the mean FLAIR saliency turns negative, see ``RadialProfile``.
  case zeroCrossingMillimetres
  /// See ``SampleAgreement``.
  case sampleAgreement

  case meanProbability
  case maximumProbability
  case meanEntropy
  /// See ``ProbabilityHalo``.
  case softDice
  case haloRatio

  /// See ``ThresholdStability``.
  case thresholdStability
  /// See ``SampleStability``.
  case sampleStability

  case volume
  case diameterMillimetres
  /// See ``RegionShape``.
  case compactness
  case slices

  /// See ``RegionContrast``.
  case flairInside
  case mprageInside
  case flairContrast
  case mprageContrast
  case flairRingSpread
  case mprageRingSpread
  /// See ``MirrorContrast``.
  case mirrorContrast
  /// See ``NearestDistance``.
  case brainEdgeMillimetres
  case ventricleMillimetres
  case nearestLesionMillimetres

  /// The measured value in its own unit; nil where it is not defined.
  public func value(of region: RegionFeatures) -> Double? {
    switch self {
    case .volume: region.volumeMillimetres3
    case .meanProbability: region.probability.mean
    case .maximumProbability: region.probability.maximum
    case .meanEntropy: region.probability.meanEntropyNats
    default: region.measured[self] ?? region.saliency.value(of: self)
    }
  }

  /// The value on the scale on which an error model is linear, see ``FeatureDefinition/Scale``.
  func scaled(_ value: Double) -> Double {
    switch definition.scale {
    case .identity: return value
    case .asinh: return asinh(value)
    case .logarithm: return log(value)
    case .logOdds:
      let p = min(max(value, 1e-6), 1 - 1e-6)
      return log(p / (1 - p))
    }
  }
}

/// Which features an error model uses.
public enum FeatureSet: String, Hashable, Sendable, Codable, CaseIterable {
  /// The saliency peak alone.
  case peaks
  /// The peak with the negative peak, MPRAGE peak, fraction, rim balance, volume and probability.
  case extended

  public var features: [ScoreFeature] {
    switch self {
    case .peaks: [.flairPeak]
    case .extended:
      [
        .flairPeak, .negativePeak, .mpragePeak, .flairFraction, .rimBalance, .volume, .meanProbability,
        .maximumProbability,
      ]
    }
  }
}
