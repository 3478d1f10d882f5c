import Checkpoints

/// The normalisation layer of a block, as PyTorch parametrises it, by what it does at inference.
enum Normalisation: Hashable, Sendable {
  /// With the statistics of the training.
  case batch(affine: Bool, epsilon: Double)
  /// With the statistics of each channel of the window.
  case instance(affine: Bool, epsilon: Double)
  /// With the statistics of each group of neighbouring channels of the window.
  case group(count: Int, affine: Bool, epsilon: Double)
}

/// The activation layer of a block.
enum ActivationKind: Hashable, Sendable {
  /// One learned slope per layer.
  case prelu
  case relu
  case leakyReLU(negativeSlope: Double)
  case smooth(SmoothFunction)
}

extension ActivationKind {
  private static let known = LayerOptions([
    ("prelu", ["numParameters"]), ("relu", []), ("leakyrelu", ["negativeSlope"]), ("elu", ["alpha"]),
    ("gelu", ["approximate"]), ("silu", []), ("swish", ["alpha"]), ("memswish", []), ("mish", []),
  ])

  /// `{"name": …}` with the options of that layer and PyTorch's or MONAI's defaults, or null for none; `fallback` where
  /// the key is absent.
  ///
  /// - Throws: ``CheckpointError``.
  static func read(_ json: JSONReader, _ key: String, default fallback: ActivationKind?) throws -> ActivationKind? {
    guard let value = json.optional(key) else { return fallback }
    guard let (name, options) = try known.read(value, json, key) else { return nil }
    switch name {
    case "prelu":
      if let slopes = options.optional("numParameters"), slopes != .integer(1) {
        throw options.fail("numParameters", "must be 1: a PReLU with a slope per channel is not supported")
      }
      return .prelu
    case "relu": return .relu
    case "leakyrelu":
      return .leakyReLU(
        negativeSlope: try options.double("negativeSlope", default: 0.01, expected: "a number from -10 to 10") {
          (-10...10).contains($0)
        })
    case "elu":
      return .smooth(
        .elu(
          alpha: try options.double("alpha", default: 1, expected: "a number from -10 to 10") {
            (-10...10).contains($0)
          }))
    case "gelu":
      return .smooth(
        try options.string("approximate", oneOf: ["none", "tanh"], default: "none") == "tanh" ? .geluTanh : .gelu)
    case "swish":
      return .smooth(
        .swish(
          scale: try options.double("alpha", default: 1, expected: "a number from -100 to 100") {
            (-100...100).contains($0)
          }))
    case "mish": return .smooth(.mish)
    default: return .smooth(.swish(scale: 1))
    }
  }
}

extension Normalisation {
  private static let ofChannels = ["affine", "eps", "trackRunningStats"]
  private static let known = LayerOptions([
    ("batch", ofChannels), ("syncbatch", ofChannels), ("instance", ofChannels), ("instance_nvfuser", ofChannels),
    ("group", ["numGroups", "affine", "eps"]),
  ])

  /// `{"name": …, "affine": …, "eps": …}` with PyTorch's defaults, or null for none; `fallback` where the key is
  /// absent.
  ///
  /// `syncbatch` joins the statistics of several devices and `instance_nvfuser` is another implementation: at inference
  /// they are batch and instance norm. So is an instance norm that kept running statistics a batch norm.
  ///
  /// - Throws: ``CheckpointError``.
  static func read(_ json: JSONReader, _ key: String, default fallback: Normalisation?) throws -> Normalisation? {
    guard let value = json.optional(key) else { return fallback }
    guard let (name, options) = try known.read(value, json, key) else { return nil }
    let isInstance = name.hasPrefix("instance")
    let affine = try options.bool("affine", default: !isInstance)
    let epsilon = try options.double("eps", default: 1e-5, expected: "a number above 0 and at most 1") {
      $0 > 0 && $0 <= 1
    }
    if name == "group" {
      return .group(
        count: try options.integer("numGroups", in: ConfigurationBounds.channels), affine: affine, epsilon: epsilon)
    }
    let hasStatistics = try options.bool("trackRunningStats", default: !isInstance)
    guard isInstance || hasStatistics else {
      throw options.fail(
        "trackRunningStats",
        "is false; such a batch norm takes its statistics from whatever windows are run together, so that one window "
          + "has no result of its own")
    }
    return hasStatistics ? .batch(affine: affine, epsilon: epsilon) : .instance(affine: affine, epsilon: epsilon)
  }
}

/// The layers of one kind that are run, each with its options.
struct LayerOptions {
  private let known: [(name: String, options: [String])]

  init(_ known: [(name: String, options: [String])]) { self.known = known }

  /// Judges the name first, then the options of that layer.
  ///
  /// - Returns: Nil for null, which leaves the layer out.
  /// - Throws: ``CheckpointError``.
  func read(_ value: JSONValue, _ json: JSONReader, _ key: String) throws -> (name: String, options: JSONReader)? {
    if value == .null { return nil }
    let given = try JSONReader(value, file: json.file, path: json.name(key), allowed: nil)
    let name = try given.string("name", oneOf: known.map(\.name))
    let options = known.first { $0.name == name }!.options
    if let unknown = given.keys.first(where: { $0 != "name" && !options.contains($0) }) {
      throw given.fail(
        unknown,
        "is no option of \(name) here; "
          + (options.isEmpty ? "it has none" : "its options: \(options.joined(separator: ", "))"))
    }
    return (name, try JSONReader(value, file: json.file, path: json.name(key), allowed: ["name"] + options))
  }
}
