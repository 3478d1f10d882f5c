import Checkpoints

/// What nnU-Net v2's `PlainConvUNet` and `ResidualEncoderUNet` have in common: the arguments of their constructors that
/// plans.json gives (`dynamic_network_architectures.architectures.unet`), all but the layers of a stage of the encoder.
struct NNUNetStages: Hashable, Sendable {
  var inputChannels: Int
  var outputChannels: Int
  /// Channels per stage, top first.
  var features: [Int]
  /// One per stage, for the axes D, H, W, as ``strides``; odd.
  var kernels: [[Int]]
  /// One per stage; the first is 1 along every axis.
  var strides: [[Int]]
  /// Convolutions per stage of the decoder, lowest resolution first.
  var decoderConvolutions: [Int]
  var hasBias: Bool = false
  var normalisation: Normalisation?
  var activation: ActivationKind?
}

extension NNUNetStages {
  static let keys = [
    "inChannels", "outChannels", "nStages", "featuresPerStage", "kernelSizes", "strides", "nConvPerStageDecoder",
    "convBias", "norm", "activation", "deepSupervision",
  ]

  init(_ json: JSONReader) throws {
    let stages = try json.integer("nStages", in: ConfigurationBounds.levels)
    let kernels = try json.triples("kernelSizes", count: stages, in: ConfigurationBounds.kernel)
    try json.requireOdd(kernels, "kernelSizes")
    let strides = try json.triples("strides", count: stages, in: ConfigurationBounds.stride)
    guard strides[0] == [1, 1, 1] else {
      throw json.fail(
        "strides", "begins with \(strides[0]); logits at a lower resolution than the image are not supported")
    }
    try json.requireDivisibility(by: strides)
    self.init(
      inputChannels: try json.integer("inChannels", in: ConfigurationBounds.channels),
      outputChannels: try json.integer("outChannels", in: ConfigurationBounds.channels),
      features: try Self.perStage(json, "featuresPerStage", count: stages, in: ConfigurationBounds.channels),
      kernels: kernels, strides: strides,
      decoderConvolutions: try Self.perStage(json, "nConvPerStageDecoder", count: stages - 1))
    hasBias = try json.bool("convBias", default: false)
    normalisation = try .read(json, "norm", default: nil)
    activation = try .read(json, "activation", default: nil)
    if activation == .prelu { throw json.fail("activation", "is a PReLU; nnU-Net's are relu and leakyrelu") }
    // Whether heads at lower resolutions were trained makes no difference to the file nor to inference: it has them
    // all.
    _ = try json.bool("deepSupervision", default: false)
  }

  /// A number for all stages or one for each.
  static func perStage(
    _ json: JSONReader, _ key: String, count: Int, in range: ClosedRange<Int> = ConfigurationBounds.repetitions
  ) throws -> [Int] { try json.integers(key, count: count, in: range, lengths: count...count) }
}
