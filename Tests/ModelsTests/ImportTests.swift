import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
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
    let inferer = try #require(bundle.inferer)
    #expect(try inferer.window.get() == [8, 8, 8])
    #expect(try inferer.overlap.get() == 0.25)
    #expect(try inferer.importance.get() == .gaussian)
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
        {"img_size": 96, "in_channels": 2, "out_channels": 2, "feature_size": 48, "use_checkpoint": true,
         "drop_rate": 0.1, "attn_drop_rate": 0.0, "dropout_path_rate": 0.0, "patchMerging": "fixed"}
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
    ("\"mode\": \"gaussian\"", "\"mode\": \"cubic\"", ["inferer.mode", "cubic", "; or state the importance"]),
    (
      "\"@sizes#window\"", "[96, 96, -1]",
      ["inferer.roi_size", "[96, 96, -1]", "for which -1 stands", "; or state the window"]
    ), ("\"@sizes#window\"", "\"$@sizes\"", ["inferer.roi_size", "never evaluated", "; or state the window"]),
    (
      "\"overlap\": 0.25", "\"overlap\": \"$0.5 / 2\"",
      ["inferer.overlap", "never evaluated", "; or state the overlap"]
    ),
    (
      "\"spatial_dims\": 3", "\"spatial_dims\": 3, \"dimensions\": 3",
      ["inference.json: \"spatial_dims\" and \"dimensions\" are one argument"]
    ), ("\"spatial_dims\": 3", "\"spatial_dims\": 2", ["inference.json", "spatialDims"]),
    ("\"spatial_dims\": 3", "\"spatial_dimz\": 3", ["spatialDimz", "not a key"]),
  ]

  @Test("Bundles that cannot be read are refused by name", arguments: wrongBundles.indices) func wrongBundle(index: Int)
    throws
  {
    let item = Self.wrongBundles[index]
    try withTemporaryFolder { folder in
      let copy = folder.appendingPathComponent("bundle")
      try FileManager.default.copyItem(at: Self.checkpoints.appendingPathComponent("bundle"), to: copy)
      let file = copy.appendingPathComponent("configs/inference.json")
      let text = try String(contentsOf: file, encoding: .utf8)
      #expect(text.contains(item.old))
      try text.replacingOccurrences(of: item.old, with: item.new).write(to: file, atomically: true, encoding: .utf8)
      let line = message {
        let bundle = try MONAIBundle(path: copy.path)
        _ = try bundle.architecture.configuration()
        _ = try (bundle.inferer?.window.get(), bundle.inferer?.overlap.get(), bundle.inferer?.importance.get())
      }
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
    for (classes, says) in [(1, "parameters"), (3, "3 classes; say which is the lesion")] {
      let parameters = Self.parameters.replacingOccurrences(
        of: "\"out_channels\": 2", with: "\"out_channels\": \(classes)")
      let architecture = try Self.architecture(parameters)
      #expect(message { _ = try imported("unet-held.ckpt", architecture: architecture) }.contains(says))
    }
    #expect(message { _ = try Self.architecture("[1]") }.contains("--parameters"))
    #expect(message { _ = try Self.architecture("{") }.contains("not valid JSON"))
  }

  @Test("What was stated by an option is named by it") func origins() throws {
    var contract = Self.contract
    contract.origins = ["threshold": "--threshold", "window": "--window"]
    contract.threshold = 2
    #expect(
      message { _ = try imported("unet-held.ckpt", contract: contract) }.hasPrefix("--threshold is 2.0; expected"))
    (contract.threshold, contract.window) = (0.3, [8, 6, 8])
    #expect(message { _ = try imported("unet-held.ckpt", contract: contract) }.hasPrefix("--window is [8, 6, 8]; each"))
    let one = try Self.architecture(
      Self.parameters.replacingOccurrences(of: "\"in_channels\": 2", with: "\"in_channels\": 1"))
    #expect(
      message { _ = try imported("unet-held.ckpt", architecture: one) }.hasPrefix("--parameters: \"inChannels\" is 1;"))
  }

  static let twice: [(old: String, new: String, says: String)] = [
    ("\"spatial_dims\": 3", "\"spatial_dims\": 3, \"dimensions\": 3", "\"spatial_dims\" and \"dimensions\" are one"),
    ("\"spatial_dims\": 3", "\"spatialDims\": 3, \"spatial_dims\": 3", "\"spatialDims\" and \"spatial_dims\" are one"),
    ("\"act\": \"PRELU\"", "\"act\": \"PRELU\", \"activation\": null", "\"act\" and \"activation\" are one"),
    (
      "\"PRELU\"", "[\"leakyrelu\", {\"negative_slope\": 0.1, \"negativeSlope\": 0.2}]",
      "\"negative_slope\" and \"negativeSlope\" in \"act\" are one"
    ), ("[\"batch\", {}]", "[\"batch\", {\"name\": \"instance\"}]", "the argument \"name\" in \"norm\" is given twice"),
  ]

  @Test("An argument under two names is refused by both", arguments: twice.indices) func twoNames(index: Int) throws {
    let item = Self.twice[index]
    #expect(Self.parameters.contains(item.old))
    let text = Self.parameters.replacingOccurrences(of: item.old, with: item.new)
    let line = message { _ = try Self.architecture(text).configuration() }
    #expect(line.hasPrefix("--parameters: ") && line.contains(item.says), "\(line)")
    // Further arguments replace those of a bundle under whichever name.
    let added = try Self.architecture().adding(parameters: "{\"dimensions\": 3}", origin: "--parameters")
    #expect(message { _ = try added.configuration() } == "no error")
  }

  @Test("Arguments without effect on the result are dropped") func withoutEffect() throws {
    let text = Self.parameters.replacingOccurrences(of: "0.1", with: "[\"dropout\", {\"p\": 0.1}]")
      .replacingOccurrences(of: "[\"batch\", {}]", with: "[\"batch\", {\"momentum\": 0.1}]")
    let read = try #require(try Self.architecture(text).configuration() as? UNetConfiguration)
    #expect(try Self.architecture().configuration() as? UNetConfiguration == read)
  }

  /// The parameters of `unet-batch` under other names, in a file `net.safetensors`.
  private func renamed(under prefix: String, more: [String: Tensor] = [:], _ body: (StateDict, URL) throws -> Void)
    throws
  {
    try withTemporaryFolder { folder in
      let stored = try SafeTensors(path: Self.unet.appendingPathComponent("weights.safetensors").path)
      var tensors = more
      for name in stored.names { tensors[prefix + name] = stored.tensor(name) }
      let url = folder.appendingPathComponent("net.safetensors")
      try SafeTensors.write(tensors, to: url)
      try body(try StateDict(path: url.path), folder)
    }
  }

  private func written(_ state: StateDict, to folder: URL) throws -> StateDict {
    let (source, _) = try ModelFolder.write(
      state, architecture: Self.architecture(), contract: Self.contract, provenance: [], to: folder)
    let names = try SafeTensors(path: folder.appendingPathComponent("weights.safetensors").path).names
    #expect(names.allSatisfy { $0.hasPrefix("model.") && !$0.hasPrefix("model.m") }, "\(names[0])")
    return source
  }

  @Test(
    "What wrappers and holders put before the names is taken away",
    arguments: [
      ("model._orig_mod.", ["model.", "_orig_mod."]), ("net._orig_mod.", ["net.", "_orig_mod."]),
      ("model.module.", ["model.", "module."]), ("_forward_module.model.", ["_forward_module.", "model."]),
    ]) func wrapped(prefix: String, removed: [String]) throws
  {
    try renamed(under: prefix) { state, folder in
      let source = try written(state, to: folder)
      #expect(source.removedPrefixes == removed)
    }
  }

  @Test("Parameters under another name or beside others are found with their prefix") func prefixed() throws {
    try renamed(under: "unet.") { state, folder in
      let line = message { _ = try written(state, to: folder) }
      #expect(
        line.contains("net.safetensors: the ")
          && line.hasSuffix("\"unet.\"; import those under the prefix unet. alone"), "\(line)")
      let source = try written(try state.taking("unet."), to: folder)
      #expect(source.leftOutCount == 0)
    }
    let loss = ["loss.weight": Tensor(shape: [2]), "loss.other": Tensor(shape: [1])]
    try renamed(under: "model.", more: loss) { state, folder in
      let line = message { _ = try written(state, to: folder) }
      #expect(line.contains("under the prefix model. alone, which leaves 2 other tensors out"), "\(line)")
      let source = try written(try state.taking("model"), to: folder)
      #expect(source.leftOutCount == 2 && source.removedPrefixes == ["model."])
    }
  }

  @Test("Messages name the checkpoint and where the architecture is stated") func names() throws {
    let line = message { _ = try imported("unet-wrong.pt") }
    #expect(line.contains("do not fit the architecture in --parameters: "), "\(line)")
    // Copies of one tensor that differ, as a file without shared storages may have them.
    try withTemporaryFolder { folder in
      let source = fixtures.appendingPathComponent("dynunet-residual")
      let stored = try SafeTensors(path: source.appendingPathComponent("weights.safetensors").path)
      var tensors = Dictionary(uniqueKeysWithValues: stored.names.map { ($0, stored.tensor($0)!) })
      let alias = try #require(stored.names.first { $0.hasPrefix("skip_layers.") })
      tensors[alias]!.values[0] += 1
      let url = folder.appendingPathComponent("net.safetensors")
      try SafeTensors.write(tensors, to: url)
      let description = try ModelDescription(path: source.appendingPathComponent("model.json").path)
      let line = message {
        _ = try StateDict(path: url.path).write(
          for: description.architecture, statedIn: "x", to: folder.appendingPathComponent("w.safetensors"))
      }
      #expect(line.hasPrefix("\(url.path): 1 parameters should be one tensor") && line.contains(alias), "\(line)")
    }
  }

  @Test("Supervision heads that the arguments do not mention are left alone") func heads() throws {
    let source = fixtures.appendingPathComponent("dynunet-plain")
    let text = try String(contentsOf: source.appendingPathComponent("model.json"), encoding: .utf8)
    #expect(text.contains("\"deepSupervision\": true"))
    try withTemporaryFolder { folder in
      try text.replacingOccurrences(of: "\"deepSupervision\": true", with: "\"deepSupervision\": false").write(
        to: folder.appendingPathComponent("model.json"), atomically: true, encoding: .utf8)
      try FileManager.default.copyItem(
        at: source.appendingPathComponent("weights.safetensors"),
        to: folder.appendingPathComponent("weights.safetensors"))
      let model = try ModelFolder.load(folder.path)
      let deviation = try model.verify(probe: source.appendingPathComponent("overlapping.safetensors").path, threads: 2)
      #expect(deviation.isWithinTolerance)
    }
  }
}
