import Checkpoints

/// Arguments of MONAI's `UNet` in three dimensions.
struct UNetConfiguration: Hashable, Sendable, ArchitectureConfiguration {
  static let name = "UNet"

  var inputChannels: Int
  var outputChannels: Int
  /// Channels per level, top first; at least two levels.
  var channels: [Int]
  /// One stride per level but the last, each for the axes D, H, W.
  var strides: [[Int]]
  /// Odd, for the axes D, H, W, as ``upKernel``.
  var kernel: [Int] = [3, 3, 3]
  var upKernel: [Int] = [3, 3, 3]
  var residualUnits: Int = 0
  var activation: ActivationKind? = .prelu
  var normalisation: Normalisation? = .instance(affine: false, epsilon: 1e-5)
  /// Activation before normalisation (`adn_ordering` "AN" rather than "NA"; dropout does nothing at inference).
  var isActivationFirst: Bool = false
  var hasBias: Bool = true

  /// The product of the strides per axis; the shape of a window must be divisible by it.
  var divisors: [Int] { strides.productPerAxis }

  func network(weights: SafeTensors) throws -> Network { try UNet.network(self, weights: weights) }
}

extension UNetConfiguration {
  /// Reads `architecture.parameters`: the arguments of MONAI's constructor, with its defaults.
  static func read(_ value: JSONValue, file: String, path: String) throws -> UNetConfiguration {
    let json = try JSONReader(
      value, file: file, path: path,
      allowed: [
        "spatialDims", "inChannels", "outChannels", "channels", "strides", "kernelSize", "upKernelSize", "numResUnits",
        "activation", "norm", "dropout", "bias", "adnOrdering",
      ])
    let dimensions = try json.required("spatialDims")
    guard dimensions == .integer(3) else { throw json.wrong("spatialDims", dimensions, expected: "3") }
    let channels = try json.integers("channels", in: ConfigurationBounds.channels, lengths: ConfigurationBounds.levels)
    var result = UNetConfiguration(
      inputChannels: try json.integer("inChannels", in: ConfigurationBounds.channels),
      outputChannels: try json.integer("outChannels", in: ConfigurationBounds.channels), channels: channels,
      strides: try Self.strides(json, levels: channels.count))
    result.kernel = try Self.kernel(json, "kernelSize")
    result.upKernel = try Self.kernel(json, "upKernelSize")
    result.residualUnits = try json.integer("numResUnits", in: 0...16, default: 0)
    result.activation = try .read(json, "activation", default: result.activation)
    result.normalisation = try .read(json, "norm", default: result.normalisation)
    try Self.readOrdering(json, into: &result)
    _ = try json.double("dropout", default: 0, expected: "a number from 0 to 1") { (0...1).contains($0) }
    result.hasBias = try json.bool("bias", default: true)
    return result
  }

  private static func strides(_ json: JSONReader, levels: Int) throws -> [[Int]] {
    let value = try json.required("strides")
    if case .array(let items) = value, items.count == levels - 1 {
      let triples = items.compactMap { JSONReader.triple($0, in: ConfigurationBounds.stride) }
      if triples.count == items.count {
        try json.requireDivisibility(by: triples)
        return triples
      }
    }
    throw json.wrong(
      "strides", value,
      expected: "a list of \(levels - 1), one per level but the last, each "
        + JSONReader.tripleText(ConfigurationBounds.stride))
  }

  private static func kernel(_ json: JSONReader, _ key: String) throws -> [Int] {
    let kernel = try json.triple(key, in: ConfigurationBounds.kernel, default: 3)
    guard kernel.allSatisfy({ $0 % 2 == 1 }) else { throw json.fail(key, "is \(kernel); kernels must be odd") }
    return kernel
  }

  /// Which of the layers A (activation), D (dropout) and N (normalisation) follow a convolution, and in which order.
  private static func readOrdering(_ json: JSONReader, into result: inout UNetConfiguration) throws {
    guard let value = json.optional("adnOrdering") else { return }
    guard case .string(let text) = value, case let letters = Array(text.uppercased()),
      letters.allSatisfy({ "ADN".contains($0) }), Set(letters).count == letters.count
    else { throw json.wrong("adnOrdering", value, expected: "some of the letters A, D and N, each at most once") }
    let (activation, normalisation) = (letters.firstIndex(of: "A"), letters.firstIndex(of: "N"))
    if activation == nil { result.activation = nil }
    if normalisation == nil { result.normalisation = nil }
    if let activation, let normalisation { result.isActivationFirst = activation < normalisation }
  }
}
