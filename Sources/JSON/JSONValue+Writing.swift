extension JSONValue {
  /// The document as text, two spaces a level; lists without objects in them stay on one line.
  package func text(indentation: Int = 0) -> String {
    let inner = String(repeating: " ", count: indentation + 2)
    let outer = String(repeating: " ", count: indentation)
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .unsigned(let value): return "\(value)"
    // JSON has no word for what is not finite.
    case .number(let value): return value.isFinite ? "\(value)" : "null"
    case .string(let value): return Self.quoted(value)
    case .array(let values):
      guard values.contains(where: \.holdsObject) else { return line }
      return "[\n\(values.map { inner + $0.text(indentation: indentation + 2) }.joined(separator: ",\n"))\n\(outer)]"
    case .object(let members):
      guard !members.isEmpty else { return "{}" }
      let lines = members.map { "\(inner)\(Self.quoted($0.key)): \($0.value.text(indentation: indentation + 2))" }
      return "{\n\(lines.joined(separator: ",\n"))\n\(outer)}"
    }
  }

  /// The document on one line.
  package var line: String {
    switch self {
    case .array(let values): "[\(values.map(\.line).joined(separator: ", "))]"
    case .object(let members): "{\(members.map { "\(Self.quoted($0.key)): \($0.value.line)" }.joined(separator: ", "))}"
    default: text()
    }
  }

  /// The document in the one form that every equal document has: keys in the order of their UTF-8 bytes, no white space
  /// between tokens, nothing escaped that need not be, the shortest digits that give a number back.
  package var canonicalText: String {
    switch self {
    case .array(let values): "[\(values.map(\.canonicalText).joined(separator: ","))]"
    case .object(let members):
      "{"
        + members.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }.map {
          "\(Self.quoted($0.key)):\($0.value.canonicalText)"
        }.joined(separator: ",") + "}"
    default: text()
    }
  }

  private var holdsObject: Bool {
    switch self {
    case .object: true
    case .array(let values): values.contains(where: \.holdsObject)
    default: false
    }
  }

  /// A JSON string with its quotation marks.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{8}": result += "\\b"
      case "\u{C}": result += "\\f"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
