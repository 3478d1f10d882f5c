import AuditTrail
import Foundation
import Networks
import Testing

@testable import QualityControl

@Suite("Import of a model") struct ModelImportTests {
  private static let bundle = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../NetworksTests/Fixtures/checkpoints/bundle").standardizedFileURL

  @Test("A bundle becomes a folder that states its origin and that its quality is unknown") func folder() throws {
    let place = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    let bundle = try MONAIBundle(path: Self.bundle.path)
    var job = ModelImport(
      state: try StateDict(path: bundle.weightsPath), architecture: bundle.architecture,
      contract: ModelFolder.Contract(
        brainExtracted: true, orientation: "RAS", window: try #require(bundle.window), threshold: 0.3))
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
      "| model.pt | `\(weights)` |", configuration, "Licence: CC0-1.0", "Unknown.", "brain-extracted", "0.3",
    ] {
      #expect(card.contains(text), "\(text)")
    }
    #expect(!card.contains(NSHomeDirectory()) && !card.contains("Fixtures"))

    // The same import again gives the same bytes: nothing in the folder depends on when it was made.
    let first = try Data(contentsOf: model.weightURLs[0]) + Data(contentsOf: model.descriptionURL)
    #expect(throws: QualityControlError.self) { try job.write(to: place.path, overwrite: false) }
    _ = try job.write(to: place.path, overwrite: true)
    #expect(try Data(contentsOf: model.weightURLs[0]) + Data(contentsOf: model.descriptionURL) == first)
  }

  @Test("Nothing is left of an import that fails") func failure() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("import-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let bundle = try MONAIBundle(path: Self.bundle.path)
    let wrong = Self.bundle.appendingPathComponent("../unet-wrong.pt").standardizedFileURL
    let job = ModelImport(
      state: try StateDict(path: wrong.path), architecture: bundle.architecture,
      contract: ModelFolder.Contract(brainExtracted: true, orientation: "RAS", window: [8, 8, 8], threshold: 0.3))
    #expect(throws: NetworkError.self) {
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
    #expect(message { try write("2", overwrite: false) }.contains("--overwrite"))
    try write("3", overwrite: true)
    #expect(try String(contentsOf: place.appendingPathComponent("model.json"), encoding: .utf8) == "3")
    try FileManager.default.removeItem(at: place.appendingPathComponent("model.json"))
    try "thesis".write(to: place.appendingPathComponent("thesis.txt"), atomically: true, encoding: .utf8)
    #expect(message { try write("4", overwrite: true) }.contains("no model folder"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["m"])
  }
}
