/// Arguments of nnU-Net v2's `ResidualEncoderUNet` with its default blocks (`BasicBlockD`).
public struct ResidualEncoderUNetConfiguration: Hashable, Sendable, ArchitectureConfiguration {
  static let name = "ResidualEncoderUNet"
  static let project = "An nnU-Net v2"

  public var stages: NNUNetStages
  /// Residual blocks per stage of the encoder, top first.
  public var encoderBlocks: [Int]
  /// Channels of the convolution before the first stage.
  public var stemChannels: Int

  public init(stages: NNUNetStages, encoderBlocks: [Int]) {
    precondition(encoderBlocks.count == stages.features.count)
    self.stages = stages
    self.encoderBlocks = encoderBlocks
    stemChannels = stages.features[0]
  }

  public var inputChannels: Int { stages.inputChannels }
  public var outputChannels: Int { stages.outputChannels }
  public var divisors: [Int] { stages.divisors }

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
    var result = ResidualEncoderUNetConfiguration(
      stages: stages, encoderBlocks: try NNUNetStages.perStage(json, "nBlocksPerStage", count: stages.features.count))
    if let channels = json.optional("stemChannels"), channels != .null {
      result.stemChannels = try json.integer("stemChannels", in: ConfigurationBounds.channels)
    }
    return result
  }

  func network(weights: SafeTensors) throws -> Network { try NNUNet.network(self, weights: weights) }
}
