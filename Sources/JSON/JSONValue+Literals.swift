extension JSONValue {
  /// An object of members in any order; they are kept in the order of their keys.
  public init(_ members: [String: JSONValue]) {
    self = .object(members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }

  /// A text, or null where there is none.
  public init(_ text: String?) { self = text.map { .string($0) } ?? .null }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
  ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  public init(stringLiteral value: String) { self = .string(value) }
  public init(integerLiteral value: Int) { self = .integer(value) }
  public init(floatLiteral value: Double) { self = .number(value) }
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// Members in the order in which they are written down; a key stands once.
  public init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements.map { ($0.0, $0.1) }) }
}
