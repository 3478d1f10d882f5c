import Files
// Who reads a checkpoint reads the JSON beside it: what this target says in JSON is seen with it.
@_exported public import JSON

extension JSONValue {
  /// The document in a file.
  ///
  /// - Throws: ``CheckpointError/unreadable(file:reason:)``, ``CheckpointError/malformed(file:reason:remedy:)``.
  package init(path: String) throws {
    let file = try MappedFile(path)
    let limit = SmallFile.Limit.description.rawValue
    guard file.bytes.count <= limit else {
      throw CheckpointError.malformed(file: path, reason: "has \(file.bytes.count) bytes; expected at most \(limit)")
    }
    self = try file.withBytes { try JSONValue($0, file: path) }
  }

  /// The document in a text; `origin` names it in messages, as a file is named.
  package init(text: String, origin: String) throws {
    self = try Array(text.utf8).withUnsafeBytes { try JSONValue($0, file: origin) }
  }

  package init(_ bytes: UnsafeRawBufferPointer, file: String) throws {
    do { self = try JSONParser.parse(bytes) } catch let problem as JSONParser.Problem {
      throw CheckpointError.malformed(file: file, reason: "not valid JSON: byte \(problem.byte): \(problem.reason)")
    }
  }
}
