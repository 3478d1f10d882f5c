import Foundation
import Lesions

/// One number by which regions are compared or an error model is fitted.
public enum ScoreFeature: String, Hashable, Sendable, Codable, CaseIterable {
  /// Maximum of FLAIR inside the region: the published peak.
  case flairPeak
  /// Minimum of FLAIR inside the region.
  case negativePeak
  /// Maximum of MPRAGE inside the region.
  case mpragePeak
  case flairFraction
  /// Mean FLAIR saliency inside minus that in the rim.
  case rimBalance
  case volume
  case meanProbability
  case maximumProbability
  case meanEntropy

  /// The measured value in its own unit; nil where it is not defined.
  public func value(of region: RegionFeatures) -> Double? {
    switch self {
    case .flairPeak: region.saliency.flairMaximum
    case .negativePeak: region.saliency.flairMinimum
    case .mpragePeak: region.saliency.mprageMaximum
    case .flairFraction: region.saliency.flairFraction
    case .rimBalance: region.saliency.meanRim.map { region.saliency.meanInside - $0 }
    case .volume: region.volumeMillimetres3
    case .meanProbability: region.probability.mean
    case .maximumProbability: region.probability.maximum
    case .meanEntropy: region.probability.meanEntropyNats
    }
  }

  /// The value on the scale on which an error model is linear: strictly increasing, so that no order changes.
  ///
  /// Saliency spans orders of magnitude on both sides of zero (inverse hyperbolic sine), volume on one (logarithm);
  /// probabilities become log-odds, held off 0 and 1 by 1e-6.
  func scaled(_ value: Double) -> Double {
    switch self {
    case .flairPeak, .negativePeak, .mpragePeak, .rimBalance: return asinh(value)
    case .volume: return log(value)
    case .flairFraction, .meanEntropy: return value
    case .meanProbability, .maximumProbability:
      let p = min(max(value, 1e-6), 1 - 1e-6)
      return log(p / (1 - p))
    }
  }
}

/// Which features an error model uses.
public enum FeatureSet: String, Hashable, Sendable, Codable, CaseIterable {
  /// The saliency peak alone.
  case peaks
  /// The peak with everything else that is measured: negative peak, MPRAGE peak, fraction, rim balance, volume,
  /// probability.
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
