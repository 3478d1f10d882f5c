/// Reads the keys of one JSON object and insists that every key is known and every value has its type.
///
/// `path` names the object in messages, such as `architecture.parameters`.
struct JSONReader {
  let file: String
  let path: String
  private let members: [String: JSONValue]

  /// - Throws: ``NetworkError/description(file:key:problem:)`` when `value` is no object or has a key that is not allowed.
  init(_ value: JSONValue, file: String, path: String, allowed: [String]) throws {
    self.file = file
    self.path = path
    guard case .object(let pairs) = value else {
      throw NetworkError.description(file: file, key: path, problem: "is \(value.kind), not an object")
    }
    let unknown = pairs.map(\.key).filter { !allowed.contains($0) }
    guard unknown.isEmpty else {
      throw NetworkError.description(
        file: file, key: path.isEmpty ? unknown[0] : "\(path).\(unknown[0])",
        problem: "is not a key of this object; allowed: \(allowed.joined(separator: ", "))")
    }
    // The parser refuses a key that stands twice; an object that a program put together may still have one.
    var members: [String: JSONValue] = [:]
    for (key, value) in pairs where members.updateValue(value, forKey: key) != nil {
      throw NetworkError.description(
        file: file, key: path.isEmpty ? key : "\(path).\(key)", problem: "is given twice")
    }
    self.members = members
  }

  func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func fail(_ key: String, _ problem: String) -> NetworkError {
    .description(file: file, key: name(key), problem: problem)
  }

  func optional(_ key: String) -> JSONValue? { members[key] }

  func required(_ key: String) throws -> JSONValue {
    guard let value = members[key] else { throw fail(key, "is missing") }
    return value
  }

  func wrong(_ key: String, _ value: JSONValue, expected: String) -> NetworkError {
    fail(key, "is \(value.kind); expected \(expected)")
  }

  func string(_ key: String, oneOf allowed: [String], default fallback: String? = nil) throws -> String {
    if let fallback, members[key] == nil { return fallback }
    let value = try required(key)
    guard case .string(let text) = value, allowed.contains(text) else {
      throw wrong(key, value, expected: allowed.map { "\"\($0)\"" }.joined(separator: " or "))
    }
    return text
  }

  func bool(_ key: String, default fallback: Bool? = nil) throws -> Bool {
    if let fallback, members[key] == nil { return fallback }
    let value = try required(key)
    guard case .bool(let flag) = value else { throw wrong(key, value, expected: "true or false") }
    return flag
  }

  func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws -> Int {
    if let fallback, members[key] == nil { return fallback }
    let value = try required(key)
    guard case .integer(let number) = value, range.contains(number) else {
      throw wrong(key, value, expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func double(
    _ key: String, default fallback: Double? = nil, expected: String, where holds: (Double) -> Bool
  ) throws -> Double {
    if let fallback, members[key] == nil { return fallback }
    let value = try required(key)
    guard let number = value.asDouble, holds(number) else { throw wrong(key, value, expected: expected) }
    return number
  }

  /// A whole number for all three axes, or one for each.
  func triple(_ key: String, in range: ClosedRange<Int>, default fallback: Int) throws -> [Int] {
    guard let value = members[key] else { return [fallback, fallback, fallback] }
    return try Self.triple(value, in: range) ?? { throw wrong(key, value, expected: Self.tripleText(range)) }()
  }

  static func triple(_ value: JSONValue, in range: ClosedRange<Int>) -> [Int]? {
    if case .integer(let number) = value, range.contains(number) { return [number, number, number] }
    guard case .array(let values) = value, values.count == 3 else { return nil }
    let numbers = values.compactMap { value in
      if case .integer(let number) = value, range.contains(number) { number } else { nil }
    }
    return numbers.count == 3 ? numbers : nil
  }

  static func tripleText(_ range: ClosedRange<Int>) -> String {
    "a whole number from \(range.lowerBound) to \(range.upperBound), or a list of three"
  }
}

extension JSONValue {
  var asDouble: Double? {
    switch self {
    case .integer(let value): Double(value)
    case .number(let value): value
    default: nil
    }
  }
}
