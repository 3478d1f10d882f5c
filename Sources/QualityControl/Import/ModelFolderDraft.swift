import Foundation
import Networks

/// A model folder while it is being written: beside its place under a temporary name, moved there when it is complete, so that
/// nothing half-written ever looks finished.
final class ModelFolderDraft {
  /// Where the files are written.
  let folder: URL
  private let destination: URL
  private let overwrite: Bool
  private var isCommitted = false

  /// - Throws: ``QualityControlError/badOutput(_:)`` when the folder exists and may not be replaced, or cannot be made.
  init(destination path: String, overwrite: Bool) throws {
    destination = URL(fileURLWithPath: path, isDirectory: true).standardizedFileURL
    self.overwrite = overwrite
    folder = destination.deletingLastPathComponent().appendingPathComponent(
      ".\(destination.lastPathComponent).partial", isDirectory: true)
    if FileManager.default.fileExists(atPath: destination.path) {
      guard overwrite else {
        throw QualityControlError.badOutput(
          "\(path): exists already; choose another folder or replace it with --overwrite")
      }
      // Only what looks like a model is replaced, so that a mistyped path costs nothing.
      let content = try? FileManager.default.contentsOfDirectory(atPath: destination.path)
      guard let content, content.isEmpty || content.contains("model.json") else {
        throw QualityControlError.badOutput("\(path): is no model folder and is not replaced; choose another folder")
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

  /// Compares the model in the folder with what its origin computed, and keeps the probe beside it.
  ///
  /// - Throws: ``QualityControlError/badModel(_:)`` when they differ by more than rounding explains, `NetworkError`.
  func keepProbe(_ path: String) throws -> ModelProbe.Deviation {
    let model = try ModelFolder.load(folder.path)
    let deviation = try model.verify(probe: path)
    if let problem = deviation.problem { throw QualityControlError.badModel("\(path): \(problem)") }
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

  private func failure(_ error: any Error) -> QualityControlError {
    .badOutput(
      "\(destination.path): cannot be written (\(OutputTransaction.reason(error))); free space or choose another folder"
    )
  }
}
