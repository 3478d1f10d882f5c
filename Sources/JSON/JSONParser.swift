/// A strict reader of RFC 8259 JSON for files of unknown origin: bounded depth, no repeated keys, valid UTF-8, nothing
/// after the document.
package struct JSONParser {
  package struct Problem: Error {
    package let reason: String
    package let byte: Int
  }

  private let bytes: UnsafeRawBufferPointer
  private var position = 0
  private let maximumDepth: Int

  /// - Throws: ``Problem`` with the byte where reading stopped.
  package static func parse(_ bytes: UnsafeRawBufferPointer, maximumDepth: Int = 32) throws -> JSONValue {
    var parser = JSONParser(bytes: bytes, maximumDepth: maximumDepth)
    parser.skipSpace()
    let value = try parser.value(depth: 0)
    parser.skipSpace()
    guard parser.position == bytes.count else { throw parser.problem("text after the end of the JSON document") }
    return value
  }

  package static func parse(_ text: String) throws -> JSONValue {
    try Array(text.utf8).withUnsafeBytes { try parse($0) }
  }

  private init(bytes: UnsafeRawBufferPointer, maximumDepth: Int) {
    self.bytes = bytes
    self.maximumDepth = maximumDepth
  }

  private func problem(_ reason: String) -> Problem { Problem(reason: reason, byte: position) }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func expect(_ character: Character) throws {
    guard next == character.asciiValue else { throw problem("\"\(character)\" expected") }
    position += 1
  }

  private mutating func take(_ character: Character) -> Bool {
    guard next == character.asciiValue else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    guard depth < maximumDepth else { throw problem("nested more than \(maximumDepth) levels deep") }
    switch next.map({ Character(UnicodeScalar($0)) }) {
    case "{": return try object(depth: depth)
    case "[": return try array(depth: depth)
    case "\"": return .string(try string())
    case "t": return try literal("true", .bool(true))
    case "f": return try literal("false", .bool(false))
    case "n": return try literal("null", .null)
    case nil: throw problem("unexpected end")
    default: return try number()
    }
  }

  private mutating func object(depth: Int) throws -> JSONValue {
    try expect("{")
    var members: [(key: String, value: JSONValue)] = []
    var seen: Set<String> = []
    skipSpace()
    if take("}") { return .object([]) }
    while true {
      skipSpace()
      let key = try string()
      guard seen.insert(key).inserted else { throw problem("the key \"\(key.prefix(80))\" stands twice") }
      skipSpace()
      try expect(":")
      skipSpace()
      members.append((key, try value(depth: depth + 1)))
      skipSpace()
      if take("}") { return .object(members) }
      try expect(",")
    }
  }

  private mutating func array(depth: Int) throws -> JSONValue {
    try expect("[")
    var values: [JSONValue] = []
    skipSpace()
    if take("]") { return .array([]) }
    while true {
      skipSpace()
      values.append(try value(depth: depth + 1))
      skipSpace()
      if take("]") { return .array(values) }
      try expect(",")
    }
  }

  private mutating func literal(_ text: String, _ value: JSONValue) throws -> JSONValue {
    for character in text { try expect(character) }
    return value
  }

  private mutating func string() throws -> String {
    guard take("\"") else { throw problem("a string in quotation marks expected") }
    var text: [UInt8] = []
    while let byte = next {
      position += 1
      switch byte {
      case 0x22:
        guard let result = String(validating: text, as: UTF8.self) else { throw problem("a string is not valid UTF-8") }
        return result
      case 0x5C: text += Array(String(try escape()).utf8)
      case 0..<0x20: throw problem("a control character inside a string")
      default: text.append(byte)
      }
    }
    throw problem("a string without end")
  }

  private mutating func escape() throws -> Unicode.Scalar {
    guard let byte = next else { throw problem("unexpected end") }
    position += 1
    switch Character(UnicodeScalar(byte)) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u":
      let first = try hexadecimal()
      if let scalar = Unicode.Scalar(first) { return scalar }
      guard (0xD800..<0xDC00).contains(first), take("\\"), take("u") else { throw problem("half a surrogate pair") }
      let second = try hexadecimal()
      guard (0xDC00..<0xE000).contains(second) else { throw problem("half a surrogate pair") }
      return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))!
    default: throw problem("an unknown escape")
    }
  }

  private mutating func hexadecimal() throws -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(UnicodeScalar(byte)).hexDigitValue else {
        throw problem("four hexadecimal digits expected")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func digits() throws {
    guard let byte = next, (0x30...0x39).contains(byte) else { throw problem("a value expected") }
    while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
  }

  private mutating func number() throws -> JSONValue {
    let start = position
    var isInteger = true
    _ = take("-")
    if !take("0") { try digits() }
    if take(".") {
      isInteger = false
      try digits()
    }
    if take("e") || take("E") {
      isInteger = false
      if !take("+") { _ = take("-") }
      try digits()
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isInteger, let value = Int(text) { return .integer(value) }
    if isInteger, let value = UInt64(text) { return .unsigned(value) }
    guard let value = Double(text), value.isFinite else {
      throw problem("the number \(text.prefix(40)) is out of range")
    }
    return .number(value)
  }
}
