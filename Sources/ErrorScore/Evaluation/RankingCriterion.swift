import Lesions

/// By what findings can be ranked.
public enum RankingCriterion: String, Hashable, Sendable, Codable, CaseIterable {
  /// The error score of the calibration that the run used.
  case errorScore
  /// The raw FLAIR peak of the run's maps: what orders findings without a calibration, where the maps are sums or means.
  case saliencyPeak
  /// The same of the `sum` map, where the maps are neither: findings are ordered by it all the same.
  case peakOfSum
  /// The FLAIR peak of the `mean` map (equation 2 of the paper), where the maps are sums or means.
  case peakOfMean
  /// Error models fitted on the other patients of the same cohort.
  case crossValidatedPeaks
  case crossValidatedExtended
  case volume
  case meanProbability
  case maximumProbability
  case meanEntropy
  /// The expectation over all orders.
  case random

  /// Higher is looked at earlier. Little, faint and improbable lesions are suspicious; large, bright and probable candidates
  /// are. Nil for what is not read from the region alone, or not known.
  func suspicion(_ kind: FindingKind, _ region: RegionFeatures) -> Double? {
    let sign = kind == .lesion ? -1.0 : 1.0
    switch self {
    case .saliencyPeak: return sign * region.flairHighest
    case .peakOfMean: return region.flairHighestOfMean.map { sign * $0 }
    case .volume: return sign * region.volumeMillimetres3
    case .meanProbability: return sign * region.meanProbability
    case .maximumProbability: return sign * region.maximumProbability
    case .meanEntropy: return region.meanEntropy
    case .errorScore, .peakOfSum, .crossValidatedPeaks, .crossValidatedExtended, .random: return nil
    }
  }
}
