import Checkpoints

/// Resolves the references inside a MONAI bundle's configuration to literal values. Expressions (`$…`) and macros
/// (`%…`) would have to be run by Python and are refused, never evaluated.
final class BundleReferences {
  private let root: JSONValue
  let file: String
  private var count = 0

  /// More steps than any bundle takes; a circle of references ends here.
  private static let maximumDepth = 16
  /// More values than any bundle has; references that multiply end here.
  private static let maximumCount = 10_000

  init(root: JSONValue, file: String) { (self.root, self.file) = (root, file) }

  /// The value with every `@name` replaced by what it names.
  ///
  /// - Parameter path: Names the value in messages.
  /// - Throws: ``CheckpointError``.
  func resolved(_ value: JSONValue, path: String, depth: Int = 0) throws -> JSONValue {
    count += 1
    guard depth < Self.maximumDepth, count <= Self.maximumCount else {
      throw CheckpointError.key(file: file, key: path, problem: "has references that lead in a circle or too far")
    }
    switch value {
    case .string(let text):
      switch text.first {
      case "$", "%":
        throw CheckpointError.key(
          file: file, key: path,
          problem:
            "is \(value.kind), an expression of Python or a macro, which is never evaluated; write its value into the "
            + "file")
      case "@": return try resolved(try target(String(text.dropFirst()), path: path), path: path, depth: depth + 1)
      default: return value
      }
    case .array(let items):
      return .array(try items.enumerated().map { try resolved($1, path: "\(path).\($0)", depth: depth + 1) })
    case .object(let members):
      return .object(
        try members.filter { !Self.isRemark($0.key) }.map {
          ($0.key, try resolved($0.value, path: "\(path).\($0.key)", depth: depth + 1))
        })
    default: return value
    }
  }

  /// What a chain of `@name` ends in, as it is written: what it holds stays unresolved, expressions stay texts.
  ///
  /// - Throws: ``CheckpointError``.
  func followed(_ value: JSONValue, path: String) throws -> JSONValue {
    var value = value
    for _ in 0..<Self.maximumDepth {
      guard case .string(let text) = value, text.first == "@" else { return value }
      value = try target(String(text.dropFirst()), path: path)
    }
    throw CheckpointError.key(file: file, key: path, problem: "has references that lead in a circle or too far")
  }

  /// Keys for MONAI's own use that say nothing about the value.
  private static func isRemark(_ key: String) -> Bool { ["_desc_", "_requires_", "_mode_"].contains(key) }

  /// `a`, `a::b` or, in older bundles, `a#b`; list elements by number.
  private func target(_ identifier: String, path: String) throws -> JSONValue {
    var value = root
    for part in identifier.replacing("::", with: "#").split(separator: "#") {
      switch value {
      case .object(let members):
        if let found = members.first(where: { $0.key == part }) {
          value = found.value
          continue
        }
      case .array(let items):
        if let index = Int(part), items.indices.contains(index) {
          value = items[index]
          continue
        }
      default: break
      }
      throw CheckpointError.key(
        file: file, key: path, problem: "refers to @\(PrintableName(identifier)), which is not in the file")
    }
    return value
  }
}
