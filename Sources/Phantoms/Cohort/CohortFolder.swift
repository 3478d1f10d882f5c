import Foundation

/// The folder of a data set; file names are relative to it.
struct CohortFolder: Sendable {
  let path: String

  func absolute(_ name: String) -> String { path + "/" + name }

  func holds(_ name: String) -> Bool { FileManager.default.fileExists(atPath: absolute(name)) }

  func remove(_ name: String) throws { try attempt(name) { try FileManager.default.removeItem(atPath: $0) } }

  func makeFolder(_ name: String) throws {
    try attempt(name) { try FileManager.default.createDirectory(atPath: $0, withIntermediateDirectories: true) }
  }

  /// Writes a text under a temporary name and renames it.
  func write(_ text: String, to name: String) throws {
    try attempt(name) { try Data(text.utf8).write(to: URL(fileURLWithPath: $0), options: .atomic) }
  }

  private func attempt(_ name: String, _ work: (String) throws -> Void) throws {
    do {
      try work(absolute(name))
    } catch {
      throw PhantomError.unwritable(path: absolute(name), reason: (error as NSError).localizedDescription)
    }
  }
}
