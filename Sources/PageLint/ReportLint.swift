import Foundation

/// Looks through a finished page, or another file of a shared folder, for what must not be shared: identifiers, paths,
/// dates, anything that reaches outside. Time grows with the length of what is looked through, whatever it holds.
public struct ReportLint: Sendable {
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
      case header = "text in an image's header"
      case head = "whole head"
      case link = "link"
      case unread = "not looked into"
    }
    public let kind: Kind
    /// From 1.
    public let line: Int
    public let text: String
    public var description: String { "\(line): \(kind.rawValue): \(text)" }

    /// - Parameter text: shown on one line of at most 120 characters.
    package init(_ kind: Kind, line: Int = 1, _ text: String) {
      self.kind = kind
      self.line = line
      self.text = String(text.split(whereSeparator: \.isWhitespace).joined(separator: " ").prefix(120))
    }
  }

  let patterns: LeakPatterns

  /// - Parameters:
  ///   - identifiers: words that must not occur, in any case and spelling.
  ///   - addressees: names that are ordinary words, too, and are found in addresses only.
  ///   - ownDates: `2026-11-24`: dates of the run and of the review. The day that the page gives as that of its run, in
  ///     its first `time` element, is one of them.
  public init(identifiers: [String], addressees: [String] = [], ownDates: Set<String> = []) {
    patterns = LeakPatterns(identifiers: identifiers, addressees: addressees, ownDates: ownDates)
  }

  // MARK: - Pages

  /// In the order of the page; what stands across several elements follows.
  public func leaks(in page: [UInt8]) -> [Leak] {
    let tokens = HTMLTokens(page).tokens
    let run = tokens.lazy.compactMap { _, token -> String? in
      guard case .start("time", let attributes) = token else { return nil }
      return attributes.value("datetime").map { String($0.prefix(10)) }
    }.first
    let patterns = patterns.adding(ownDates: [run].compactMap(\.self))
    var found: [Leak] = []
    var policy: ContentPolicy?
    var mayStillNeedPolicy = true
    var flow = TextFlow()
    for (line, token) in tokens {
      func add(_ kind: Leak.Kind, _ text: String) { found.append(Leak(kind, line: line, text)) }
      func add(_ leaks: [(Leak.Kind, String)]) { for (kind, text) in leaks { add(kind, text) } }
      switch token {
      case .text(let text), .comment(let text):
        add(patterns.leaks(in: text))
        if let sign = Self.headSigns.first(where: text.contains) { add(.head, sign) }
        if case .text = token { flow.add(text, line) }
      case .end(let name): flow.pass(name, line)
      case .start(let name, let attributes):
        flow.pass(name, line)
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
        add(elementLeaks(name, attributes, patterns))
      case .raw("style", _, let bytes): add(styleLeaks(String(decoding: bytes, as: UTF8.self), patterns))
      case .raw(_, let attributes, let bytes):
        let text = String(decoding: bytes, as: UTF8.self)
        if attributes.value("type")?.lowercased() == VolumeData.type {
          add(VolumeData.leaks(in: text, attributes))
        } else if Self.isData(attributes.value("type")) {
          add(dataLeaks(text, isDecisions: attributes.value("id") == "decisions", patterns))
        } else {
          if attributes.value("src") == nil, policy?.allows(script: bytes) != true {
            add(.script, "its hash is not in the policy (\(text.prefix(40)))")
          }
          add(scriptLeaks(text, patterns))
        }
      }
    }
    if policy == nil, mayStillNeedPolicy { found.append(Leak(.policy, "no Content-Security-Policy")) }
    return found + patterns.matches(across: flow.pieces).map { Leak($0.kind, line: flow.lines[$0.piece], $0.text) }
  }

  private static let headSigns = ["The images show the head", "Whole head"]

  // MARK: - Other files

  /// In a table, a JSON document or another text, line by line.
  public func leaks(inText bytes: [UInt8]) -> [Leak] {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false).map {
      "\($0)\n"
    }
    let own = lines.enumerated().flatMap { index, line in
      patterns.leaks(in: line).map { Leak($0, line: index + 1, $1) }
        + DataAddress.all(in: line).flatMap(DataAddress.leaks).map { Leak(.picture, line: index + 1, $0) }
    }
    return own + patterns.matches(across: lines).map { Leak($0.kind, line: $0.piece + 1, $0.text) }
  }

  /// In a PNG: anything but the picture.
  public func leaks(inPNG bytes: [UInt8]) -> [Leak] { PNGChunks.leaks(in: bytes).map { Leak(.picture, $0) } }

  /// In the name of a file or folder.
  public func leaks(inName name: String) -> [Leak] { patterns.leaks(in: name).map { Leak($0, "\($1) (in the name)") } }
}

extension [(name: String, value: String)] { func value(_ name: String) -> String? { first { $0.name == name }?.value } }
