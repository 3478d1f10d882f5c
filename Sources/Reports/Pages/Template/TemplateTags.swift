/// The tags of one template as a tree, read for the key check.
///
/// The library renders a missing key as nothing. A report that silently drops a number is worse than none, so templates
/// keep to a small part of Mustache (`{{key}}`, `{{{key}}}`, sections, inverted sections, partials, comments) and every
/// key is looked up before anything is rendered.
struct TemplateTags: Sendable {
  enum Tag: Sendable, Equatable {
    case value(key: String, line: Int)
    case section(key: String, line: Int, inverted: Bool, tags: [Tag])
    case partial(name: String, line: Int)
  }

  let tags: [Tag]

  init(template: String, text: String) throws(ReportsError) {
    var open: [(key: String, line: Int, inverted: Bool, tags: [Tag])] = []
    var level: [Tag] = []
    var rest = text.utf8[...]
    var line = 1
    let braces = Array("{{".utf8)

    while let start = rest.firstRange(of: braces) {
      line += Self.lineEnds(rest[..<start.lowerBound])
      rest = rest[start.upperBound...]
      let triple = rest.first == UInt8(ascii: "{")
      let closing = Array((triple ? "}}}" : "}}").utf8)
      guard let end = rest.firstRange(of: closing) else {
        throw .templateSyntax(template: template, line: line, reason: "a tag is opened and not closed")
      }
      let inside = rest[rest.startIndex..<end.lowerBound]
      var content = String(decoding: triple ? inside.dropFirst() : inside, as: UTF8.self)
      let tagLine = line
      line += Self.lineEnds(inside)
      rest = rest[end.upperBound...]

      let sigil = content.first
      if let sigil, "#^/>!".contains(sigil) { content.removeFirst() }
      if sigil == "!" { continue }
      let key = content.trimmingSpaces()
      guard !key.isEmpty, key.utf8.allSatisfy(Self.isKeyByte) else {
        throw .templateSyntax(
          template: template, line: tagLine, reason: "the tag '\(key)' is not one that templates use")
      }
      switch sigil {
      case "#", "^":
        open.append((key, tagLine, sigil == "^", level))
        level = []
      case "/":
        guard let last = open.popLast(), last.key == key else {
          throw .templateSyntax(template: template, line: tagLine, reason: "'\(key)' ends a section that is not open")
        }
        level = last.tags + [.section(key: key, line: last.line, inverted: last.inverted, tags: level)]
      case ">": level.append(.partial(name: key, line: tagLine))
      default: level.append(.value(key: key, line: tagLine))
      }
    }
    if let last = open.last {
      throw .templateSyntax(template: template, line: last.line, reason: "section '\(last.key)' is not closed")
    }
    tags = level
  }

  private static func lineEnds(_ bytes: Substring.UTF8View) -> Int { bytes.count { $0 == UInt8(ascii: "\n") } }

  private static func isKeyByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}

extension String {
  fileprivate func trimmingSpaces() -> String {
    var text = self[...]
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
