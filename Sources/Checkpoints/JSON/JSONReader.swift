/// Reads the keys of one JSON object and insists that every value has its type.
///
/// `path` names the object in messages, such as `architecture.parameters`.
package struct JSONReader {
  package let file: String
  package let path: String
  private let members: [(key: String, value: JSONValue)]
  /// An object of another program: further keys are of no interest, and null is as good as absent.
  private let isOpen: Bool

  /// - Parameter allowed: The keys that there are; nil for an object of another program, whose further keys are of no
  ///   interest.
  /// - Throws: ``CheckpointError/key(file:key:problem:)`` when `value` is no object or has a key that is not allowed.
  package init(_ value: JSONValue, file: String, path: String, allowed: [String]?) throws {
    (self.file, self.path, isOpen) = (file, path, allowed == nil)
    guard case .object(let members) = value else {
      throw CheckpointError.key(file: file, key: path, problem: "is \(value.kind), not an object")
    }
    self.members = members
    if let allowed, let unknown = members.first(where: { !allowed.contains($0.key) })?.key {
      throw fail(unknown, "is not a key of this object; allowed: \(allowed.joined(separator: ", "))")
    }
    // The parser refuses a key that stands twice; an object that a program put together may still have one.
    var seen: Set<String> = []
    for (key, _) in members where !seen.insert(key).inserted { throw fail(key, "is given twice") }
  }

  package var keys: [String] { members.map(\.key) }

  package func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  package func fail(_ key: String, _ problem: String) -> CheckpointError {
    .key(file: file, key: name(key), problem: problem)
  }

  package func wrong(_ key: String, _ value: JSONValue, expected: String) -> CheckpointError {
    .value(file: file, key: name(key), found: value.kind, expected: expected)
  }

  package func optional(_ key: String) -> JSONValue? {
    guard let value = members.first(where: { $0.key == key })?.value, !(isOpen && value == .null) else { return nil }
    return value
  }

  package func required(_ key: String) throws -> JSONValue {
    guard let value = optional(key) else { throw fail(key, "is missing") }
    return value
  }

  /// An object inside of this one.
  ///
  /// - Parameter allowed: Nil for any keys, where this object has any.
  package func object(_ key: String, allowed: [String]? = nil) throws -> JSONReader {
    try JSONReader(try required(key), file: file, path: name(key), allowed: allowed)
  }

  package func text(_ key: String) throws -> String {
    let value = try required(key)
    guard case .string(let text) = value else { throw wrong(key, value, expected: "a text") }
    return text
  }

  package func string(_ key: String, oneOf allowed: [String], default fallback: String? = nil) throws -> String {
    if let fallback, optional(key) == nil { return fallback }
    let value = try required(key)
    guard case .string(let text) = value, allowed.contains(text) else {
      throw wrong(key, value, expected: allowed.map { "\"\($0)\"" }.joined(separator: " or "))
    }
    return text
  }

  package func bool(_ key: String, default fallback: Bool? = nil) throws -> Bool {
    if let fallback, optional(key) == nil { return fallback }
    let value = try required(key)
    guard case .bool(let flag) = value else { throw wrong(key, value, expected: "true or false") }
    return flag
  }

  /// True, false, or nil where the key is absent.
  package func flag(_ key: String) throws -> Bool? { optional(key) == nil ? nil : try bool(key) }

  package func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws -> Int {
    if let fallback, optional(key) == nil { return fallback }
    let value = try required(key)
    guard case .integer(let number) = value, range.contains(number) else {
      throw wrong(key, value, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  package func double(_ key: String, default fallback: Double? = nil, expected: String, where holds: (Double) -> Bool)
    throws -> Double
  {
    if let fallback, optional(key) == nil { return fallback }
    let value = try required(key)
    guard let number = value.asDouble, holds(number) else { throw wrong(key, value, expected: expected) }
    return number
  }

  package func number(_ key: String) throws -> Double { try double(key, expected: "a number", where: \.isFinite) }

  package func list(_ key: String, count: Int) throws -> [JSONValue] {
    let value = try required(key)
    guard case .array(let items) = value, items.count == count else {
      throw wrong(key, value, expected: "a list of \(count)")
    }
    return items
  }

  /// The same object with the members of another one where it has none of its own.
  package func inheriting(_ parent: JSONReader) throws -> JSONReader {
    let own = Set(keys)
    return try JSONReader(
      .object(members + parent.members.filter { !own.contains($0.key) }), file: file, path: path, allowed: nil)
  }
}
