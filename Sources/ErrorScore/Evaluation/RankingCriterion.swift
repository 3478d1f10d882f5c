import Lesions

/// By what findings can be ranked.
public enum RankingCriterion: RawRepresentable, CaseIterable, Hashable, Sendable, Codable {
  /// The error score of the calibration that the run used.
  case errorScore
  /// The raw FLAIR peak of the run's maps: what orders findings without a calibration, where the maps are sums or
  /// means.
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
  /// A feature that none of the others is, in the direction of its definition; higher first where that is open.
  case feature(ScoreFeature)
  /// The expectation over all orders.
  case random

  /// Higher is looked at earlier. Little, faint and improbable lesions are suspicious; large, bright and probable
  /// candidates are. Nil for what is not read from the region alone, or not known.
  func suspicion(_ kind: FindingKind, _ region: RegionFeatures) -> Double? {
    let sign = kind == .lesion ? -1.0 : 1.0
    if self == .peakOfMean { return region.flairMaximumOfMean.map { sign * $0 } }
    guard let feature else { return nil }
    let value = feature.value(of: region)
    if feature == UncalibratedOrder.byEvidence.feature(kind) {
      return sign * UncalibratedOrder.likeness(value, by: feature)
    }
    return value.map { value in
      switch (self, feature.definition.sign) {
      // Uncertain findings of either kind are likely errors.
      case (.meanEntropy, _), (_, .open): value
      case (_, let direction): sign * Double(direction.rawValue) * value
      }
    }
  }

  /// Whether it is one feature, and no score that a reader is told or a baseline that scores are held against.
  public var isSingleFeature: Bool { if case .feature = self { true } else { false } }

  /// The feature that this is; nil for what is made of several, or of none.
  var feature: ScoreFeature? {
    switch self {
    case .saliencyPeak: .flairPeak
    case .volume: .volume
    case .meanProbability: .meanProbability
    case .maximumProbability: .maximumProbability
    case .meanEntropy: .meanEntropy
    case .feature(let feature): feature
    default: nil
    }
  }

  private static let named: [RankingCriterion] = [
    .errorScore, .saliencyPeak, .peakOfSum, .peakOfMean, .crossValidatedPeaks, .crossValidatedExtended, .volume,
    .meanProbability, .maximumProbability, .meanEntropy,
  ]

  /// Scores that a reader is told and what they are held against, without the features one by one.
  static let scores = named + [.random]

  /// Every feature stands among them once; `random` is the last.
  public static var allCases: [RankingCriterion] {
    let covered = Set(named.compactMap(\.feature))
    return named + ScoreFeature.allCases.filter { !covered.contains($0) }.map { .feature($0) } + [.random]
  }

  /// In files the name of the criterion, or of the feature.
  ///
  /// Equality is that of these names, so that they are not looked for by equality.
  public var rawValue: String {
    switch self {
    case .errorScore: "errorScore"
    case .saliencyPeak: "saliencyPeak"
    case .peakOfSum: "peakOfSum"
    case .peakOfMean: "peakOfMean"
    case .crossValidatedPeaks: "crossValidatedPeaks"
    case .crossValidatedExtended: "crossValidatedExtended"
    case .volume: "volume"
    case .meanProbability: "meanProbability"
    case .maximumProbability: "maximumProbability"
    case .meanEntropy: "meanEntropy"
    case .feature(let feature): feature.rawValue
    case .random: "random"
    }
  }

  public init?(rawValue: String) {
    guard let named = Self.scores.first(where: { $0.rawValue == rawValue }) else {
      guard let feature = ScoreFeature(rawValue: rawValue) else { return nil }
      self = .feature(feature)
      return
    }
    self = named
  }
}
