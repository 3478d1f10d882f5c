import Digests
import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

@Suite("Import of a model") struct ModelImportTests {
  private static let bundle = fixtures.appendingPathComponent("checkpoints/bundle")
  private static let program = ImportingProgram(name: "a program", version: "1.2", disclaimer: "A disclaimer.")

  @Test("A bundle becomes a folder that states its origin and that its quality is unknown") func folder() throws {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let bundle = try MONAIBundle(path: Self.bundle.path)
    var job = ModelImport(
      state: try StateDict(path: bundle.weightsPath), architecture: bundle.architecture,
      contract: ModelFolder.Contract(
        brainExtracted: true, orientation: "RAS", window: try #require(bundle.inferer).window.get(), threshold: 0.3),
      program: Self.program)
    job.licence = "CC0-1.0"
    job.configurationPath = bundle.configurationPath
    let outcome = try job.write(to: place.path, overwrite: false)
    let model = try ModelFolder.load(place.path)
    #expect(outcome.parameterCount == model.parameterCount && outcome.location.isEmpty)

    let weights = try Digest.sha256(file: URL(fileURLWithPath: bundle.weightsPath))
    let configuration = try Digest.sha256(file: URL(fileURLWithPath: bundle.configurationPath))
    let provenance = Dictionary(uniqueKeysWithValues: model.description.provenance.map { ($0.key, $0.value) })
    #expect(provenance["name"] == place.lastPathComponent && provenance["licence"] == "CC0-1.0")
    #expect(provenance["checkpointFile"] == "model.pt" && provenance["checkpointSha256"] == weights)
    #expect(provenance["configurationFile"] == "inference.json" && provenance["configurationSha256"] == configuration)
    let card = try String(contentsOf: place.appendingPathComponent("MODEL_CARD.md"), encoding: .utf8)
    for text in [
      "A MONAI `UNet`", "imported by a program 1.2. A disclaimer.", "| model.pt | `\(weights)` |", configuration,
      "Licence: CC0-1.0", "Unknown.", "brain-extracted", "0.3",
    ] { #expect(card.contains(text), "\(text)") }
    #expect(!card.contains(NSHomeDirectory()) && !card.contains("Fixtures"))

    // The same import again gives the same bytes: nothing in the folder depends on when it was made.
    let first = try Data(contentsOf: model.weightURLs[0]) + Data(contentsOf: model.descriptionURL)
    #expect(throws: ModelError.self) { try job.write(to: place.path, overwrite: false) }
    _ = try job.write(to: place.path, overwrite: true)
    #expect(try Data(contentsOf: model.weightURLs[0]) + Data(contentsOf: model.descriptionURL) == first)
  }

  /// The bundle's network is that of the fixture `unet-batch`, whose probes MONAI computed.
  @Test("A probe is verified before the folder is there, and kept in it") func probe() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let fixtures = Self.bundle.appendingPathComponent("../..").standardizedFileURL
    let bundle = try MONAIBundle(path: Self.bundle.path)
    var job = ModelImport(
      state: try StateDict(path: bundle.weightsPath), architecture: bundle.architecture,
      contract: ModelFolder.Contract(brainExtracted: true, orientation: "RAS", window: [8, 8, 8], threshold: 0.3),
      program: Self.program)

    job.probePath = fixtures.appendingPathComponent("unet-relu/small.safetensors").path
    let error = #expect(throws: ModelError.self) {
      try job.write(to: folder.appendingPathComponent("m").path, overwrite: false)
    }
    #expect("\(try #require(error))".contains("logits differ from the probe"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)

    let probe = fixtures.appendingPathComponent("unet-batch/small.safetensors")
    job.probePath = probe.path
    let outcome = try job.write(to: folder.appendingPathComponent("m").path, overwrite: false)
    #expect(try #require(outcome.deviation).isWithinTolerance)
    let model = try ModelFolder.load(folder.appendingPathComponent("m").path)
    #expect(try Data(contentsOf: model.probeURL) == Data(contentsOf: probe))
    #expect(try model.verify().isWithinTolerance)
  }

  @Test("A result folder of nnU-Net records its checkpoints, and says in words what it does to images") func nnUNet()
    throws
  {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let source = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../AnalysisTests/Fixtures/nnunet-separate"
    ).standardizedFileURL
    let outcome = try NNUNetModelImport(
      source: NNUNetImport(source: source, brainExtracted: true), program: Self.program
    ).write(to: place.path, overwrite: false).outcome
    let description = try ModelFolder.load(place.path).description
    #expect(outcome.folds.count == 2)
    for (fold, path) in zip(outcome.folds, outcome.checkpointPaths) {
      let digest = try Digest.sha256(file: URL(fileURLWithPath: path))
      #expect(description.provenance.contains { $0.key == "fold_\(fold)Sha256" && $0.value == digest })
    }
    let lines = InputContract(description).lines.map { "\($0.title): \($0.text)" }
    for text in [
      "normalisation: FLAIR: ZScoreNormalization, useMask false",
      "normalisation: T1w: ZScoreNormalization, useMask true",
      "network axes 0, 1, 2 are the image's k, j, i, transposeForward [0, 1, 2]",
      "crop: to the box of voxels that are not 0", "voxel size: 4.0 x 1.2 x 1.0 mm along network axes 0, 1, 2",
      "resample image: splines of order 3",
      "resample logits: splines of order 1; the coarse axis on its own where voxels are anisotropic, there of order 0",
      "window: 4 x 8 x 12 voxels along network axes 0, 1, 2, overlap 0.5",
    ] { #expect(lines.contains { $0.contains(text) }, "\(text) is not in \(lines)") }
  }

  @Test("The card names the project that the architecture is from") func project() throws {
    let parameters = "{\"in_channels\": 2}"
    for (name, project) in [("UNet", "A MONAI"), ("SwinUNETR", "A MONAI"), ("PlainConvUNet", "An nnU-Net v2")] {
      #expect(try ArchitectureArguments(name: name, parameters: parameters, origin: "x").project == project)
    }
  }

  @Test("Nothing is left of an import that fails") func failure() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let bundle = try MONAIBundle(path: Self.bundle.path)
    let wrong = Self.bundle.appendingPathComponent("../unet-wrong.pt").standardizedFileURL
    let job = ModelImport(
      state: try StateDict(path: wrong.path), architecture: bundle.architecture,
      contract: ModelFolder.Contract(brainExtracted: true, orientation: "RAS", window: [8, 8, 8], threshold: 0.3),
      program: Self.program)
    #expect(throws: CheckpointError.self) {
      try job.write(to: folder.appendingPathComponent("m").path, overwrite: false)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
  }

  @Test("A folder is replaced only when asked, and only if it is a model") func overwriting() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func message(_ body: () throws -> Void) -> String {
      do { try body() } catch { return "\(error)" }
      return "no error"
    }
    let place = folder.appendingPathComponent("m")
    func write(_ text: String, overwrite: Bool) throws {
      let draft = try ModelFolderDraft(destination: place.path, overwrite: overwrite)
      try draft.write(text, to: "model.json")
      try draft.commit()
    }
    try write("1", overwrite: false)
    #expect(message { try write("2", overwrite: false) }.contains("ask for it to be replaced"))
    try write("3", overwrite: true)
    #expect(try String(contentsOf: place.appendingPathComponent("model.json"), encoding: .utf8) == "3")
    try FileManager.default.removeItem(at: place.appendingPathComponent("model.json"))
    try "thesis".write(to: place.appendingPathComponent("thesis.txt"), atomically: true, encoding: .utf8)
    #expect(message { try write("4", overwrite: true) }.contains("no model folder"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m"])
  }
}
