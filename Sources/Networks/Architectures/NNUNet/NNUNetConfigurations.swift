import Checkpoints

/// Arguments of nnU-Net v2's `PlainConvUNet`.
struct PlainConvUNetConfiguration: Hashable, Sendable, ArchitectureConfiguration {
  static let name = "PlainConvUNet"
  static let project = "An nnU-Net v2"

  var stages: NNUNetStages
  /// Convolutions per stage of the encoder, top first.
  var encoderConvolutions: [Int]
  /// Activation before normalisation (`nonlin_first`).
  var isActivationFirst: Bool = false

  var inputChannels: Int { stages.inputChannels }
  var outputChannels: Int { stages.outputChannels }
  var divisors: [Int] { stages.strides.productPerAxis }

  static func read(_ value: JSONValue, file: String, path: String) throws -> PlainConvUNetConfiguration {
    let json = try JSONReader(
      value, file: file, path: path, allowed: NNUNetStages.keys + ["nConvPerStage", "nonlinFirst"])
    let stages = try NNUNetStages(json)
    var result = PlainConvUNetConfiguration(
      stages: stages,
      encoderConvolutions: try NNUNetStages.perStage(json, "nConvPerStage", count: stages.features.count))
    result.isActivationFirst = try json.bool("nonlinFirst", default: false)
    return result
  }

  func network(weights: SafeTensors) throws -> Network { try NNUNet.network(self, weights: weights) }
}

/// Arguments of nnU-Net v2's `ResidualEncoderUNet` with its default blocks (`BasicBlockD`).
struct ResidualEncoderUNetConfiguration: Hashable, Sendable, ArchitectureConfiguration {
  static let name = "ResidualEncoderUNet"
  static let project = "An nnU-Net v2"

  var stages: NNUNetStages
  /// Residual blocks per stage of the encoder, top first.
  var encoderBlocks: [Int]
  /// Channels of the convolution before the first stage.
  var stemChannels: Int

  var inputChannels: Int { stages.inputChannels }
  var outputChannels: Int { stages.outputChannels }
  var divisors: [Int] { stages.strides.productPerAxis }

  static func read(_ value: JSONValue, file: String, path: String) throws -> ResidualEncoderUNetConfiguration {
    let json = try JSONReader(
      value, file: file, path: path,
      allowed: NNUNetStages.keys + ["nBlocksPerStage", "stemChannels", "block", "bottleneckChannels"])
    if let block = json.optional("block"), block != .string("BasicBlockD") {
      throw json.wrong(
        "block", block, expected: "\"BasicBlockD\"; other blocks, such as BottleneckD, are not supported")
    }
    if let channels = json.optional("bottleneckChannels"), channels != .null {
      throw json.fail("bottleneckChannels", "belongs to BottleneckD, which is not supported")
    }
    let stages = try NNUNetStages(json)
    let hasStem = (json.optional("stemChannels") ?? .null) != .null
    return ResidualEncoderUNetConfiguration(
      stages: stages, encoderBlocks: try NNUNetStages.perStage(json, "nBlocksPerStage", count: stages.features.count),
      stemChannels: hasStem ? try json.integer("stemChannels", in: ConfigurationBounds.channels) : stages.features[0])
  }

  func network(weights: SafeTensors) throws -> Network { try NNUNet.network(self, weights: weights) }
}
