/// What a region turned out to be.
public enum RegionGroup: String, Hashable, Sendable, Codable, CaseIterable {
  case truePositive = "TP"
  case falsePositive = "FP"
  case falseNegative = "FN"
  /// Control regions: the shape of a predicted lesion in healthy tissue.
  case trueNegative = "TN"
  /// Candidates that touch a lesion which the mask missed.
  case missedCandidate = "missed"
  /// Candidates that touch only lesions which the mask found elsewhere.
  case partOfFoundCandidate = "partOfFound"
  case otherCandidate = "notALesion"

  /// The network erred here: a false positive, or a candidate that is a missed lesion.
  public var isError: Bool { self == .falsePositive || self == .missedCandidate }
}

/// The distribution of every feature in one group.
public struct GroupDistribution: Hashable, Sendable, Codable {
  public struct Feature: Hashable, Sendable, Codable {
    public let feature: ScoreFeature
    /// Over the regions for which the feature is defined.
    public let quantiles: Quantiles
  }

  public let group: RegionGroup
  public let count: Int
  public let features: [Feature]
  /// Share of the regions with a rim whose mean FLAIR saliency is positive inside and negative in the rim.
  public let positiveInsideNegativeRim: Double?

  public init(_ group: RegionGroup, _ regions: [RegionFeatures]) throws(ErrorScoreError) {
    self.group = group
    count = regions.count
    var features: [Feature] = []
    for feature in ScoreFeature.allCases {
      if let quantiles = try Quantiles(regions.compactMap { feature.value(of: $0) }) {
        features.append(Feature(feature: feature, quantiles: quantiles))
      }
    }
    self.features = features
    let rimmed = regions.filter { $0.saliency.meanRim != nil }
    positiveInsideNegativeRim =
      rimmed.isEmpty
      ? nil : Double(rimmed.count { $0.saliency.meanInside > 0 && $0.saliency.meanRim! < 0 }) / Double(rimmed.count)
  }

  public func quantiles(_ feature: ScoreFeature) -> Quantiles? { features.first { $0.feature == feature }?.quantiles }
}

/// One feature in two groups.
public struct GroupComparison: Hashable, Sendable, Codable {
  public let first: RegionGroup
  public let second: RegionGroup
  public let feature: ScoreFeature
  public let test: MannWhitney

  /// The pairs that are compared: the paper's groups with each other, and the two kinds of candidate.
  public static let pairs: [(RegionGroup, RegionGroup)] = [
    (.truePositive, .falsePositive), (.truePositive, .falseNegative), (.truePositive, .trueNegative),
    (.falsePositive, .falseNegative), (.falsePositive, .trueNegative), (.falseNegative, .trueNegative),
    (.missedCandidate, .otherCandidate),
  ]

  /// Every pair and feature for which both groups have values.
  public static func all(_ groups: [RegionGroup: [RegionFeatures]]) throws(ErrorScoreError) -> [GroupComparison] {
    var found: [GroupComparison] = []
    for (first, second) in pairs {
      for feature in ScoreFeature.allCases {
        let a = (groups[first] ?? []).compactMap { feature.value(of: $0) }
        let b = (groups[second] ?? []).compactMap { feature.value(of: $0) }
        if let test = try MannWhitney(a, b) {
          found.append(GroupComparison(first: first, second: second, feature: feature, test: test))
        }
      }
    }
    return found
  }
}
