import Foundation

/// A finished page cut into what a browser would tell apart, as far as a check for leaks needs it.
struct HTMLTokens {
  enum Token {
    case text(String)
    case comment(String)
    case start(name: String, attributes: [(name: String, value: String)])
    case end(name: String)
    /// The content of a `script` or `style` element, as it stands.
    case raw(element: String, attributes: [(name: String, value: String)], bytes: [UInt8])
  }

  /// Tokens in order, each with the line it starts on, from 1.
  let tokens: [(line: Int, token: Token)]

  init(_ page: [UInt8]) {
    var found: [(line: Int, token: Token)] = []
    var line = 1
    var at = 0
    func string(_ range: Range<Int>) -> String { String(decoding: page[range], as: UTF8.self) }
    func add(_ token: Token, _ range: Range<Int>) {
      found.append((line, token))
      line += page[range].count { $0 == UInt8(ascii: "\n") }
    }
    while at < page.count {
      guard page[at] == UInt8(ascii: "<"), at + 1 < page.count, Self.opensTag(page[at + 1]) else {
        let end = page[(at + 1)...].firstIndex { $0 == UInt8(ascii: "<") } ?? page.count
        add(.text(CharacterReferences.resolved(string(at..<end))), at..<end)
        at = end
        continue
      }
      if page[at...].starts(with: Array("<!--".utf8)) {
        let end = Self.find("-->", in: page, from: at + 4).map { $0 + 3 } ?? page.count
        add(.comment(string(at..<end)), at..<end)
        at = end
        continue
      }
      let end = Self.tagEnd(page, from: at + 1)
      let (name, attributes) = Self.tag(string((at + 1)..<max(at + 1, end - 1)))
      let isClosing = name.hasPrefix("/") || name.hasPrefix("!")
      found.append(
        (line, isClosing ? .end(name: String(name.dropFirst())) : .start(name: name, attributes: attributes)))
      line += page[at..<end].count { $0 == UInt8(ascii: "\n") }
      at = end
      if !isClosing, name == "script" || name == "style" {
        let close = Self.find("</\(name)", in: page, from: at) ?? page.count
        add(.raw(element: name, attributes: attributes, bytes: Array(page[at..<close])), at..<close)
        at = close
      }
    }
    tokens = found
  }

  private static func opensTag(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "/"),
      UInt8(ascii: "!"), UInt8(ascii: "?"):
      true
    default: false
    }
  }

  /// One past the `>` that ends a tag, quoted attribute values skipped.
  private static func tagEnd(_ page: [UInt8], from start: Int) -> Int {
    var quote: UInt8?
    for at in start..<page.count {
      let byte = page[at]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        return at + 1
      }
    }
    return page.count
  }

  /// Case-insensitive place of ASCII text.
  private static func find(_ text: String, in page: [UInt8], from start: Int) -> Int? {
    let wanted = Array(text.lowercased().utf8)
    guard let first = wanted.first, page.count >= wanted.count, start <= page.count - wanted.count else { return nil }
    return (start...(page.count - wanted.count)).first { at in
      lowered(page[at]) == first && wanted.indices.allSatisfy { lowered(page[at + $0]) == wanted[$0] }
    }
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte + 32 : byte
  }

  private static func tag(_ text: String) -> (name: String, attributes: [(name: String, value: String)]) {
    var rest = Array(text.utf8)[...]
    func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    func word(until isEnd: (UInt8) -> Bool) -> String {
      let end = rest.firstIndex(where: isEnd) ?? rest.endIndex
      defer { rest = rest[end...] }
      return String(decoding: rest[..<end], as: UTF8.self)
    }
    let name = word(until: isSpace).lowercased()
    var attributes: [(String, String)] = []
    while true {
      rest = rest.drop { isSpace($0) || $0 == UInt8(ascii: "/") }
      guard !rest.isEmpty else { break }
      let key = word { isSpace($0) || $0 == UInt8(ascii: "=") || $0 == UInt8(ascii: "/") }.lowercased()
      rest = rest.drop(while: isSpace)
      guard rest.first == UInt8(ascii: "=") else {
        if key.isEmpty { rest = rest.dropFirst() } else { attributes.append((key, "")) }
        continue
      }
      rest = rest.dropFirst().drop(while: isSpace)
      let value: String
      if let quote = rest.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") {
        rest = rest.dropFirst()
        value = word { $0 == quote }
        rest = rest.dropFirst()
      } else {
        value = word(until: isSpace)
      }
      attributes.append((key, CharacterReferences.resolved(value)))
    }
    return (name, attributes)
  }
}
