/// Reads the keys of an object of plans.json or dataset.json, whose further keys are of no interest.
struct PlansReader {
  let file: String
  let path: String
  private let members: [(key: String, value: JSONValue)]

  /// - Throws: ``NetworkError/description(file:key:problem:)`` when `value` is no object.
  init(_ value: JSONValue, file: String, path: String) throws {
    guard case .object(let members) = value else {
      throw NetworkError.description(file: file, key: path, problem: "is \(value.kind), not an object")
    }
    (self.file, self.path, self.members) = (file, path, members)
  }

  /// Parses the bytes of a whole file.
  ///
  /// - Throws: ``NetworkError/malformed(file:reason:)``, ``NetworkError/description(file:key:problem:)``.
  init(bytes: UnsafeRawBufferPointer, file: String) throws {
    do { try self.init(try JSONParser.parse(bytes), file: file, path: "") } catch let problem as JSONParser.Problem {
      throw NetworkError.malformed(file: file, reason: "not valid JSON: byte \(problem.byte): \(problem.reason)")
    }
  }

  var keys: [String] { members.map(\.key) }

  func name(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

  func fail(_ key: String, _ problem: String) -> NetworkError {
    .description(file: file, key: name(key), problem: problem)
  }

  /// The value, or nil where the key is absent or null.
  func optional(_ key: String) -> JSONValue? {
    guard let value = members.first(where: { $0.key == key })?.value, value != .null else { return nil }
    return value
  }

  func required(_ key: String) throws -> JSONValue {
    guard let value = optional(key) else { throw fail(key, "is missing") }
    return value
  }

  func object(_ key: String) throws -> PlansReader {
    try PlansReader(try required(key), file: file, path: name(key))
  }

  func text(_ key: String) throws -> String {
    let value = try required(key)
    guard case .string(let text) = value else { throw fail(key, "is \(value.kind); expected a text") }
    return text
  }

  func list(_ key: String, count: Int) throws -> [JSONValue] {
    let value = try required(key)
    guard case .array(let items) = value, items.count == count else {
      throw fail(key, "is \(value.kind); expected a list of \(count)")
    }
    return items
  }

  func number(_ key: String) throws -> Double {
    let value = try required(key)
    guard let number = value.asDouble, number.isFinite else { throw fail(key, "is \(value.kind); expected a number") }
    return number
  }

  func integer(_ key: String, in range: ClosedRange<Int>) throws -> Int {
    let value = try required(key)
    guard case .integer(let number) = value, range.contains(number) else {
      throw fail(key, "is \(value.kind); expected a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// True, false, or nil where the key is absent or null.
  func flag(_ key: String) throws -> Bool? {
    guard let value = optional(key) else { return nil }
    guard case .bool(let flag) = value else { throw fail(key, "is \(value.kind); expected true or false") }
    return flag
  }

  /// The same object with the members of another one where it has none of its own.
  func inheriting(_ parent: PlansReader) throws -> PlansReader {
    let own = Set(keys)
    return try PlansReader(
      .object(members + parent.members.filter { !own.contains($0.key) }), file: file, path: path)
  }
}
