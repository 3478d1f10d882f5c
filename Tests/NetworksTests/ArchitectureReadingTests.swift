import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

private let dynUNetText = """
  "spatialDims": 3, "inChannels": 2, "outChannels": 2, "kernelSize": [3, 3, 3], "strides": [1, 2, [1, 2, 2]],
  "upsampleKernelSize": [2, [1, 2, 2]]
  """
private let nnUNetText = """
  "inChannels": 2, "outChannels": 2, "nStages": 3, "featuresPerStage": [4, 6, 8], "kernelSizes": [[1, 3, 3], 3, 3],
  "strides": [1, [1, 2, 2], 2], "nConvPerStageDecoder": 1
  """

/// What `architecture.parameters` may say, and the line that refuses what it may not.
@Suite("Descriptions of architectures") struct ArchitectureReadingTests {
  private func value(_ text: String) throws -> JSONValue {
    try Array("{\(text)}".utf8).withUnsafeBytes { try JSONParser.parse($0) }
  }

  @Test("DynUNet: MONAI's defaults") func dynUNet() throws {
    let found = try DynUNetConfiguration.read(value(dynUNetText), file: "f", path: "p")
    // 2^(5 + level), at most 320
    #expect(found.filters == [32, 64, 128])
    #expect(found.strides == [[1, 1, 1], [2, 2, 2], [1, 2, 2]] && found.divisors == [2, 4, 4])
    #expect(found.normalisation == .instance(affine: true, epsilon: 1e-5))
    #expect(found.activation == .leakyReLU(negativeSlope: 0.01))
    #expect(!found.isResidual && !found.hasTransposedBias && found.supervisionHeads == 0)
  }

  @Test("nnU-Net: one number stands for every stage") func nnUNet() throws {
    let plain = try PlainConvUNetConfiguration.read(
      value(nnUNetText + #", "nConvPerStage": 2, "convBias": true, "norm": {"name": "batch"}"#), file: "f", path: "p")
    #expect(plain.encoderConvolutions == [2, 2, 2] && plain.stages.decoderConvolutions == [1, 1])
    #expect(plain.stages.normalisation == .batch(affine: true, epsilon: 1e-5) && plain.stages.activation == nil)
    #expect(plain.stages.hasBias && !plain.isActivationFirst && plain.divisors == [2, 4, 4])
    let residual = try ResidualEncoderUNetConfiguration.read(
      value(nnUNetText + #", "nBlocksPerStage": [1, 3, 4], "stemChannels": null"#), file: "f", path: "p")
    #expect(residual.encoderBlocks == [1, 3, 4] && residual.stemChannels == 4)
  }

  @Test(
    "UNet: the order of layers after a convolution",
    arguments: [
      ("NDA", false, true, true), ("adn", true, true, true), ("A", false, true, false), ("DN", false, false, true),
    ]) func ordering(text: String, isActivationFirst: Bool, hasActivation: Bool, hasNorm: Bool) throws
  {
    let found = try UNetConfiguration.read(
      value(
        #""spatialDims": 3, "inChannels": 2, "outChannels": 2, "channels": [4, 8], "strides": [2], "#
          + #""adnOrdering": "\#(text)""#), file: "f", path: "p")
    #expect(found.isActivationFirst == isActivationFirst)
    #expect((found.activation != nil) == hasActivation && (found.normalisation != nil) == hasNorm)
  }

  @Test(
    "Refused, and why",
    arguments: [
      ("DynUNet", dynUNetText + #", "deepSupervision": true, "deepSuprNum": 2"#, "must be less than 2"),
      (
        "DynUNet", dynUNetText + #", "actName": {"name": "prelu", "numParameters": 4}"#,
        "a slope per channel is not supported"
      ), ("DynUNet", dynUNetText + #", "filters": [4, 8]"#, "3 to 16"),
      ("DynUNet", dynUNetText.replacing("[3, 3, 3]", with: "[3, 4, 3]"), "kernels must be odd"),
      ("DynUNet", dynUNetText.replacing("[1, 2, [1, 2, 2]]", with: "[2, 2, [1, 2, 2]]"), "lower resolution"),
      ("DynUNet", dynUNetText.replacing("[2, [1, 2, 2]]", with: "[2, 2]"), "upsampleKernelSize"),
      (
        "UNet",
        #""spatialDims": 3, "inChannels": 2, "outChannels": 2, "channels": \#([Int](repeating: 4, count: 16)), "#
          + #""strides": \#([Int](repeating: 32, count: 15))"#, "multiply to more than 1024"
      ),
      (
        "DynUNet",
        #""spatialDims": 3, "inChannels": 2, "outChannels": 2, "kernelSize": [31, 31, 31, 31], "strides": [1, "#
          + #"32, 32, 2], "upsampleKernelSize": [32, 32, 2]"#, "multiply to more than 1024"
      ),
      (
        "PlainConvUNet",
        #""inChannels": 2, "outChannels": 2, "nStages": 4, "featuresPerStage": 4, "kernelSizes": [3, 3, 3, 3], "#
          + #""strides": [1, 32, 32, [1, 1, 2]], "nConvPerStageDecoder": 1, "nConvPerStage": 1"#,
        "multiply to more than 1024"
      ), ("PlainConvUNet", nnUNetText, "\"p.nConvPerStage\" is missing"),
      ("PlainConvUNet", nnUNetText + #", "nConvPerStage": [1, 2]"#, "a list of 3"),
      ("PlainConvUNet", nnUNetText + #", "nConvPerStage": 1, "activation": {"name": "prelu"}"#, "PReLU"),
      ("ResidualEncoderUNet", nnUNetText + #", "nBlocksPerStage": 1, "block": "BottleneckD""#, "BottleneckD"),
      (
        "UNet",
        #""spatialDims": 3, "inChannels": 2, "outChannels": 2, "channels": [4, 8], "strides": [2], "#
          + #""adnOrdering": "NAN""#, "at most once"
      ),
    ]) func refused(architecture: String, parameters: String, expected: String) throws
  {
    let type = try #require(Architectures.type(named: architecture))
    let json = try value(parameters)
    let text = message { _ = try type.read(json, file: "f", path: "p") }
    #expect(text.contains(expected), "\(text)")
  }
}
