import Checkpoints

/// Arguments of MONAI's `DynUNet` in three dimensions.
struct DynUNetConfiguration: Hashable, Sendable, ArchitectureConfiguration {
  static let name = "DynUNet"

  var inputChannels: Int
  var outputChannels: Int
  /// One per level, top first, for the axes D, H, W, as ``strides``; odd.
  var kernels: [[Int]]
  /// One per level; the first is 1 along every axis.
  var strides: [[Int]]
  /// Channels per level.
  var filters: [Int]
  var normalisation: Normalisation? = .instance(affine: true, epsilon: 1e-5)
  var activation: ActivationKind? = .leakyReLU(negativeSlope: 0.01)
  /// Heads at lower resolutions that the weights contain; they take no part in inference.
  var supervisionHeads: Int = 0
  /// Residual blocks on the way down.
  var isResidual: Bool = false
  /// Whether transposed convolutions have a bias.
  var hasTransposedBias: Bool = false

  var divisors: [Int] { strides.productPerAxis }

  func network(weights: SafeTensors) throws -> Network { try DynUNet.network(self, weights: weights) }
}

extension DynUNetConfiguration {
  /// Reads `architecture.parameters`: the arguments of MONAI's constructor, with its defaults.
  static func read(_ value: JSONValue, file: String, path: String) throws -> DynUNetConfiguration {
    let json = try JSONReader(
      value, file: file, path: path,
      allowed: [
        "spatialDims", "inChannels", "outChannels", "kernelSize", "strides", "upsampleKernelSize", "filters", "dropout",
        "normName", "actName", "deepSupervision", "deepSuprNum", "resBlock", "transBias",
      ])
    let dimensions = try json.required("spatialDims")
    guard dimensions == .integer(3) else { throw json.wrong("spatialDims", dimensions, expected: "3") }
    let levels = try Self.levels(json)
    let kernels = try json.triples("kernelSize", count: levels, in: ConfigurationBounds.kernel)
    try json.requireOdd(kernels, "kernelSize")
    let strides = try json.triples("strides", count: levels, in: ConfigurationBounds.stride)
    try json.requireDivisibility(by: strides)
    let isResidual = try json.bool("resBlock", default: false)
    try Self.checkStrides(strides, kernels: kernels, isResidual: isResidual, json)
    let raising = try json.triples("upsampleKernelSize", count: levels - 1, in: ConfigurationBounds.stride)
    guard raising == Array(strides.dropFirst()) else {
      throw json.fail(
        "upsampleKernelSize", "is \(raising); it must equal strides from the second on, \(strides.dropFirst())")
    }
    var result = DynUNetConfiguration(
      inputChannels: try json.integer("inChannels", in: ConfigurationBounds.channels),
      outputChannels: try json.integer("outChannels", in: ConfigurationBounds.channels), kernels: kernels,
      strides: strides, filters: try Self.filters(json, levels: levels))
    result.normalisation = try .read(json, "normName", default: result.normalisation)
    result.activation = try .read(json, "actName", default: result.activation)
    result.isResidual = isResidual
    result.hasTransposedBias = try json.bool("transBias", default: false)
    result.supervisionHeads = try Self.supervisionHeads(json, levels: levels)
    if let dropout = json.optional("dropout"), dropout != .null {
      _ = try json.double("dropout", expected: "null or a number from 0 to 1") { (0...1).contains($0) }
    }
    return result
  }

  private static func levels(_ json: JSONReader) throws -> Int {
    let value = try json.required("strides")
    guard case .array(let items) = value, (3...ConfigurationBounds.levels.upperBound).contains(items.count) else {
      throw json.wrong(
        "strides", value, expected: "a list of 3 to \(ConfigurationBounds.levels.upperBound), one per level")
    }
    return items.count
  }

  /// MONAI pads a convolution with ⌊(kernel − stride + 1) / 2⌋ on both sides and refuses a negative padding.
  private static func checkStrides(_ strides: [[Int]], kernels: [[Int]], isResidual: Bool, _ json: JSONReader) throws {
    guard strides[0] == [1, 1, 1] else {
      throw json.fail(
        "strides", "begins with \(strides[0]); logits at a lower resolution than the image are not supported")
    }
    for (stride, kernel) in zip(strides, kernels) {
      for (s, k) in zip(stride, kernel) where s > k + 1 || (isResidual && s > 2) {
        throw json.fail(
          "strides",
          "has \(stride); a kernel of \(isResidual ? 1 : k) along an axis allows a stride of at most "
            + "\(isResidual ? 2 : k + 1) there")
      }
    }
  }

  private static func filters(_ json: JSONReader, levels: Int) throws -> [Int] {
    guard let value = json.optional("filters"), value != .null else {
      return (0..<levels).map { min(32 << min($0, 4), 320) }
    }
    let filters = try json.integers(
      "filters", in: ConfigurationBounds.channels, lengths: levels...ConfigurationBounds.levels.upperBound)
    return Array(filters.prefix(levels))
  }

  private static func supervisionHeads(_ json: JSONReader, levels: Int) throws -> Int {
    let heads = try json.integer("deepSuprNum", in: 1...ConfigurationBounds.levels.upperBound, default: 1)
    guard try json.bool("deepSupervision", default: false) else { return 0 }
    guard heads < levels - 1 else {
      throw json.fail("deepSuprNum", "is \(heads); it must be less than \(levels - 1), the number of upsampling levels")
    }
    return heads
  }
}
