import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

@Suite("Model folder") struct ModelFolderTests {
  private static let valid = try! String(
    contentsOf: fixtures.appendingPathComponent("unet-batch/model.json"), encoding: .utf8)

  private func describe(_ text: String) throws -> ModelDescription {
    try ModelDescription(try JSONParser.parse(text), file: "model.json")
  }

  /// The valid description with one piece of text replaced; fails the test if it is not there.
  private func changed(_ old: String, _ new: String) -> String {
    let compact = Self.valid.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }.joined(
      separator: " ")
    #expect(compact.contains(old), "\(old) is not in the description")
    return compact.replacingOccurrences(of: old, with: new)
  }

  /// Found by planning, without allocating: a window of a thousand million voxels takes no longer than one of 512.
  @Test("A window without memory for it is refused with the figure") func memory() throws {
    let model = try ModelFolder.load(fixtures.appendingPathComponent("unet-batch").path)
    let member = try Executor(model.networks[0], threads: 1)
    #expect(throws: Never.self) { try model.requireMemory([member], available: 1 << 30) }
    #expect(throws: Never.self) { try model.requireMemory([member], available: nil) }
    #expect { try model.requireMemory([member], available: 1000) } throws: {
      "\($0)".contains("model.json: \"window\" [8, 8, 8] needs at least 0.0 GB")
    }
    let wide = Model(
      folder: model.folder,
      description: try describe(changed("\"window\": [ 8, 8, 8 ]", "\"window\": [1024, 1024, 1024]")),
      networks: model.networks)
    #expect { try wide.requireMemory([member, member], available: 16 << 30) } throws: { error in
      guard case ModelError.unsupported(_, let found, _, _) = error else { return false }
      return found.contains("[1024, 1024, 1024] needs at least") && found.contains("17.2 GB are free")
    }
    // The plan's own figure is what the plan takes.
    let planned = try member.workingBytes(spatialShape: [8, 8, 8])
    #expect(planned == (try member.plan(for: [8, 8, 8]).workingBytes))
  }

  @Test("Weight files stay in their folder") func weightsBehindLinks() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("model-\(UUID().uuidString)")
    let inside = folder.appendingPathComponent("model")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(at: fixtures.appendingPathComponent("unet-batch"), to: inside)
    let weights = inside.appendingPathComponent("weights.safetensors")
    #expect(throws: Never.self) { try ModelFolder.load(inside.path) }
    try FileManager.default.moveItem(at: weights, to: folder.appendingPathComponent("elsewhere.safetensors"))
    try FileManager.default.createSymbolicLink(atPath: weights.path, withDestinationPath: "../elsewhere.safetensors")
    #expect { try ModelFolder.load(inside.path) } throws: { "\($0)".contains("leads out of its folder") }
    try FileManager.default.removeItem(at: weights)
    #expect(mkfifo(weights.path, 0o600) == 0)
    #expect { try ModelFolder.load(inside.path) } throws: { "\($0)".contains("a named pipe") }
    for name in ["../x.safetensors", "a/b.safetensors", "/x.safetensors", "a\u{1}.safetensors", ".x.safetensors"] {
      let list = String(decoding: try JSONEncoder().encode([name]), as: UTF8.self)
      #expect(throws: CheckpointError.self) {
        try describe(changed("\"schemaVersion\": 1", "\"weights\": \(list), \"schemaVersion\": 1"))
      }
    }
  }

  @Test("A valid description") func valid() throws {
    let model = try ModelFolder.load(fixtures.appendingPathComponent("unet-batch").path)
    let description = model.description
    #expect(description.channels == ["FLAIR", "T1w"])
    #expect(description.window == [8, 8, 8] && description.overlap == 0.25 && description.importance == .gaussian)
    #expect(description.threshold == 0.3 && description.lesionClass == 1 && description.brainExtracted)
    #expect(description.orientation == .asStored && description.spacingMillimetres == nil)
    #expect(description.name == "unet-batch")
    // Weights 2·4·27 + 4·6·27 + 6·8·27 + 14·4·27 + 8·2·27; biases 4+6+8+4+2; norm 2·(4+6+8+4); slopes 4
    #expect(model.parameterCount == (8 + 24 + 48 + 56 + 16) * 27 + 24 + 44 + 4)
    #expect(model.networks[0].divisors == [4, 4, 4])
    #expect(model.weightURLs.map(\.lastPathComponent) == ["weights.safetensors"])
  }

  @Test("The example of the documentation is valid") func example() throws {
    let url = fixtures.deletingLastPathComponent().appendingPathComponent("../../docs/schemas/model.example.json")
    let description = try ModelDescription(path: url.standardizedFileURL.path)
    #expect(description.orientation == .axes("RAS"))
    let unet = try #require(description.architecture as? UNetConfiguration)
    #expect(unet.channels == [32, 64, 128, 256, 512] && unet.divisors == [16, 16, 16])
  }

  static let nnunet = #"""
    "preprocessing": {"scheme": "nnunet-v2", "transposeForward": [2, 0, 1],
      "normalisation": [{"scheme": "ZScoreNormalization", "useMask": true}, {"scheme": "NoNormalization"}],
      "imageResampling": {"order": 3, "orderZ": 0},
      "logitResampling": {"order": 1, "orderZ": 0, "forceSeparateZ": false}},
    "weights": ["a.safetensors", "b.safetensors"], "tiling": "nnunet", "mirrorAxes": [2, 0], "normalisation": "nnunet",
    """#

  @Test("Keys of an nnU-Net") func nnunetKeys() throws {
    let text = changed(#""normalisation": "zscore-nonzero","#, Self.nnunet).replacingOccurrences(
      of: #""importance": "gaussian""#, with: #""importance": "nnunet-gaussian""#)
    let description = try describe(text)
    #expect(description.weightFiles == ["a.safetensors", "b.safetensors"] && description.mirrorAxes == [0, 2])
    #expect(description.tiling == .nnunet && description.importance == .nnunetGaussian)
    let preprocessing = try #require(description.preprocessing)
    #expect(preprocessing.transposeForward == [2, 0, 1])
    #expect(preprocessing.normalisation == [.zScore(useMask: true), .none])
    #expect(preprocessing.imageResampling == .init(order: 3, orderZ: 0, forceSeparateZ: nil))
    #expect(preprocessing.logitResampling == .init(order: 1, orderZ: 0, forceSeparateZ: false))
    #expect(try NNUNetPreprocessing(preprocessing.json, file: "model.json", channels: 2) == preprocessing)
    let plain = try describe(Self.valid)
    #expect(plain.weightFiles == ["weights.safetensors"] && plain.mirrorAxes.isEmpty && plain.tiling == .monai)
    #expect(plain.preprocessing == nil)
  }

  static let wrongNNUNet: [(old: String, new: String, says: [String])] = [
    ("[2, 0, 1]", "[2, 0, 0]", ["preprocessing.transposeForward"]),
    (#", {"scheme": "NoNormalization"}"#, "", ["preprocessing.normalisation", "a list of 2"]),
    ("NoNormalization", "RGBTo01Normalization", ["preprocessing.normalisation[1].scheme", "RGBTo01Normalization"]),
    (#"{"order": 1, "#, #"{"order": 3, "#, ["preprocessing.logitResampling.order", "is 3"]),
    (#"{"order": 3, "orderZ": 0}"#, #"{"order": 2, "orderZ": 0}"#, ["preprocessing.imageResampling.order", "is 2"]),
    ("a.safetensors", "../a.safetensors", ["weights"]), ("a.safetensors", "b.safetensors", ["weights", "different"]),
    ("[2, 0]", "[2, 3]", ["mirrorAxes", "0 to 2"]),
    (#""tiling": "nnunet""#, #""tiling": "even""#, ["tiling", "monai"]),
    (#""normalisation": "nnunet""#, #""normalisation": "zscore-nonzero""#, ["normalisation", "belong together"]),
    ("nnunet-v2", "nnunet-v1", ["preprocessing.scheme"]),
  ]

  @Test("Wrong keys of an nnU-Net", arguments: wrongNNUNet.indices) func refusedNNUNet(index: Int) {
    let item = Self.wrongNNUNet[index]
    #expect(Self.nnunet.contains(item.old))
    let keys = Self.nnunet.replacingOccurrences(of: item.old, with: item.new)
    let text = message { _ = try describe(changed(#""normalisation": "zscore-nonzero","#, keys)) }
    for part in item.says { #expect(text.contains(part), "\(text)") }
  }

  static let wrong: [(old: String, new: String, says: [String])] = [
    (#""overlap": 0.25"#, #""overlap": 1"#, ["overlap", "is 1", "[0, 1)"]),
    (#""overlap": 0.25"#, #""overlap": -0.1"#, ["overlap", "-0.1"]),
    (#""overlap": 0.25"#, #""overlapp": 0.25"#, ["overlapp", "not a key", "allowed:", "overlap,"]),
    (#""threshold": 0.3"#, #""threshold": 0"#, ["threshold", "between 0 and 1"]),
    (#""threshold": 0.3"#, #""threshold": "0.3""#, ["threshold", "is \"0.3\""]),
    (#""threshold": 0.3,"#, "", ["threshold", "is missing"]),
    (#""schemaVersion": 1"#, #""schemaVersion": 2"#, ["schemaVersion", "is 2"]),
    (
      #"[ "FLAIR", "T1w" ]"#, #"["T1w", "FLAIR"]"#,
      ["channels", "[\"T1w\", \"FLAIR\"]", "expected [\"FLAIR\", \"T1w\"]"]
    ), (#"[ "FLAIR", "T1w" ]"#, #"["FLAIR"]"#, ["inChannels", "is 2; expected 1"]),
    (#""window": [ 8, 8, 8 ]"#, #""window": [8, 6, 8]"#, ["window", "[8, 6, 8]", "divisible", "[4, 4, 4]"]),
    (#""window": [ 8, 8, 8 ]"#, #""window": [8, 0, 8]"#, ["window", "1 to 1024"]),
    (#""window": [ 8, 8, 8 ]"#, #""window": 8"#, ["window", "is 8"]),
    (#""lesionClass": 1"#, #""lesionClass": 2"#, ["lesionClass", "is 2", "0 to 1"]),
    (#""orientation": "asStored""#, #""orientation": "RLA""#, ["orientation", "\"RLA\"", "asStored"]),
    (#""orientation": "asStored""#, #""orientation": "RASX""#, ["orientation"]),
    (#""spacingMillimetres": null"#, #""spacingMillimetres": [1, 1]"#, ["spacingMillimetres", "a list of 2"]),
    (#""spacingMillimetres": null"#, #""spacingMillimetres": [1, 1, 0]"#, ["spacingMillimetres"]),
    (
      #""normalisation": "zscore-nonzero""#, #""normalisation": "minmax""#,
      ["normalisation", "minmax", "zscore-nonzero"]
    ), (#""brainExtracted": true"#, #""brainExtracted": 1"#, ["brainExtracted", "true or false"]),
    (#""importance": "gaussian""#, #""importance": "triangle""#, ["importance", "gaussian"]),
    (#""name": "UNet""#, #""name": "VNet""#, ["architecture.name", "VNet", "UNet"]),
    (#""numResUnits": 0"#, #""numResUnits": -1"#, ["architecture.parameters.numResUnits", "-1"]),
    (
      #""numResUnits": 0"#, #""num_res_units": 0"#,
      ["architecture.parameters.num_res_units", "not a key", "numResUnits"]
    ), (#""kernelSize": 3"#, #""kernelSize": 4"#, ["kernelSize", "odd"]),
    (#""inChannels": 2"#, #""inChannels": 1"#, ["inChannels", "is 1", "one per channel"]),
    (#""strides": [ 2, 2 ]"#, #""strides": [2]"#, ["strides", "a list of 2"]),
    (#""channels": [ 4, 6, 8 ]"#, #""channels": [4]"#, ["architecture.parameters.channels"]),
    (#""spatialDims": 3"#, #""spatialDims": 2"#, ["spatialDims", "is 2"]),
    (#"{ "name": "prelu" }"#, #"{"name": "glu"}"#, ["activation.name", "glu", "prelu"]),
    (#"{ "name": "prelu" }"#, #"{"name": "prelu", "negativeSlope": 1}"#, ["negativeSlope", "no option of prelu"]),
    (#"{ "name": "batch" }"#, #"{"name": "layer", "affine": 1}"#, ["norm.name", "layer"]),
    (#"{ "name": "batch" }"#, #"{"name": "batch", "eps": 0}"#, ["norm.eps", "above 0"]),
    (#""name": "unet-batch""#, #""name": 7"#, ["provenance.name", "is 7"]),
  ]

  @Test("A wrong value is named with what was expected", arguments: wrong.indices) func refused(index: Int) {
    let item = Self.wrong[index]
    let text = message { _ = try describe(changed(item.old, item.new)) }
    for part in item.says { #expect(text.contains(part), "\(item.new): \(text)") }
    #expect(text.hasPrefix("model.json: ") && !text.contains("\n"))
  }

  @Test("All weights that do not fit are listed at once") func weights() throws {
    try withTemporaryFolder { folder in
      let source = fixtures.appendingPathComponent("unet-batch")
      let stored = try SafeTensors(path: source.appendingPathComponent("weights.safetensors").path)
      #expect(stored.names.contains("model.0.adn.N.num_batches_tracked"), "which the loader must ignore")
      var tensors: [String: Tensor] = [:]
      for name in stored.names { tensors[name] = stored.tensor(name) }
      tensors["model.0.conv.weight"] = nil
      tensors["model.0.adn.N.running_var"] = nil
      tensors["model.2.conv.bias"] = Tensor(shape: [3])
      tensors["model.9.weight"] = Tensor(shape: [1])
      try Self.valid.write(to: folder.appendingPathComponent("model.json"), atomically: true, encoding: .utf8)
      let url = folder.appendingPathComponent("weights.safetensors")
      try SafeTensors.write(tensors, to: url)
      #expect(
        throws: CheckpointError.parameters(
          file: url.path, architecture: "model.json", missing: ["model.0.conv.weight", "model.0.adn.N.running_var"],
          surplus: ["model.9.weight"], misshapen: ["model.2.conv.bias is 3, expected 2"])
      ) { try ModelFolder.load(folder.path) }
    }
  }

  @Test("Weights that are not finite are named", arguments: [Float.nan, .infinity]) func notFinite(_ value: Float)
    throws
  {
    try withTemporaryFolder { folder in
      let source = fixtures.appendingPathComponent("unet-batch")
      let stored = try SafeTensors(path: source.appendingPathComponent("weights.safetensors").path)
      var tensors = Dictionary(uniqueKeysWithValues: stored.names.map { ($0, stored.tensor($0)!) })
      tensors["model.0.conv.weight"]!.values[3] = value
      try Self.valid.write(to: folder.appendingPathComponent("model.json"), atomically: true, encoding: .utf8)
      try SafeTensors.write(tensors, to: folder.appendingPathComponent("weights.safetensors"))
      let text = message { _ = try ModelFolder.load(folder.path) }
      #expect(
        text.contains("weights.safetensors") && text.contains("model.0.conv.weight") && text.contains("not a finite"))
    }
  }

  @Test("Names under DataParallel's prefix") func modulePrefix() throws {
    try withTemporaryFolder { folder in
      let source = fixtures.appendingPathComponent("unet-batch")
      let stored = try SafeTensors(path: source.appendingPathComponent("weights.safetensors").path)
      let tensors = Dictionary(uniqueKeysWithValues: stored.names.map { ("module.\($0)", stored.tensor($0)!) })
      try Self.valid.write(to: folder.appendingPathComponent("model.json"), atomically: true, encoding: .utf8)
      try SafeTensors.write(tensors, to: folder.appendingPathComponent("weights.safetensors"))
      let probe = source.appendingPathComponent("small.safetensors").path
      #expect(try ModelFolder.load(folder.path).verify(probe: probe).isWithinTolerance)
    }
  }

  @Test("An absurd architecture asks for no memory") func absurd() {
    let text = message {
      try withTemporaryFolder { folder in
        let huge = changed(#""channels": [ 4, 6, 8 ]"#, #""channels": [65536, 65536, 65536]"#)
        try huge.write(to: folder.appendingPathComponent("model.json"), atomically: true, encoding: .utf8)
        try SafeTensors.write([:], to: folder.appendingPathComponent("weights.safetensors"))
        _ = try ModelFolder.load(folder.path)
      }
    }
    #expect(text.contains("missing") && text.contains("model.0.conv.weight"))
  }

  @Test("Folders that are none") func noFolder() throws {
    #expect(message { _ = try ModelFolder.load("/nowhere") }.contains("/nowhere: cannot be read: not a model folder"))
    try withTemporaryFolder { folder in
      #expect(message { _ = try ModelFolder.load(folder.path) }.contains("model.json: cannot be read"))
      try "{".write(to: folder.appendingPathComponent("model.json"), atomically: true, encoding: .utf8)
      #expect(message { _ = try ModelFolder.load(folder.path) }.contains("not valid JSON: byte 1"))
      try Self.valid.write(to: folder.appendingPathComponent("model.json"), atomically: true, encoding: .utf8)
      #expect(message { _ = try ModelFolder.load(folder.path) }.contains("weights.safetensors: cannot be read"))
    }
  }
}
