import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

/// What a description may say of the layers of a block: the name is judged first, then the options of that layer.
@Suite("Descriptions of layers") struct LayerReadingTests {
  private func reader(_ layer: String) throws -> JSONReader {
    try JSONReader(JSONValue(text: #"{"layer": \#(layer)}"#, origin: "f"), file: "f", path: "p", allowed: ["layer"])
  }

  static let normalisations: [(text: String, expected: Normalisation?)] = [
    ("null", nil), (#"{"name": "batch"}"#, .batch(affine: true, epsilon: 1e-5)),
    (#"{"name": "batch", "affine": false, "eps": 0.001}"#, .batch(affine: false, epsilon: 1e-3)),
    (#"{"name": "batch", "trackRunningStats": true}"#, .batch(affine: true, epsilon: 1e-5)),
    (#"{"name": "syncbatch"}"#, .batch(affine: true, epsilon: 1e-5)),
    (#"{"name": "instance"}"#, .instance(affine: false, epsilon: 1e-5)),
    (#"{"name": "instance", "affine": true}"#, .instance(affine: true, epsilon: 1e-5)),
    (#"{"name": "instance", "trackRunningStats": false}"#, .instance(affine: false, epsilon: 1e-5)),
    // With running statistics an instance norm does at inference what a batch norm does.
    (#"{"name": "instance", "trackRunningStats": true}"#, .batch(affine: false, epsilon: 1e-5)),
    (#"{"name": "instance_nvfuser", "affine": true}"#, .instance(affine: true, epsilon: 1e-5)),
    (#"{"name": "group", "numGroups": 4}"#, .group(count: 4, affine: true, epsilon: 1e-5)),
    (#"{"name": "group", "numGroups": 1, "affine": false, "eps": 0.1}"#, .group(count: 1, affine: false, epsilon: 0.1)),
  ]

  @Test("Normalisations by what they do at inference", arguments: normalisations.indices) func normalisation(index: Int)
    throws
  {
    let item = Self.normalisations[index]
    #expect(
      try Normalisation.read(reader(item.text), "layer", default: .group(count: 9, affine: true, epsilon: 1))
        == item.expected)
  }

  static let activations: [(text: String, expected: ActivationKind?)] = [
    ("null", nil), (#"{"name": "prelu", "numParameters": 1}"#, .prelu), (#"{"name": "relu"}"#, .relu),
    (#"{"name": "leakyrelu"}"#, .leakyReLU(negativeSlope: 0.01)), (#"{"name": "elu"}"#, .smooth(.elu(alpha: 1))),
    (#"{"name": "elu", "alpha": 0.5}"#, .smooth(.elu(alpha: 0.5))), (#"{"name": "gelu"}"#, .smooth(.gelu)),
    (#"{"name": "gelu", "approximate": "tanh"}"#, .smooth(.geluTanh)),
    (#"{"name": "gelu", "approximate": "none"}"#, .smooth(.gelu)), (#"{"name": "silu"}"#, .smooth(.swish(scale: 1))),
    (#"{"name": "swish"}"#, .smooth(.swish(scale: 1))), (#"{"name": "swish", "alpha": 2}"#, .smooth(.swish(scale: 2))),
    (#"{"name": "memswish"}"#, .smooth(.swish(scale: 1))), (#"{"name": "mish"}"#, .smooth(.mish)),
  ]

  @Test("Activations", arguments: activations.indices) func activation(index: Int) throws {
    let item = Self.activations[index]
    #expect(try ActivationKind.read(reader(item.text), "layer", default: .relu) == item.expected)
  }

  static let refused: [(text: String, isNorm: Bool, says: [String])] = [
    // The layer is not run: that, and not one of its options, is the fault.
    (#"{"name": "localresponse", "size": 3}"#, true, ["\"p.layer.name\" is \"localresponse\"", "group"]),
    (#"{"name": "layer", "normalizedShape": 4}"#, true, ["\"p.layer.name\" is \"layer\""]),
    (#"{"normalizedShape": 4, "name": "layer"}"#, true, ["\"p.layer.name\" is \"layer\""]),
    (#"{"name": "softplus", "beta": 2}"#, false, ["\"p.layer.name\" is \"softplus\"", "mish"]),
    (#"{"name": "selu"}"#, false, ["\"p.layer.name\" is \"selu\""]), (#"{"affine": true}"#, true, ["name", "missing"]),
    (#""batch""#, true, ["\"p.layer\"", "not an object"]),
    // The layer is run: then its options count.
    (#"{"name": "group"}"#, true, ["\"p.layer.numGroups\" is missing"]),
    (#"{"name": "group", "numGroups": 0}"#, true, ["numGroups", "a whole number from 1"]),
    (#"{"name": "group", "numGroups": 4, "trackRunningStats": false}"#, true, ["no option of group", "numGroups"]),
    (#"{"name": "batch", "numGroups": 4}"#, true, ["no option of batch", "trackRunningStats"]),
    (#"{"name": "batch", "trackRunningStats": false}"#, true, ["trackRunningStats", "windows"]),
    (#"{"name": "syncbatch", "trackRunningStats": false}"#, true, ["trackRunningStats", "windows"]),
    (#"{"name": "instance", "trackRunningStats": 1}"#, true, ["trackRunningStats", "true or false"]),
    (#"{"name": "instance", "eps": 0}"#, true, ["eps", "above 0"]),
    (#"{"name": "relu", "negativeSlope": 0.1}"#, false, ["no option of relu", "it has none"]),
    (#"{"name": "mish", "alpha": 1}"#, false, ["no option of mish"]),
    (#"{"name": "elu", "alpha": "a"}"#, false, ["alpha", "a number"]),
    (#"{"name": "gelu", "approximate": "sigmoid"}"#, false, ["approximate", "tanh"]),
  ]

  @Test("The name is judged before the options", arguments: refused.indices) func refusals(index: Int) {
    let item = Self.refused[index]
    let text = message {
      if item.isNorm {
        _ = try Normalisation.read(reader(item.text), "layer", default: nil)
      } else {
        _ = try ActivationKind.read(reader(item.text), "layer", default: nil)
      }
    }
    for part in item.says { #expect(text.contains(part), "\(text)") }
    #expect(text.hasPrefix("f: ") && !text.contains("\n"))
  }

  @Test("SwinUNETR's decoder has any of them") func swin() throws {
    func norm(_ text: String) throws -> Normalisation? {
      let json = try JSONValue(
        text: #"{"inChannels": 1, "outChannels": 1, "patchMerging": "fixed"\#(text)}"#, origin: "f")
      return try SwinUNETRConfiguration.read(json, file: "f", path: "p").normalisation
    }
    #expect(try norm("") == .instance(affine: false, epsilon: 1e-5))
    #expect(try norm(#", "normName": "instance""#) == .instance(affine: false, epsilon: 1e-5))
    #expect(try norm(#", "normName": "batch""#) == .batch(affine: true, epsilon: 1e-5))
    #expect(
      try norm(#", "normName": {"name": "group", "numGroups": 4}"#) == .group(count: 4, affine: true, epsilon: 1e-5))
    #expect(message { _ = try norm(#", "normName": "local""#) }.contains("\"p.normName.name\" is \"local\""))
  }

  @Test("Channels that do not make groups are named with the layer") func groups() throws {
    var layers = LayerBuilder(
      inputChannels: 6,
      weights: try SafeTensors(path: fixtures.appendingPathComponent("unet-elu/weights.safetensors").path))
    _ = layers.normalisation(.group(count: 4, affine: false, epsilon: 1e-5), "model.0.adn.N", 0, channels: 6)
    let text = message { _ = try layers.network(outputChannels: 6, divisors: [1, 1, 1]) }
    #expect(text.contains("model.0.adn.N would normalise 6 channels in 4 groups"), "\(text)")
  }
}
