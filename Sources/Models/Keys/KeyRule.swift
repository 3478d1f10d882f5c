import Checkpoints

/// What becomes of a key in a file of another program.
struct KeyRule: Sendable {
  enum Fate: Sendable {
    /// It is done; the words say as what.
    case honoured(String)
    /// It is left out; the words say why the result does not depend on it.
    case withoutEffect(because: String)
    /// One value alone is run, which `accepts` knows and the words name; another one is refused by name.
    case only(String, because: String, accepts: @Sendable (JSONValue) -> Bool)
  }

  let keys: [String]
  let fate: Fate

  /// - Parameter keys: separated by blanks.
  static func honoured(_ keys: String, _ words: String) -> KeyRule { KeyRule(keys, .honoured(words)) }

  static func withoutEffect(_ keys: String, because words: String) -> KeyRule {
    KeyRule(keys, .withoutEffect(because: words))
  }

  static func only(
    _ keys: String, _ value: String, because words: String, accepts: @escaping @Sendable (JSONValue) -> Bool
  ) -> KeyRule { KeyRule(keys, .only(value, because: words, accepts: accepts)) }

  /// A key that may only be absent, null or false.
  static func refused(_ keys: String, because words: String) -> KeyRule {
    .only(keys, "none", because: words) { $0 == .null || $0 == .bool(false) }
  }

  private init(_ keys: String, _ fate: Fate) {
    (self.keys, self.fate) = (keys.split(separator: " ").map(String.init), fate)
  }

  /// A row of the table in docs/importing.md.
  fileprivate var row: String {
    let names = keys.map { "`\($0)`" }.joined(separator: ", ")
    return switch fate {
    case .honoured(let words): "| \(names) | done: \(words) |"
    case .withoutEffect(let words): "| \(names) | no effect, because \(words) |"
    case .only("none", let words, _): "| \(names) | refused unless absent, null or false: \(words) |"
    case .only(let value, let words, _): "| \(names) | refused unless \(value): \(words) |"
    }
  }
}

/// The keys that an object of another program has, and what becomes of each: the one place that says so, for the import
/// and for docs/importing.md.
struct KeyRules: Sendable {
  /// What has the keys, as messages and the documentation name it.
  let owner: String
  let rules: [KeyRule]
  /// Why keys that are not listed have no effect; nil: they are refused by name.
  var others: String?

  func rule(_ key: String) -> KeyRule? { rules.first { $0.keys.contains(key) } }

  /// The keys whose values are used.
  var honoured: [String] { rules.filter { if case .honoured = $0.fate { true } else { false } }.flatMap(\.keys) }

  /// - Returns: whether the value of a key is used.
  /// - Throws: `CheckpointError` for a key that is not known, and for a value that is not run, by its name.
  func judge(_ key: String, file: String, path: String, value: () throws -> JSONValue) throws -> Bool {
    switch rule(key)?.fate {
    case .honoured: return true
    case .withoutEffect: return false
    case .only(let expected, let reason, let accepts):
      let value = try value()
      guard accepts(value) else {
        throw CheckpointError.value(
          file: file, key: path, found: String(value.line.prefix(80)), expected: "\(expected): \(reason)")
      }
      return false
    case nil:
      if others != nil { return false }
      throw CheckpointError.key(
        file: file, key: path,
        problem: "is not known of \(owner); take it out of a copy of the file if the result does not depend on it")
    }
  }

  /// Judges every key of an object.
  ///
  /// - Throws: `CheckpointError`.
  func judge(_ reader: JSONReader) throws {
    for key in reader.keys {
      // Null stands for an absent key.
      let value = reader.optional(key) ?? .null
      if value == .null, rule(key) != nil { continue }
      _ = try judge(key, file: reader.file, path: reader.name(key)) { value }
    }
  }

  /// The table of docs/importing.md.
  var markdown: String {
    let rest = others.map { ["| any other | no effect, because \($0) |"] } ?? ["| any other | refused by name |"]
    return (["| \(owner) | what becomes of it |", "| --- | --- |"] + rules.map(\.row) + rest).joined(separator: "\n")
  }
}
