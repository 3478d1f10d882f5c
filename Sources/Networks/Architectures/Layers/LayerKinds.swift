import Checkpoints

/// The normalisation layer of a block, as PyTorch parametrises it.
enum Normalisation: Hashable, Sendable {
  case batch(affine: Bool, epsilon: Double)
  case instance(affine: Bool, epsilon: Double)
}

/// The activation layer of a block.
enum ActivationKind: Hashable, Sendable {
  /// One learned slope per layer.
  case prelu
  case relu
  case leakyReLU(negativeSlope: Double)
}

extension ActivationKind {
  /// `{"name": "prelu" | "relu" | "leakyrelu", "negativeSlope": …}`, or null for none; `fallback` where the key is
  /// absent.
  ///
  /// - Throws: ``CheckpointError``.
  static func read(_ json: JSONReader, _ key: String, default fallback: ActivationKind?) throws -> ActivationKind? {
    guard let value = json.optional(key) else { return fallback }
    if value == .null { return nil }
    let reader = try JSONReader(
      value, file: json.file, path: json.name(key), allowed: ["name", "negativeSlope", "numParameters"])
    let name = try reader.string("name", oneOf: ["prelu", "relu", "leakyrelu"])
    guard name == "leakyrelu" || reader.optional("negativeSlope") == nil else {
      throw reader.fail("negativeSlope", "belongs to leakyrelu, not to \(name)")
    }
    if let slopes = reader.optional("numParameters"), name != "prelu" || slopes != .integer(1) {
      throw reader.fail(
        "numParameters",
        name == "prelu"
          ? "must be 1: a PReLU with a slope per channel is not supported" : "belongs to prelu, not to \(name)")
    }
    switch name {
    case "prelu": return .prelu
    case "relu": return .relu
    default:
      return .leakyReLU(
        negativeSlope: try reader.double("negativeSlope", default: 0.01, expected: "a number from -10 to 10") {
          (-10...10).contains($0)
        })
    }
  }
}

extension Normalisation {
  /// `{"name": "batch" | "instance", "affine": …, "eps": …}` with PyTorch's defaults, or null for none; `fallback`
  /// where the key is absent.
  ///
  /// - Throws: ``CheckpointError``.
  static func read(_ json: JSONReader, _ key: String, default fallback: Normalisation?) throws -> Normalisation? {
    guard let value = json.optional(key) else { return fallback }
    if value == .null { return nil }
    let reader = try JSONReader(value, file: json.file, path: json.name(key), allowed: ["name", "affine", "eps"])
    let name = try reader.string("name", oneOf: ["batch", "instance"])
    let affine = try reader.bool("affine", default: name == "batch")
    let epsilon = try reader.double("eps", default: 1e-5, expected: "a number above 0 and at most 1") {
      $0 > 0 && $0 <= 1
    }
    return name == "batch" ? .batch(affine: affine, epsilon: epsilon) : .instance(affine: affine, epsilon: epsilon)
  }
}
