import Foundation

@testable import Volumes

/// What the fixture script recorded.
enum Fixtures {
  static func load<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
    return try JSONDecoder().decode(T.self, from: Data(contentsOf: folder.appendingPathComponent(name)))
  }

  /// A folder of its own for one test, removed afterwards.
  static func withTemporaryFolder<R>(_ body: (String) throws -> R) throws -> R {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("volumes-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }

  /// Writes bytes to a file whose name ends in `name` and hands over its path; the file is gone afterwards.
  static func withFile<R>(_ bytes: some DataProtocol, name: String = "image.nii", _ body: (String) throws -> R) throws
    -> R
  {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)-\(name)")
    try Data(bytes).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    return try body(file.path)
  }
}

extension Affine {
  /// Largest difference of a coefficient, relative to the largest coefficient of its column.
  func relativeDifference(from other: Affine) -> Double {
    var largest = 0.0
    for column in 0..<4 {
      let scale = (0..<3).map { abs(other.rows[$0][column]) }.max()!
      for row in 0..<3 where scale > 0 {
        largest = max(largest, abs(rows[row][column] - other.rows[row][column]) / scale)
      }
    }
    return largest
  }
}

extension GridShape { init(_ sizes: [Int]) { self.init(sizes[0], sizes[1], sizes[2]) } }
