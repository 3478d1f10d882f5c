extension UNetConfiguration {
  /// Bounds that no network in use comes near; they keep a damaged description from asking for absurd sizes.
  private static let channelRange = 1...65_536
  private static let kernelRange = 1...31
  private static let strideRange = 1...32

  /// Reads `architecture.parameters`: the arguments of MONAI's constructor, with its defaults.
  static func read(_ value: JSONValue, file: String, path: String) throws -> UNetConfiguration {
    let json = try JSONReader(
      value, file: file, path: path,
      allowed: [
        "spatialDims", "inChannels", "outChannels", "channels", "strides", "kernelSize", "upKernelSize", "numResUnits",
        "activation", "norm", "dropout", "bias",
      ])
    let dimensions = try json.required("spatialDims")
    guard dimensions == .integer(3) else { throw json.wrong("spatialDims", dimensions, expected: "3") }
    let channels = try Self.channels(json)
    var result = UNetConfiguration(
      inputChannels: try json.integer("inChannels", in: Self.channelRange),
      outputChannels: try json.integer("outChannels", in: Self.channelRange), channels: channels,
      strides: try Self.strides(json, levels: channels.count))
    result.kernel = try Self.kernel(json, "kernelSize")
    result.upKernel = try Self.kernel(json, "upKernelSize")
    result.residualUnits = try json.integer("numResUnits", in: 0...16, default: 0)
    if let activation = json.optional("activation") { result.activation = try Self.activation(activation, json) }
    if let norm = json.optional("norm") { result.normalisation = try Self.normalisation(norm, json) }
    _ = try json.double("dropout", default: 0, expected: "a number from 0 to 1") { (0...1).contains($0) }
    result.hasBias = try json.bool("bias", default: true)
    return result
  }

  private static func channels(_ json: JSONReader) throws -> [Int] {
    let value = try json.required("channels")
    if case .array(let items) = value, (2...16).contains(items.count) {
      let numbers = items.compactMap { item in
        if case .integer(let number) = item, channelRange.contains(number) { number } else { nil }
      }
      if numbers.count == items.count { return numbers }
    }
    throw json.wrong(
      "channels", value, expected: "a list of 2 to 16 whole numbers from 1 to \(channelRange.upperBound)")
  }

  private static func strides(_ json: JSONReader, levels: Int) throws -> [[Int]] {
    let value = try json.required("strides")
    if case .array(let items) = value, items.count == levels - 1 {
      let triples = items.compactMap { JSONReader.triple($0, in: strideRange) }
      if triples.count == items.count { return triples }
    }
    throw json.wrong(
      "strides", value,
      expected: "a list of \(levels - 1), one per level but the last, each \(JSONReader.tripleText(strideRange))")
  }

  private static func kernel(_ json: JSONReader, _ key: String) throws -> [Int] {
    let kernel = try json.triple(key, in: kernelRange, default: 3)
    guard kernel.allSatisfy({ $0 % 2 == 1 }) else { throw json.fail(key, "is \(kernel); kernels must be odd") }
    return kernel
  }

  private static func activation(_ value: JSONValue, _ json: JSONReader) throws -> ActivationKind? {
    if value == .null { return nil }
    let reader = try JSONReader(
      value, file: json.file, path: json.name("activation"), allowed: ["name", "negativeSlope"])
    let name = try reader.string("name", oneOf: ["prelu", "relu", "leakyrelu"])
    guard name == "leakyrelu" || reader.optional("negativeSlope") == nil else {
      throw reader.fail("negativeSlope", "belongs to leakyrelu, not to \(name)")
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

  private static func normalisation(_ value: JSONValue, _ json: JSONReader) throws -> Normalisation? {
    if value == .null { return nil }
    let reader = try JSONReader(value, file: json.file, path: json.name("norm"), allowed: ["name", "affine", "eps"])
    let name = try reader.string("name", oneOf: ["batch", "instance"])
    let affine = try reader.bool("affine", default: name == "batch")
    let epsilon = try reader.double("eps", default: 1e-5, expected: "a number above 0 and at most 1") {
      $0 > 0 && $0 <= 1
    }
    return name == "batch"
      ? .batch(affine: affine, epsilon: epsilon) : .instance(affine: affine, epsilon: epsilon)
  }
}
