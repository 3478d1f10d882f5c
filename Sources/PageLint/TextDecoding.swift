import Foundation

/// The ways in which a text can be written so that a program, not a reader, sees it.
enum TextDecoding {
  /// Layers of encoding that are taken off; nobody writes four by accident.
  private static let deepest = 4
  /// A run of Base64 or hexadecimal digits shorter than this is a word or a number.
  private static let shortestRun = 12

  /// A text as it is written, then with one layer of encoding after another taken off: percent signs (RFC 3986),
  /// backslashes of CSS, JavaScript and JSON, character references, and whole runs of Base64 or hexadecimal digits that
  /// say something readable.
  static func views(of text: String) -> [String] {
    var views = [text]
    for _ in 0..<deepest {
      let count = views.count
      for decoded in [CharacterReferences.resolved, unescaped] {
        let next = decoded(views[views.count - 1])
        if next != views[views.count - 1] { views.append(next) }
      }
      if views.count == count { break }
    }
    let hidden = runs(of: views[views.count - 1])
    return hidden.isEmpty ? views : views + [hidden.joined(separator: "\n")]
  }

  /// A hexadecimal digit's value.
  static func digit(_ byte: UInt8) -> Int? {
    switch byte {
    case 0x30...0x39: Int(byte) - 0x30
    case 0x41...0x46: Int(byte) - 0x37
    case 0x61...0x66: Int(byte) - 0x57
    default: nil
    }
  }

  // MARK: - Escapes

  /// `%2F`, `\2f `, `\/`, `\u002f`, `\u{2f}`, `\x2f`.
  private static func unescaped(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(where: { $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "\\") }) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    /// First half of a pair of UTF-16 units.
    var high: UInt32?
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "%"), let value = hexadecimal(bytes, at + 1, 2...2) {
        result.append(UInt8(value.value))
        at = value.end
      } else if bytes[at] == UInt8(ascii: "\\"), let (value, end) = backslash(bytes, at + 1) {
        at = end
        if let first = high, (0xDC00..<0xE000).contains(value) {
          result += utf8(0x10000 + (first - 0xD800) << 10 + (value - 0xDC00))
          high = nil
        } else if (0xD800..<0xDC00).contains(value) {
          high = value
        } else {
          result += utf8(value)
          high = nil
        }
      } else {
        result.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  private static func utf8(_ value: UInt32) -> [UInt8] { Unicode.Scalar(value).map { Array(String($0).utf8) } ?? [] }

  private static func hexadecimal(_ bytes: [UInt8], _ start: Int, _ lengths: ClosedRange<Int>) -> (
    value: UInt32, end: Int
  )? {
    var (value, at): (UInt32, Int) = (0, start)
    while at < bytes.count, at - start < lengths.upperBound, let digit = digit(bytes[at]) {
      value = value << 4 | UInt32(digit)
      at += 1
    }
    return at - start >= lengths.lowerBound ? (value, at) : nil
  }

  /// What stands for a character behind a backslash.
  private static func backslash(_ bytes: [UInt8], _ start: Int) -> (UInt32, Int)? {
    guard start < bytes.count else { return nil }
    if bytes[start] == UInt8(ascii: "u") {
      if start + 1 < bytes.count, bytes[start + 1] == UInt8(ascii: "{"),
        let found = hexadecimal(bytes, start + 2, 1...6), found.end < bytes.count, bytes[found.end] == UInt8(ascii: "}")
      {
        return (found.value, found.end + 1)
      }
      return hexadecimal(bytes, start + 1, 4...4).map { ($0.value, $0.end) }
    }
    if bytes[start] == UInt8(ascii: "x"), let found = hexadecimal(bytes, start + 1, 2...2) {
      return (found.value, found.end)
    }
    if let found = hexadecimal(bytes, start, 1...6) {
      // CSS: one white space ends the digits and belongs to them.
      let isSpaced = found.end < bytes.count && [0x20, 0x09, 0x0A].contains(bytes[found.end])
      return (found.value, isSpaced ? found.end + 1 : found.end)
    }
    switch bytes[start] {
    case UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"), UInt8(ascii: "v"), 0x0A: return (0x20, start + 1)
    case 0x20..<0x7F: return (UInt32(bytes[start]), start + 1)
    default: return nil
    }
  }

  // MARK: - Runs

  /// What the runs of Base64 and hexadecimal digits of a text say, where that can be read.
  private static func runs(of text: String) -> [String] {
    let bytes = Array(text.utf8)
    var found: [String] = []
    var at = 0
    while at < bytes.count {
      let start = at
      var isHexadecimal = true
      while at < bytes.count, isBase64(bytes[at]) {
        if digit(bytes[at]) == nil { isHexadecimal = false }
        at += 1
      }
      if at - start >= shortestRun {
        let run = bytes[start..<at]
        if isHexadecimal, let text = readable(pairs(run)) { found.append(text) }
        if let data = base64(run), let text = readable(data) { found.append(text) }
      }
      if at == start { at += 1 }
    }
    return found
  }

  private static func isBase64(_ byte: UInt8) -> Bool {
    digit(byte) != nil || (0x61...0x7A).contains(byte | 0x20)
      || [UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_")].contains(byte)
  }

  private static func pairs(_ run: ArraySlice<UInt8>) -> [UInt8] {
    let digits = run.compactMap(digit)
    guard digits.count % 2 == 0 else { return [] }
    return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
  }

  private static func base64(_ run: ArraySlice<UInt8>) -> [UInt8]? {
    var bytes = run.map { byte in
      switch byte {
      case UInt8(ascii: "-"): UInt8(ascii: "+")
      case UInt8(ascii: "_"): UInt8(ascii: "/")
      default: byte
      }
    }
    while bytes.count % 4 != 0 { bytes.append(UInt8(ascii: "=")) }
    return Data(base64Encoded: Data(bytes)).map { [UInt8]($0) }
  }

  /// A text of printable characters; nil for other bytes.
  private static func readable(_ bytes: [UInt8]) -> String? {
    guard !bytes.isEmpty, let text = String(validating: bytes, as: UTF8.self) else { return nil }
    let isText = text.unicodeScalars.allSatisfy { scalar in
      scalar.value >= 0x20 && scalar.value < 0x7F || scalar.value == 0x0A || scalar.value == 0x0D
        || scalar.properties.isAlphabetic
    }
    return isText ? text : nil
  }
}
