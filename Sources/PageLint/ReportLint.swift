import Foundation

/// Looks through a finished page for what must not be shared: identifiers, paths, dates, anything that reaches outside.
public struct ReportLint {
  public struct Leak: Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable, CaseIterable {
      /// A name of this machine or its user, an input's path or file name, or a word that was asked for.
      case identifier
      case path = "absolute path"
      case email = "e-mail address"
      case date = "date that is not the run's"
      case external = "external reference"
      case script = "script outside the policy"
      case policy = "content security policy"
      case picture = "text inside a picture"
      case head = "whole head"
    }
    public let kind: Kind
    /// From 1.
    public let line: Int
    public let text: String
    public var description: String { "\(line): \(kind.rawValue): \(text)" }
  }

  private let identifiers: [String]
  private let ownDates: Set<String>

  /// - Parameters:
  ///   - identifiers: words that must not occur, in any case.
  ///   - ownDates: `2026-11-24`: dates of the run and of the review. The day that the page gives as that of its run, in
  ///     its first `time` element, is one of them.
  public init(identifiers: [String], ownDates: Set<String> = []) {
    self.identifiers = identifiers
    self.ownDates = ownDates
  }

  /// In the order of the page.
  public func leaks(in page: [UInt8]) -> [Leak] {
    let tokens = HTMLTokens(page).tokens
    let run = tokens.lazy.compactMap { _, token -> String? in
      guard case .start("time", let attributes) = token else { return nil }
      return attributes.value("datetime").map { String($0.prefix(10)) }
    }.first
    let patterns = LeakPatterns(identifiers: identifiers, ownDates: ownDates.union([run].compactMap { $0 }))
    var found: [Leak] = []
    var policy: ContentPolicy?
    var mayStillNeedPolicy = true
    for (line, token) in tokens {
      func add(_ kind: Leak.Kind, _ text: String) {
        let short = text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(120)
        found.append(Leak(kind: kind, line: line, text: String(short)))
      }
      switch token {
      case .text(let text), .comment(let text):
        for (kind, text) in patterns.leaks(in: text) { add(kind, text) }
        if let sign = Self.headSigns.first(where: text.contains) { add(.head, sign) }
      case .start(let name, let attributes):
        if name == "meta", attributes.value("http-equiv")?.lowercased() == "content-security-policy" {
          let stated = ContentPolicy(attributes.value("content") ?? "")
          if policy == nil { policy = stated }
          for fault in stated.faults { add(.policy, fault) }
          continue
        }
        if mayStillNeedPolicy, policy == nil, ["script", "style", "link", "img", "body"].contains(name) {
          mayStillNeedPolicy = false
          add(.policy, "no Content-Security-Policy before <\(name)>")
        }
        for (kind, text) in elementLeaks(name, attributes, patterns) { add(kind, text) }
      case .raw("style", _, let bytes):
        let text = String(decoding: bytes, as: UTF8.self)
        for (kind, text) in patterns.codeLeaks(in: text) { add(kind, text) }
        for reference in Self.styleReferences(text) { add(.external, reference) }
      case .raw(_, let attributes, let bytes):
        let text = String(decoding: bytes, as: UTF8.self)
        if Self.isData(attributes.value("type")) {
          for (kind, text) in dataLeaks(text, isDecisions: attributes.value("id") == "decisions", patterns) {
            add(kind, text)
          }
        } else {
          if attributes.value("src") == nil, policy?.allows(script: bytes) != true {
            add(.script, "its hash is not in the policy (\(text.prefix(40)))")
          }
          for (kind, text) in patterns.codeLeaks(in: text) { add(kind, text) }
          for reference in Self.scriptReferences(text) { add(.external, reference) }
        }
      }
    }
    if policy == nil, mayStillNeedPolicy {
      found.append(Leak(kind: .policy, line: 1, text: "no Content-Security-Policy"))
    }
    return found
  }

  private static let headSigns = ["The images show the head", "Whole head"]

  // MARK: - Elements

  private func elementLeaks(_ name: String, _ attributes: [(name: String, value: String)], _ patterns: LeakPatterns)
    -> [(Leak.Kind, String)]
  {
    var found: [(Leak.Kind, String)] = []
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
        let lowered = value.trimmingCharacters(in: .whitespacesAndNewlines).lowercased()
        if lowered.hasPrefix("data:") {
          found += Self.pictureLeaks(lowered, value)
          continue
        }
        if lowered.hasPrefix("javascript:") {
          found.append((.script, "address \(value)"))
        } else if let scheme = lowered.firstIndex(of: ":"), !lowered[..<scheme].contains("/"), !lowered.hasPrefix("#") {
          found.append((.external, value))
        } else if lowered.hasPrefix("//") || lowered.hasPrefix("../") {
          found.append((.external, value))
        } else if lowered.hasPrefix("/") {
          found.append((.path, value))
        }
      }
      if attribute == "style" { found += Self.styleReferences(value).map { (.external, $0) } }
      if attribute.hasPrefix("xmlns") { continue }
      found += patterns.leaks(in: value)
    }
    return found
  }

  private static let referring: Set<String> = [
    "src", "srcset", "href", "xlink:href", "action", "formaction", "poster", "data", "background", "cite", "ping",
    "manifest",
  ]

  /// A PNG may only hold what is needed to show it: text, time and camera chunks can identify a person.
  private static func pictureLeaks(_ lowered: String, _ value: String) -> [(Leak.Kind, String)] {
    guard lowered.hasPrefix("data:image/png;base64,") else {
      return [(.picture, "\(lowered.prefix(30))… is no PNG and was not looked into")]
    }
    guard let comma = value.firstIndex(of: ","),
      let data = Data(base64Encoded: String(value[value.index(after: comma)...]))
    else { return [(.picture, "a PNG that cannot be decoded")] }
    let bytes = [UInt8](data)
    var found: [(Leak.Kind, String)] = []
    var at = 8
    while at + 8 <= bytes.count {
      let length = bytes[at..<(at + 4)].reduce(0) { $0 << 8 | Int($1) }
      let type = String(decoding: bytes[(at + 4)..<(at + 8)], as: UTF8.self)
      if !["IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "pHYs", "sBIT", "bKGD"].contains(type) {
        let content = bytes[min(at + 8, bytes.count)..<min(at + 8 + length, bytes.count)]
        found.append((.picture, "PNG chunk \(type): \(String(decoding: content.prefix(60), as: UTF8.self))"))
      }
      at += 12 + length
    }
    return found
  }

  // MARK: - Styles and scripts

  private static func styleReferences(_ text: String) -> [String] {
    matches("@import[^;]*|url\\(\\s*[\"']?(?!data:|#)[^)]*\\)", text)
  }

  private static func scriptReferences(_ text: String) -> [String] {
    matches("(?:https?|wss?|ftp)://[^\\s\"'`<>]*", text).filter { !$0.hasPrefix("http://www.w3.org/") }
  }

  private static func matches(_ pattern: String, _ text: String) -> [String] {
    guard let expression = try? NSRegularExpression(pattern: pattern, options: .caseInsensitive) else {
      preconditionFailure("a pattern of this file is not valid: \(pattern)")
    }
    return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).compactMap {
      Range($0.range, in: text).map { String(text[$0]) }
    }
  }

  /// Whether a browser keeps the element's content and does not run it.
  private static func isData(_ type: String?) -> Bool {
    ["application/json", "application/ld+json", "text/plain", "text/template"].contains(type?.lowercased())
  }

  /// Every string of a data block. Times that a reader's decisions carry are the review's own.
  private func dataLeaks(_ text: String, isDecisions: Bool, _ patterns: LeakPatterns) -> [(Leak.Kind, String)] {
    guard let json = try? JSONSerialization.jsonObject(with: Data(text.utf8), options: .fragmentsAllowed) else {
      return patterns.leaks(in: text)
    }
    func strings(_ value: Any) -> [String] {
      switch value {
      case let text as String: [text]
      case let list as [Any]: list.flatMap(strings)
      case let members as [String: Any]:
        members.sorted { $0.key < $1.key }.flatMap { key, member in
          isDecisions && (key == "time" || key == "savedAt") ? [] : [key] + strings(member)
        }
      default: []
      }
    }
    return strings(json).flatMap(patterns.leaks)
  }
}

extension [(name: String, value: String)] {
  fileprivate func value(_ name: String) -> String? { first { $0.name == name }?.value }
}
