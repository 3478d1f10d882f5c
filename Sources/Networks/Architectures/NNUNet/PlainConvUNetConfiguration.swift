/// Arguments of nnU-Net v2's `PlainConvUNet`.
public struct PlainConvUNetConfiguration: Hashable, Sendable, ArchitectureConfiguration {
  static let name = "PlainConvUNet"
  static let project = "An nnU-Net v2"

  public var stages: NNUNetStages
  /// Convolutions per stage of the encoder, top first.
  public var encoderConvolutions: [Int]
  /// Activation before normalisation (`nonlin_first`).
  public var isActivationFirst: Bool = false

  public init(stages: NNUNetStages, encoderConvolutions: [Int]) {
    precondition(encoderConvolutions.count == stages.features.count)
    self.stages = stages
    self.encoderConvolutions = encoderConvolutions
  }

  public var inputChannels: Int { stages.inputChannels }
  public var outputChannels: Int { stages.outputChannels }
  public var divisors: [Int] { stages.divisors }

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
