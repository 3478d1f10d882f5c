import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

@Suite("SwinUNETR parameters") struct SwinUNETRParameterTests {
  private func weights(_ change: (inout [String: Tensor]) -> Void) throws -> SafeTensors {
    let fixture = try SwinFixture("v1-anisotropic")
    return try withTemporaryFolder { folder in
      var tensors = fixture.tensors
      change(&tensors)
      try SafeTensors.write(tensors, to: folder.appendingPathComponent("weights.safetensors"))
      return try SafeTensors(path: folder.appendingPathComponent("weights.safetensors").path)
    }
  }

  /// The buffer as MONAI registers it for a window of 7 × 3 × 5: coordinates of all pairs of tokens, one by one.
  private var index: Tensor {
    let tokens = (0..<7).flatMap { d in (0..<3).flatMap { h in (0..<5).map { w in (d, h, w) } } }
    return Tensor(
      shape: [105, 105],
      values: tokens.flatMap { q in
        tokens.map { k in Float((q.0 - k.0 + 6) * 5 * 9 + (q.1 - k.1 + 2) * 9 + (q.2 - k.2 + 4)) }
      })
  }

  @Test("The index of relative positions may be there, but not another one") func relativePositionIndex() throws {
    let configuration = try SwinFixture("v1-anisotropic").configuration
    let name = "swinViT.layers2.0.blocks.1.attn.relative_position_index"
    let count = try configuration.network(weights: try weights { _ in }).parameterCount
    #expect(try configuration.network(weights: try weights { $0[name] = index }).parameterCount == count)
    var other = index
    other.values[7] += 1
    let text = message { _ = try configuration.network(weights: try weights { $0[name] = other }) }
    #expect(text.contains(name) && text.contains("7 × 3 × 5") && !text.contains("surplus"), "\(text)")
  }

  @Test("Missing, surplus and misshapen parameters are all listed") func listed() throws {
    let configuration = try SwinFixture("v1-anisotropic").configuration
    let text = message {
      _ = try configuration.network(
        weights: try weights {
          $0["swinViT.layers1.0.blocks.0.attn.qkv.weight"] = nil
          $0["encoder2.layer.conv1.conv.weight"] = Tensor(shape: [12, 12, 3, 3, 1])
          $0["encoder7.layer.conv1.conv.weight"] = Tensor(shape: [1])
        })
    }
    for part in [
      "1 missing: swinViT.layers1.0.blocks.0.attn.qkv.weight", "1 surplus: encoder7.layer.conv1.conv.weight",
      "encoder2.layer.conv1.conv.weight is 12 × 12 × 3 × 3 × 1, expected 12 × 12 × 3 × 3 × 3",
    ] { #expect(text.contains(part), "\(text)") }
  }

  @Test(
    "What the description may not say",
    arguments: [
      (#""featureSize": 20"#, "multiple of 12"), (#""numHeads": [5, 6, 12, 24]"#, "must divide its 12 channels"),
      (#""depths": [2, 2, 2]"#, "list of four"), (#""patchSize": 4"#, "from 2 to 2"),
      (#""patchMerging": "legacy", "downsample": "mergingv2""#, "never was"), (#""spatialDims": 2"#, "expected 3"),
      (#""normName": "layer""#, "instance"), (#""useHyena": true"#, "not a key"),
    ]) func refused(change: String, expected: String) throws
  {
    let key = String(change.split(separator: "\"")[0])
    let base = [
      ("spatialDims", "3"), ("inChannels", "2"), ("outChannels", "2"), ("featureSize", "12"),
      ("patchMerging", #""fixed""#),
    ]
    let kept = base.filter { !change.contains("\"\($0.0)\"") }.map { "\"\($0.0)\": \($0.1)" }
    let text = message { _ = try Self.read("{\((kept + [change]).joined(separator: ", "))}") }
    #expect(text.contains(expected) && text.contains(key), "\(text)")
  }

  @Test("The way patches are merged must be said") func mergingIsRequired() throws {
    let text = message { _ = try Self.read(#"{"spatialDims": 3, "inChannels": 2, "outChannels": 2}"#) }
    #expect(text.contains("patchMerging") && text.contains("legacy") && text.contains("fixed"), "\(text)")
    let least = try Self.read(#"{"spatialDims": 3, "inChannels": 2, "outChannels": 2, "patchMerging": "legacy"}"#)
    #expect(
      least == SwinUNETRConfiguration(inputChannels: 2, outputChannels: 2, downsampling: .merging(isLegacy: true)))
  }

  private static func read(_ text: String) throws -> SwinUNETRConfiguration {
    try SwinUNETRConfiguration.read(try parsed(text), file: "model.json", path: "architecture.parameters")
  }
}

func parsed(_ text: String) throws -> JSONValue { try Array(text.utf8).withUnsafeBytes { try JSONParser.parse($0) } }
