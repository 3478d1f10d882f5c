import AuditTrail

/// Audit details as indented `name: value` lines.
enum AuditText {
  static func lines(_ value: AuditValue, indent: String = "") -> [String] {
    guard case .object(let members) = value else { return [indent + scalar(value)] }
    return members.flatMap { key, member -> [String] in
      switch member {
      case .object: return ["\(indent)\(key):"] + lines(member, indent: indent + "  ")
      case .array(let values):
        return ["\(indent)\(key):"]
          + values.map { item in
            if case .object(let fields) = item {
              return indent + "  - " + fields.map { "\($0.key)=\(scalar($0.value))" }.joined(separator: " ")
            }
            return "\(indent)  - \(scalar(item))"
          }
      default: return ["\(indent)\(key): \(scalar(member))"]
      }
    }
  }

  private static func scalar(_ value: AuditValue) -> String {
    switch value {
    case .null: "-"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value
    case .array(let values): "[" + values.map(scalar).joined(separator: ", ") + "]"
    case .object(let members): "{" + members.map { "\($0.key): \(scalar($0.value))" }.joined(separator: ", ") + "}"
    }
  }
}
