import Foundation
import Testing

@testable import Networks

@Suite("Import of models") struct ImportTests {
  private static let checkpoints = fixtures.appendingPathComponent("checkpoints")
  private static let unet = fixtures.appendingPathComponent("unet-batch")
  private static let contract = ModelFolder.Contract(
    brainExtracted: true, orientation: "RAS", window: [8, 8, 8], threshold: 0.3)

  /// The arguments of the network in `unet-batch`, as Python would have them.
  private static let parameters = """
    {"spatial_dims": 3, "in_channels": 2, "out_channels": 2, "channels": [4, 6, 8], "strides": [2, 2], "dropout": 0.1,
     "act": "PRELU", "norm": ["batch", {}]}
    """

  private static func architecture(_ parameters: String = parameters) throws -> ArchitectureArguments {
    try ArchitectureArguments(name: "monai.networks.nets.unet.UNet", parameters: parameters, origin: "--parameters")
  }

  private func imported(
    _ name: String, architecture: ArchitectureArguments? = nil, contract: ModelFolder.Contract = contract,
    _ body: (Model) throws -> Void = { _ in }
  ) throws -> StateDict {
    try withTemporaryFolder { folder in
      let (source, count) = try ModelFolder.write(
        try StateDict(path: Self.checkpoints.appendingPathComponent(name).path),
        architecture: try architecture ?? Self.architecture(), contract: contract, provenance: [("name", "x")],
        to: folder)
      let model = try ModelFolder.load(folder.path)
      #expect(model.parameterCount == count && model.description.name == "x")
      try body(model)
      return source
    }
  }

  @Test("A checkpoint of a Lightning module gives the network that MONAI ran") func held() throws {
    let source = try imported("unet-held.ckpt") { model in
      let probe = Self.unet.appendingPathComponent("overlapping.safetensors").path
      let deviation = try model.verify(probe: probe, threads: 2)
      #expect(deviation.isWithinTolerance)
      #expect(
        model.description.architectureArguments.first { $0.key == "activation" }?.value == "{\"name\": \"prelu\"}")
    }
    #expect(source.removedPrefixes == ["_model."])
  }

  @Test("Of several names for one tensor only those are written that the architecture asks for") func aliases() throws {
    _ = try imported("unet-aliases.pt") { model in
      let written = try SafeTensors(path: model.weightURLs[0].path)
      let original = try SafeTensors(path: Self.unet.appendingPathComponent("weights.safetensors").path)
      #expect(written.names == original.names.filter { !$0.hasSuffix("num_batches_tracked") })
      for name in written.names { #expect(written.tensor(name) == original.tensor(name)) }
    }
  }

  @Test("A bundle: references resolved, expressions elsewhere left alone") func bundle() throws {
    let bundle = try MONAIBundle(path: Self.checkpoints.appendingPathComponent("bundle").path)
    #expect(bundle.window == [8, 8, 8] && bundle.overlap == 0.25 && bundle.importance == .gaussian)
    #expect(bundle.name == "MS lesions" && bundle.version == "0.2.0")
    _ = try imported("bundle/models/model.pt", architecture: bundle.architecture) { model in
      let probe = Self.unet.appendingPathComponent("small.safetensors").path
      let deviation = try model.verify(probe: probe, threads: 2)
      #expect(deviation.isWithinTolerance)
    }
  }

  /// As the bundles of MONAI's model zoo write it.
  @Test("Arguments of SwinUNETR that do not change the result are dropped") func swinArguments() throws {
    let architecture = try ArchitectureArguments(
      name: "monai.networks.nets.SwinUNETR",
      parameters: """
        {"img_size": 96, "in_channels": 2, "out_channels": 2, "feature_size": 48, "use_checkpoint": true, "drop_rate": 0.1,
         "attn_drop_rate": 0.0, "dropout_path_rate": 0.0, "patchMerging": "fixed"}
        """, origin: "--parameters")
    let read = try #require(architecture.configuration() as? SwinUNETRConfiguration)
    var expected = SwinUNETRConfiguration(inputChannels: 2, outputChannels: 2, downsampling: .merging(isLegacy: false))
    expected.featureSize = 48
    #expect(read == expected)
    // No other network has them.
    let unet = Self.parameters.replacingOccurrences(of: "\"dropout\"", with: "\"drop_rate\"")
    #expect(message { _ = try Self.architecture(unet).configuration() }.contains("dropRate"))
  }

  static let wrongBundles: [(old: String, new: String, says: [String])] = [
    ("\"@classes\"", "\"$1 + 1\"", ["network_def.out_channels", "never evaluated"]),
    ("\"@classes\"", "\"%configs/other.json::a\"", ["network_def.out_channels", "never evaluated"]),
    ("\"@classes\"", "\"@absent\"", ["@absent", "not in the file"]),
    ("\"classes\": 2", "\"classes\": \"@classes\"", ["circle"]),
    ("monai.networks.nets.UNet", "monai.networks.nets.VNet", ["VNet", "known: ", "UNet"]),
    ("\"_target_\": \"monai", "\"target\": \"monai", ["network_def", "is missing"]),
    ("\"mode\": \"gaussian\"", "\"mode\": \"cubic\"", ["inferer.mode", "cubic"]),
    ("\"spatial_dims\": 3", "\"spatial_dims\": 2", ["inference.json", "spatialDims"]),
    ("\"spatial_dims\": 3", "\"spatial_dimz\": 3", ["spatialDimz", "not a key"]),
  ]

  @Test("Bundles that cannot be read are refused by name", arguments: wrongBundles.indices)
  func wrongBundle(index: Int) throws {
    let item = Self.wrongBundles[index]
    try withTemporaryFolder { folder in
      let copy = folder.appendingPathComponent("bundle")
      try FileManager.default.copyItem(at: Self.checkpoints.appendingPathComponent("bundle"), to: copy)
      let file = copy.appendingPathComponent("configs/inference.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains(item.old))
      try text.replacingOccurrences(of: item.old, with: item.new).write(to: file, atomically: true, encoding: .utf8)
      let line = message { _ = try MONAIBundle(path: copy.path).architecture.configuration() }
      for part in item.says { #expect(line.contains(part), "\(line)") }
      try FileManager.default.moveItem(at: file, to: copy.appendingPathComponent("configs/inference.yaml"))
      #expect(message { _ = try MONAIBundle(path: copy.path) }.contains("yaml.safe_load"))
    }
  }

  @Test("Everything that does not fit is listed") func misfits() throws {
    let line = message { _ = try imported("unet-wrong.pt") }
    #expect(line.contains("unet-wrong.pt: ") && line.contains("5 missing: model.0.conv.bias, "), "\(line)")
    #expect(line.contains("1 surplus: more.weight"), "\(line)")
    #expect(line.contains("1 of another shape: model.0.conv.weight is 1 × 2, expected 4 × 2 × 3 × 3 × 3"), "\(line)")
    #expect(
      message { _ = try imported("unet-diverged.pt") }.contains("model.0.conv.weight holds values that are not finite"))
  }

  @Test("Descriptions that cannot be used are refused") func descriptions() throws {
    var contract = Self.contract
    contract.window = [8, 6, 8]
    #expect(message { _ = try imported("unet-held.ckpt", contract: contract) }.contains("\"window\""))
    contract = Self.contract
    contract.orientation = "LLL"
    #expect(message { _ = try imported("unet-held.ckpt", contract: contract) }.contains("\"orientation\""))
    for (classes, says) in [(1, "softmax"), (3, "--lesion-class")] {
      let parameters = Self.parameters.replacingOccurrences(
        of: "\"out_channels\": 2", with: "\"out_channels\": \(classes)")
      let architecture = try Self.architecture(parameters)
      #expect(message { _ = try imported("unet-held.ckpt", architecture: architecture) }.contains(says))
    }
    #expect(message { _ = try Self.architecture("[1]") }.contains("--parameters"))
    #expect(message { _ = try Self.architecture("{") }.contains("not valid JSON"))
  }
}
