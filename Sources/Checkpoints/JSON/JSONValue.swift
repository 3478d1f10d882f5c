import Files

/// A JSON document as written: the order of keys is kept, repeated keys are refused by the parser.
package enum JSONValue: Equatable, Sendable {
  case null
  case bool(Bool)
  /// A number with no fraction or exponent that fits.
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  package static func == (a: JSONValue, b: JSONValue) -> Bool {
    switch (a, b) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.count == b.count && zip(a, b).allSatisfy { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }

  /// The value under a key of an object.
  package func member(_ key: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.key == key }?.value
  }

  /// What the value is, for messages.
  package var kind: String {
    switch self {
    case .null: "null"
    case .bool(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): "\"\(value.prefix(60))\""
    case .array(let values): "a list of \(values.count)"
    case .object(let members): "an object of \(members.count) keys"
    }
  }

  package var asDouble: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}

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
