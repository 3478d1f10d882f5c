/// By which number the findings of a network are ordered without a calibration, for each kind the one that
/// `docs/validation.md` shows best.
public struct UncalibratedOrder: Hashable, Sendable, Codable {
  public let lesions: ScoreFeature
  public let candidates: ScoreFeature

  public init(lesions: ScoreFeature, candidates: ScoreFeature) {
    (self.lesions, self.candidates) = (lesions, candidates)
  }

  public static let byEvidence = UncalibratedOrder(lesions: .rimToPeak, candidates: .flairPeak)

  /// How much a region looks like a lesion by one number, whichever way that speaks; −∞ where it is not defined.
  public static func likeness(_ value: Double?, by feature: ScoreFeature) -> Double {
    value.map { Double(feature.definition.sign.rawValue) * $0 } ?? -.infinity
  }
}
