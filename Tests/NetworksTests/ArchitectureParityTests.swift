import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

/// Stored results of MONAI and of nnU-Net v2's network package (tools/fixtures/make_network_fixtures.py), double
/// precision.
@Suite("Architectures against their origins") struct ArchitectureParityTests {
  static let models = [
    "unet-activation-first", "dynunet-residual", "dynunet-plain", "dynunet-relu", "plainconv", "plainconv-batch",
    "residual-encoder", "residual-encoder-batch", "unet-group-mish", "unet-group-leaky", "unet-elu", "unet-gelu",
    "unet-gelu-tanh", "dynunet-swish", "dynunet-group", "plainconv-silu",
  ]

  @Test("Logits and input gradient through overlapping and clamped windows", arguments: models, channelBlocks)
  func parity(name: String, block: Int) throws {
    for folding in [false, true] {
      let model = try ModelFolder.load(fixtures.appendingPathComponent(name).path)
      let executor = try Executor(model.networks[0], threads: 2, folding: folding, block: block)
      let window = SlidingWindow(
        executor, window: model.description.window, overlap: model.description.overlap,
        importance: model.description.importance)
      let probe = fixtures.appendingPathComponent(name).appendingPathComponent("overlapping.safetensors")
      let deviation = try ModelProbe(path: probe.path).verify(window)
      // Rounding of sums of a few hundred terms, not the 1e-4 that large networks are held to.
      #expect(deviation.logits < 5e-6)
      #expect(deviation.gradient < 5e-6)
      #expect(deviation.windows > 1)
    }
  }

  /// Counted by PyTorch: `sum(p.numel() for p in network.parameters())`, supervision heads included, aliases once.
  @Test(
    "Parameters are counted as PyTorch counts them",
    arguments: [("dynunet-residual", 7560), ("dynunet-plain", 4679), ("plainconv", 2467), ("residual-encoder", 4935)])
  func parameterCount(name: String, expected: Int) throws {
    #expect(try ModelFolder.load(fixtures.appendingPathComponent(name).path).parameterCount == expected)
  }

  @Test(
    "A second name of a tensor with another value is refused and named",
    arguments: [
      (
        "dynunet-residual", "skip_layers.next_layer.upsample.transp_conv.conv.weight",
        "upsamples.0.transp_conv.conv.weight"
      ),
      ("dynunet-plain", "skip_layers.next_layer.super_head.conv.conv.bias", "deep_supervision_heads.0.conv.conv.bias"),
      ("plainconv", "decoder.stages.0.convs.0.all_modules.1.bias", "decoder.stages.0.convs.0.norm.bias"),
      (
        "residual-encoder", "decoder.encoder.stages.1.blocks.0.skip.1.all_modules.0.weight",
        "encoder.stages.1.blocks.0.skip.1.conv.weight"
      ),
    ]) func differingAlias(name: String, alias: String, original: String) throws
  {
    try withAlteredWeights(of: name) { tensors in
      tensors[alias]!.values[0] += 1
    } then: { load in
      let text = message { _ = try load() }
      #expect(text.contains("\(alias) differs from \(original)") && text.contains("1 parameters"), "\(text)")
    }
  }

  @Test("A tensor stored only under its second name is found") func aliasAlone() throws {
    try withAlteredWeights(of: "plainconv") { tensors in
      for name in tensors.keys where !name.contains("all_modules") && name.contains(".convs.") { tensors[name] = nil }
    } then: { load in
      let deviation = try load().verify(
        probe: fixtures.appendingPathComponent("plainconv/overlapping.safetensors").path)
      #expect(deviation.logits < 5e-6)
    }
  }

  @Test("What no layer asks for, and what a layer misses, is listed") func surplusAndMissing() throws {
    try withAlteredWeights(of: "dynunet-residual") { tensors in
      tensors["skip_layers.sideways.conv.weight"] = Tensor(shape: [1], values: [1])
      tensors["bottleneck.norm3.bias"] = nil
      tensors["skip_layers.next_layer.next_layer.norm3.bias"] = nil
      tensors["output_block.conv.conv.bias"] = Tensor(shape: [3], values: [1, 2, 3])
    } then: { load in
      let text = message { _ = try load() }
      #expect(text.contains("1 missing: bottleneck.norm3.bias"), "\(text)")
      #expect(text.contains("1 surplus: skip_layers.sideways.conv.weight"), "\(text)")
      #expect(text.contains("output_block.conv.conv.bias is 3, expected 2"), "\(text)")
    }
  }

  /// Copies a model with other weights to a folder of its own.
  private func withAlteredWeights(
    of name: String, _ alter: (inout [String: Tensor]) -> Void, then body: (() throws -> Model) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let source = fixtures.appendingPathComponent(name)
      let weights = try SafeTensors(path: source.appendingPathComponent("weights.safetensors").path)
      var tensors: [String: Tensor] = [:]
      for name in weights.names { tensors[name] = weights.tensor(name) }
      alter(&tensors)
      try SafeTensors.write(tensors, to: folder.appendingPathComponent("weights.safetensors"))
      try FileManager.default.copyItem(
        at: source.appendingPathComponent("model.json"), to: folder.appendingPathComponent("model.json"))
      try body { try ModelFolder.load(folder.path) }
    }
  }
}
