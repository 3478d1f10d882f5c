import Archive
import Foundation
import Results

/// A file that a command was asked to write.
enum WrittenDocument {
  /// - Throws: ``Fault`` where a file is there that may not be replaced, or where nothing can be written.
  static func write(_ text: String, to file: URL, overwrite: Bool) throws {
    guard overwrite || !FileManager.default.fileExists(atPath: file.path) else {
      throw Fault(.output, file.path, found: "exists", remedy: .replace)
    }
    try DatasetFiles.replace(file, with: Array(text.utf8))
  }
}
