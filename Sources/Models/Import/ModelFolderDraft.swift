import Checkpoints
import Foundation

/// A model folder while it is being written: beside its place under a temporary name, moved there when it is complete,
/// so that nothing half-written ever looks finished.
final class ModelFolderDraft {
  /// Where the files are written.
  let folder: URL
  private let destination: URL
  private let overwrite: Bool
  private var isCommitted = false

  /// - Throws: ``ModelError/output(folder:problem:remedy:)`` when the folder exists and may not be replaced, or cannot
  ///   be made.
  init(destination path: String, overwrite: Bool) throws {
    destination = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
    self.overwrite = overwrite
    folder = destination.deletingLastPathComponent().appendingPathComponent(
      ".\(destination.lastPathComponent).partial", isDirectory: true)
    if FileManager.default.fileExists(atPath: destination.path) {
      guard overwrite else {
        throw ModelError.output(folder: path, problem: "exists already; choose another folder", remedy: .replace)
      }
      // Only what looks like a model is replaced, so that a mistyped path costs nothing.
      let content = try? FileManager.default.contentsOfDirectory(atPath: destination.path)
      guard let content, content.isEmpty || content.contains("model.json") else {
        throw ModelError.output(folder: path, problem: "is no model folder and is not replaced; choose another folder")
      }
    }
    do {
      try? FileManager.default.removeItem(at: folder)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch { throw failure(error) }
  }

  deinit { if !isCommitted { try? FileManager.default.removeItem(at: folder) } }

  /// Writes a text file.
  func write(_ text: String, to name: String) throws {
    do { try Data(text.utf8).write(to: folder.appendingPathComponent(name)) } catch { throw failure(error) }
  }

  /// Adds the card, compares the model with what its origin computed where there is a probe, which it then keeps, and
  /// moves the folder to its place.
  ///
  /// - Throws: ``ModelError/disagreement(file:problem:)`` when they differ by more than rounding explains,
  ///   `CheckpointError`.
  func finish(card: ModelCard, probe: String?) throws -> ModelProbe.Deviation? {
    try write(card.text, to: "MODEL_CARD.md")
    let deviation = try probe.map(keepProbe)
    try commit()
    return deviation
  }

  private func keepProbe(_ path: String) throws -> ModelProbe.Deviation {
    let model = try ModelFolder.load(folder.path)
    let deviation = try model.verify(probe: path)
    if let problem = deviation.problem { throw ModelError.disagreement(file: path, problem: problem) }
    if model.description.channelOrder.isExchanged {
      try ModelProbe.write(SafeTensors(path: path), in: model.description.channelOrder, to: model.probeURL)
      return deviation
    }
    do { try FileManager.default.copyItem(at: URL(fileURLWithPath: path), to: model.probeURL) } catch {
      throw failure(error)
    }
    return deviation
  }

  /// Moves the folder to its place.
  func commit() throws {
    do {
      if FileManager.default.fileExists(atPath: destination.path) {
        let old = destination.deletingLastPathComponent().appendingPathComponent(
          ".\(destination.lastPathComponent).replaced", isDirectory: true)
        try? FileManager.default.removeItem(at: old)
        try FileManager.default.moveItem(at: destination, to: old)
        do { try FileManager.default.moveItem(at: folder, to: destination) } catch {
          try? FileManager.default.moveItem(at: old, to: destination)
          throw error
        }
        try? FileManager.default.removeItem(at: old)
      } else {
        try FileManager.default.moveItem(at: folder, to: destination)
      }
      isCommitted = true
    } catch { throw failure(error) }
  }

  private func failure(_ error: any Error) -> ModelError {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError ?? error as NSError
    let reason =
      cause.domain == NSPOSIXErrorDomain ? String(cString: strerror(Int32(cause.code))) : cause.localizedDescription
    return .output(
      folder: destination.path, problem: "cannot be written (\(reason)); free space or choose another folder")
  }
}
