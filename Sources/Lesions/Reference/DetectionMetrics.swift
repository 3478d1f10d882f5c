/// How well lesions were found, counted as lesions. A ratio whose denominator is zero is undefined and nil, never 0 or
/// 1.
public struct DetectionMetrics: Hashable, Sendable, Codable {
  public let truePositives: Int
  public let falsePositives: Int
  public let falseNegatives: Int

  public init(truePositives: Int, falsePositives: Int, falseNegatives: Int) {
    precondition(truePositives >= 0 && falsePositives >= 0 && falseNegatives >= 0, "counts are not negative")
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.falseNegatives = falseNegatives
  }

  public init(_ comparison: ReferenceComparison) {
    self.init(
      truePositives: comparison.truePositives, falsePositives: comparison.falsePositives,
      falseNegatives: comparison.falseNegatives)
  }

  /// Lesion true-positive rate TP / (TP + FN).
  public var truePositiveRate: Double? { ratio(truePositives, truePositives + falseNegatives) }
  /// Lesion false-negative rate FN / (TP + FN).
  public var falseNegativeRate: Double? { ratio(falseNegatives, truePositives + falseNegatives) }
  /// Lesion false-discovery rate FP / (TP + FP).
  public var falseDiscoveryRate: Double? { ratio(falsePositives, truePositives + falsePositives) }
  /// Lesion positive predictive value TP / (TP + FP).
  public var positivePredictiveValue: Double? { ratio(truePositives, truePositives + falsePositives) }
  /// Lesion F1 score 2 TP / (2 TP + FP + FN).
  public var f1: Double? { ratio(2 * truePositives, 2 * truePositives + falsePositives + falseNegatives) }

  /// Counts of several patients pooled.
  public static func + (a: DetectionMetrics, b: DetectionMetrics) -> DetectionMetrics {
    DetectionMetrics(
      truePositives: a.truePositives + b.truePositives, falsePositives: a.falsePositives + b.falsePositives,
      falseNegatives: a.falseNegatives + b.falseNegatives)
  }

  private func ratio(_ numerator: Int, _ denominator: Int) -> Double? {
    denominator == 0 ? nil : Double(numerator) / Double(denominator)
  }
}
