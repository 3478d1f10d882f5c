import Foundation
import JSON

/// What elements, style sheets, scripts and data blocks of a page may not hold.
extension ReportLint {
  typealias Found = [(Leak.Kind, String)]

  func elementLeaks(_ name: String, _ attributes: [(name: String, value: String)], _ patterns: LeakPatterns) -> Found {
    var found: Found = []
    if ["iframe", "frame", "object", "embed", "applet", "base", "link"].contains(name) {
      found.append((.external, "<\(name)>"))
    }
    if name == "meta", attributes.value("http-equiv")?.lowercased() == "refresh" {
      found.append((.external, "the page sends the reader elsewhere (refresh)"))
    }
    if name == "script", let source = attributes.value("src") { found.append((.script, "loaded from \(source)")) }
    for (attribute, value) in attributes {
      if attribute.hasPrefix("on") { found.append((.script, "attribute \(attribute)")) }
      if Self.referring.contains(attribute) {
        if value.drop(while: \.isWhitespace).prefix(5).lowercased() == "data:" {
          found += DataAddress.leaks(in: value).map { (.picture, $0) }
          continue
        }
        if let leak = Self.referenceLeak(value) {
          found.append(leak)
          // The same words again would say nothing new about an address.
          found += patterns.codeLeaks(in: value)
          continue
        }
      }
      if attribute == "style" {
        found += styleLeaks(value, patterns)
        continue
      }
      if attribute.hasPrefix("xmlns") { continue }
      found += patterns.leaks(in: value) + DataAddress.all(in: value).flatMap(DataAddress.leaks).map { (.picture, $0) }
    }
    return found
  }

  private static let referring: Set<String> = [
    "src", "srcset", "href", "xlink:href", "action", "formaction", "poster", "data", "background", "cite", "ping",
    "manifest",
  ]

  /// What an address in an attribute reaches; nil for a place of the page itself or beside it.
  private static func referenceLeak(_ value: String) -> (Leak.Kind, String)? {
    // Browsers drop white space inside of a scheme, and take either slash.
    let lowered = value.lowercased().filter { !$0.isWhitespace && $0.asciiValue.map { $0 >= 0x20 } ?? true }.replacing(
      "\\", with: "/")
    let opened = lowered.removingPercentEncoding ?? lowered
    if lowered.hasPrefix("javascript:") || lowered.hasPrefix("vbscript:") { return (.script, "address \(value)") }
    for address in [lowered, opened] {
      if let scheme = address.firstIndex(of: ":"), !address[..<scheme].contains("/"), !address.hasPrefix("#") {
        return (.external, value)
      }
      if address.hasPrefix("//") || address.split(separator: "#").first?.split(separator: "/").contains("..") ?? false {
        return (.external, value)
      }
      if address.hasPrefix("/") { return (.path, value) }
    }
    return nil
  }

  // MARK: - Styles and scripts

  /// Names and addresses anywhere; paths, dates and what is loaded in its texts and `url()`.
  func styleLeaks(_ text: String, _ patterns: LeakPatterns) -> Found {
    var found: Found = []
    var seen: Set<String> = []
    for view in TextDecoding.views(of: text) {
      for reference in Self.matches(Self.imports, view) where seen.insert(reference).inserted {
        found.append((.external, reference))
      }
      for address in DataAddress.all(in: view) where seen.insert(address).inserted {
        found += DataAddress.leaks(in: address).map { (.picture, $0) }
      }
    }
    let quoted = Self.literals(of: text, comments: false).filter { !$0.lowercased().hasPrefix("data:") }
    return found + Self.merged(patterns.codeLeaks(in: text), quoted.flatMap(patterns.leaks))
  }

  /// Names and addresses anywhere; paths and dates in its texts.
  func scriptLeaks(_ text: String, _ patterns: LeakPatterns) -> Found {
    let references = Self.matches(Self.network, text).filter { !$0.hasPrefix("http://www.w3.org/") }
    let quoted = Self.literals(of: text, comments: true)
    let addresses = quoted.flatMap(DataAddress.all).flatMap(DataAddress.leaks)
    return Self.merged(patterns.codeLeaks(in: text), quoted.flatMap(patterns.leaks).filter { $0.0 != .external })
      + references.map { (.external, $0) } + addresses.map { (.picture, $0) }
  }

  /// Two searches of one text without what the second found again.
  private static func merged(_ first: Found, _ second: Found) -> Found {
    let known = Set(first.map { "\($0.0) \($0.1)" })
    return first + second.filter { !known.contains("\($0.0) \($0.1)") }
  }

  private static let network = expression("(?:https?|wss?|ftp)://[^\\s\"'`<>]*")
  /// Style sheets and pictures that a style loads.
  private static let imports = expression(
    "@import[^;]{0,300}|(?:url|src|image|image-set)\\(\\s{0,50}[\"']?(?!\\s|[\"']|data:|#)[^)]{0,300}\\)?")

  private static func expression(_ pattern: String) -> NSRegularExpression {
    do { return try NSRegularExpression(pattern: pattern, options: .caseInsensitive) } catch {
      preconditionFailure("a pattern of this file is not valid: \(pattern)")
    }
  }

  private static func matches(_ expression: NSRegularExpression, _ text: String) -> [String] {
    expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
      Range($0.range, in: text).map { String(text[$0]) }
    }
  }

  /// The texts between quotation marks of a program or style sheet, and its comments.
  ///
  /// A text ends with its line, so that a mark in a comment or in a pattern disturbs no more than its line.
  private static func literals(of text: String, comments: Bool) -> [String] {
    let bytes = Array(text.utf8)
    var found: [String] = []
    var at = 0
    func take(_ range: Range<Int>) {
      if range.count > 2 { found.append(String(decoding: bytes[range], as: UTF8.self)) }
    }
    while at < bytes.count {
      let byte = bytes[at]
      if byte == 0x22 || byte == 0x27 || byte == 0x60 {
        var end = at + 1
        while end < bytes.count, bytes[end] != byte, bytes[end] != 0x0A || byte == 0x60 {
          end += bytes[end] == 0x5C ? 2 : 1
        }
        take((at + 1)..<min(end, bytes.count))
        at = end + 1
      } else if byte == 0x2F, at + 1 < bytes.count, bytes[at + 1] == 0x2A {
        var end = at + 2
        while end + 1 < bytes.count, bytes[end] != 0x2A || bytes[end + 1] != 0x2F { end += 1 }
        take((at + 2)..<min(end, bytes.count))
        at = end + 2
      } else if comments, byte == 0x2F, at + 1 < bytes.count, bytes[at + 1] == 0x2F {
        let end = bytes[at...].firstIndex(of: 0x0A) ?? bytes.count
        take((at + 2)..<end)
        at = end
      } else {
        at += 1
      }
    }
    return found
  }

  // MARK: - Data

  /// Whether a browser keeps the element's content and does not run it.
  static func isData(_ type: String?) -> Bool {
    ["application/json", "application/ld+json", "text/plain", "text/template"].contains(type?.lowercased())
  }

  /// Every string of a data block. Times that a reader's decisions carry are the review's own.
  func dataLeaks(_ text: String, isDecisions: Bool, _ patterns: LeakPatterns) -> Found {
    // A text that names a key twice is no JSON here: every string of it is looked at as text.
    guard let json = try? JSONParser.parse(text) else { return patterns.leaks(in: text) }
    func strings(_ value: JSONValue) -> [String] {
      switch value {
      case .string(let text): [text]
      case .array(let list): list.flatMap(strings)
      case .object(let members):
        members.sorted { $0.key < $1.key }.flatMap { key, member in
          isDecisions && (key == "time" || key == "savedAt") ? [] : [key] + strings(member)
        }
      default: []
      }
    }
    let texts = strings(json)
    return texts.flatMap(patterns.leaks)
      + texts.flatMap(DataAddress.all).flatMap(DataAddress.leaks).map { (.picture, $0) }
  }
}
