import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

/// Damaged files of models, each to be read or refused (``Fuzz``).
@Suite("Damaged model files", .serialized) struct FuzzTests {
  private static let folder = fixtures.appendingPathComponent("checkpoints")

  private static func files(in folder: URL, endings: [String]) throws -> [[UInt8]] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().filter { name in
      endings.contains { name.hasSuffix($0) }
    }.map { Array(try Data(contentsOf: folder.appendingPathComponent($0))) }.filter { $0.count < 30_000 }
  }

  /// Everything that a checkpoint leads to: its values, its parameters, each of their numbers.
  private static func readCheckpoint(_ path: String) throws {
    let checkpoint = try TorchCheckpoint(path: path)
    let state = try checkpoint.stateDict()
    var sum: Float = 0
    for name in state.names { sum += state.tensor(name)?.values.reduce(0, +) ?? 0 }
    _ = (state.aliases, state.withoutHolderPrefix?.names.count, sum)
  }

  private static func checksum(_ bytes: [UInt8]) -> UInt32 { bytes.withUnsafeBytes(Inflation.checksum) }

  static func readers() throws -> [FuzzReader] {
    let checkpoints = try files(in: folder, endings: [".pt", ".pth", ".ckpt"])
    let hostile = try files(in: folder.appendingPathComponent("hostile"), endings: [".pt"])
    // Mostly from what can be read, so that damage comes to light in what is made of it.
    let corpus = (0..<10).flatMap { _ in checkpoints } + hostile
    let storage = [UInt8](repeating: 0x3E, count: 1024)
    let names = PickleSymbol.known.map { Array("c\($0.name)\n".utf8) } + [Array("cposix\nsystem\n".utf8)]
    let opcodes = (UInt8.min...UInt8.max).filter { PickleOpcode(rawValue: $0) != nil }.map { [$0] }
    return [
      FuzzReader(
        name: "checkpoint", corpus: corpus,
        tokens: [Array("PK\u{1}\u{2}".utf8), Array("PK\u{5}\u{6}".utf8), Array("PK\u{6}\u{7}".utf8), [8, 0]],
        ending: "pt", read: readCheckpoint),
      FuzzReader(
        name: "pickle of a checkpoint", corpus: try pickles(corpus), tokens: names + opcodes,
        file: { bytes in
          zipArchive([("a/data.pkl", bytes)] + (0..<16).map { ("a/data/\($0)", storage) }, checksum: checksum)
        }, ending: "pt", read: readCheckpoint),
      FuzzReader(
        name: "safetensors", corpus: try files(in: folder, endings: [".safetensors"]),
        tokens: ["\"F32\"", "\"BF16\"", "[]", "{}", "null", "-1", "1e9", "9223372036854775807", "\"shape\":"].map {
          Array($0.utf8)
        }, ending: "safetensors",
        read: { path in
          let file = try SafeTensors(path: path)
          for name in file.names { _ = file.tensor(name)?.values.count }
        }),
      FuzzReader(
        name: "model.json",
        corpus: try ["unet-batch", "unet-wide", "unet-residual-instance"].flatMap {
          try files(in: fixtures.appendingPathComponent($0), endings: ["model.json"])
        },
        tokens: ["[", "]", "{", "}", "null", "1e999", "-0", "\\ud800", "\"", "9223372036854775808", "[[[[[["].map {
          Array($0.utf8)
        }, ending: "json", read: { _ = try ModelDescription(path: $0) }),
      FuzzReader(
        name: "plans.json", corpus: [Array(NNUNetPlansTests.new.utf8)],
        tokens: ["[", "]", "{", "}", "null", "1e999", "-1", "\"inherits_from\": \"base\"", "9223372036854775807"].map {
          Array($0.utf8)
        }, ending: "json",
        read: { path in
          let file = try MappedFile(path)
          let plans = try file.withBytes {
            try NNUNetPlans(
              bytes: $0, file: path, configuration: "3d_fullres", channels: ChannelOrder(trained: ["FLAIR", "T1w"])!)
          }
          guard case .object(let members) = plans.architecture.json(inputChannels: 2, outputChannels: 2) else { return }
          _ = try Architectures.type(named: plans.architecture.name)!.read(members[1].value, file: path, path: "")
        }),
      FuzzReader(
        name: "bundle configuration",
        corpus: try files(in: folder.appendingPathComponent("bundle/configs"), endings: ["inference.json"]),
        tokens: ["\"@network_def\"", "\"@channels::0\"", "\"$1\"", "[", "]", "{", "}", "null"].map { Array($0.utf8) },
        members: members, ending: "json",
        read: { path in
          let root = try JSONValue(path: path)
          let references = BundleReferences(root: root, file: path)
          guard case .object(let members)? = root.member("network_def") else { return }
          let network = try references.resolved(.object(members.filter { $0.key != "_target_" }), path: "network_def")
          let parts = try BundleParts(root, references)
          let inferer = try MONAIBundle.Inferer(parts.inferer, references)
          _ = try BundleStatements(parts, references)
          _ = try ArchitectureArguments(name: "UNet", parameters: network, origin: path).configuration().divisors
          _ = try (inferer?.window.get(), inferer?.overlap.get(), inferer?.importance.get())
        }),
      FuzzReader(
        name: "arguments of an architecture", corpus: architectures.map { Array($0.utf8) },
        tokens: ["[", "]", "{", "}", "null", "true", "-1", "32, 32, 32, 32", "9223372036854775807"].map {
          Array($0.utf8)
        }, members: members, ending: "json",
        read: { path in
          let first = try ArchitectureArguments(path: path)
          _ = try first.configuration().divisors
          // What is added replaces what is there, whatever it is called.
          _ = try first.adding(parameters: #"{"dimensions": 3, "act": "relu"}"#, origin: path).json.text()
        }),
    ]
  }

  /// Arguments in the words of Python, as people and bundles give them.
  private static let architectures = [
    #"{"name": "UNet", "parameters": {"spatial_dims": 3, "in_channels": 2, "out_channels": 2, "channels": [4, "#
      + #"8, 8], "strides": [2, [1, 2, 2]], "act": ["leakyrelu", {"negative_slope": 0.1}], "norm": ["batch", "#
      + #"{"affine": false}], "adn_ordering": "NDA"}}"#,
    #"{"name": "DynUNet", "parameters": {"spatial_dims": 3, "in_channels": 2, "out_channels": 2, "#
      + #""kernel_size": [3, 3, 3], "strides": [1, 2, 2], "upsample_kernel_size": [2, 2], "filters": [4, 8, 8], "#
      + #""norm_name": "INSTANCE", "act_name": {"name": "relu"}, "res_block": true}}"#,
    #"{"name": "SwinUNETR", "parameters": {"img_size": 96, "in_channels": 2, "out_channels": 2, "#
      + #""feature_size": 24, "depths": [2, 2, 2, 2], "num_heads": [3, 6, 12, 24], "norm_name": ["instance", "#
      + #"{"affine": true}], "patchMerging": "fixed"}}"#,
    #"{"name": "PlainConvUNet", "parameters": {"in_channels": 2, "out_channels": 2, "n_stages": 3, "#
      + #""features_per_stage": [4, 6, 8], "kernel_sizes": [3, 3, 3], "strides": [1, 2, 2], "n_conv_per_stage": 2, "#
      + #""n_conv_per_stage_decoder": 1, "norm": {"name": "instance"}}}"#,
  ]

  /// Second names of arguments, and options that stand twice.
  private static let members = [
    #""spatial_dims": 3"#, #""spatialDims": 3"#, #""dimensions": 3"#, #""act": "relu""#, #""activation": "PRELU""#,
    #""act_name": "relu""#, #""actName": ["leakyrelu", {"negative_slope": 0.1, "negativeSlope": 0.2}]"#,
    #""norm": ["batch", {"name": "instance"}]"#, #""norm_name": ["instance", {"name": "batch"}]"#,
    #""negative_slope": 0.1"#, #""negativeSlope": 0.1"#, #""name": "batch""#, #""inChannels": 2"#, #""in_channels": 2"#,
    #""in__channels": 2"#, #""dropout": ["dropout", {"p": 0.1}]"#,
    #""strides": [32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32, 32]"#,
  ].map { Array("\($0), ".utf8) }

  /// The `data.pkl` of those files that have a readable one.
  private static func pickles(_ checkpoints: [[UInt8]]) throws -> [[UInt8]] {
    checkpoints.compactMap { bytes in
      bytes.withUnsafeBytes { bytes in
        guard let archive = try? ZipArchive(bytes),
          let entry = archive.entries.first(where: { $0.key.hasSuffix("data.pkl") && !$0.value.isDeflated })?.value
        else { return nil }
        return Array(bytes[entry.range])
      }
    }
  }

  /// A folder with `model.json` and small weights, one of them damaged.
  static func folderReader() throws -> FuzzReader {
    let source = fixtures.appendingPathComponent("unet-batch")
    let description = Array(try Data(contentsOf: source.appendingPathComponent("model.json")))
    let weights = source.appendingPathComponent("weights.safetensors")
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("lesionqc-fuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: weights, to: place.appendingPathComponent("weights.safetensors"))
    return FuzzReader(
      name: "model folder", corpus: [description],
      tokens: ["[", "]", "{", "}", "null", "-1", "1e9", "3", "\"relu\"", "9223372036854775807"].map { Array($0.utf8) },
      ending: "json", isSlow: true,
      read: { path in
        let target = place.appendingPathComponent("model.json")
        try? FileManager.default.removeItem(at: target)
        try FileManager.default.copyItem(atPath: path, toPath: target.path)
        _ = try ModelFolder.load(place.path).parameterCount
      })
  }

  @Test("Each is read or refused") func damagedFiles() throws {
    for reader in try Self.readers() + [Self.folderReader()] {
      try Fuzz.run(reader) { $0 is CheckpointError || $0 is ModelError || $0 is NetworkError }
    }
  }
}
