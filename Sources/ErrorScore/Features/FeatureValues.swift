/// Measured features of one region by name. What is not defined is absent; no value is NaN or infinite.
public struct FeatureValues: Hashable, Sendable {
  private var values: [ScoreFeature: Double] = [:]

  public init() {}

  /// Nil where it is not defined; what is not finite is not kept.
  public subscript(feature: ScoreFeature) -> Double? {
    get { values[feature] }
    set { values[feature] = newValue.flatMap { $0.isFinite ? $0 : nil } }
  }

  /// Values in the unit of saliency multiplied; the others stay.
  func scaledSaliency(by factor: Double) -> FeatureValues {
    var copy = self
    for (feature, value) in values where feature.definition.unit == .saliency { copy[feature] = value * factor }
    return copy
  }
}

extension FeatureValues: Codable {
  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { return nil }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Key.self)
    for key in container.allKeys {
      guard let feature = ScoreFeature(rawValue: key.stringValue) else {
        throw DecodingError.dataCorruptedError(forKey: key, in: container, debugDescription: "no feature of that name")
      }
      self[feature] = try container.decode(Double.self, forKey: key)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    for feature in ScoreFeature.allCases {
      if let value = values[feature] { try container.encode(value, forKey: Key(stringValue: feature.rawValue)) }
    }
  }
}
