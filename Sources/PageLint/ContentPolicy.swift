import Digests
import Foundation

/// The Content-Security-Policy of a page, and what it must say so that the page can ask for nothing from outside.
struct ContentPolicy {
  private let directives: [String: [String]]

  init(_ text: String) {
    var directives: [String: [String]] = [:]
    for part in text.split(separator: ";") {
      let words = part.split(whereSeparator: \.isWhitespace).map(String.init)
      // The first of two equal directives counts, as in a browser.
      if let name = words.first?.lowercased(), directives[name] == nil { directives[name] = Array(words.dropFirst()) }
    }
    self.directives = directives
  }

  /// What is missing or too open, in words.
  var faults: [String] {
    var faults = ["default-src", "base-uri", "form-action"].filter { directives[$0] != ["'none'"] }.map {
      "\($0) is not 'none'"
    }
    for (name, sources) in directives.sorted(by: { $0.key < $1.key }) {
      let open = sources.filter { !Self.isClosed($0, in: name) }
      if !open.isEmpty { faults.append("\(name) allows \(open.joined(separator: " "))") }
    }
    return faults
  }

  private static func isClosed(_ source: String, in directive: String) -> Bool {
    switch directive {
    case "style-src": source == "'none'" || source == "'unsafe-inline'" || source.hasPrefix("'sha256-")
    case "script-src": source == "'none'" || source.hasPrefix("'sha256-")
    case "img-src": source == "'none'" || source == "data:"
    default: source == "'none'"
    }
  }

  func allows(script bytes: [UInt8]) -> Bool {
    (directives["script-src"] ?? []).contains("'sha256-\(Self.base64(Digest.sha256(bytes)))'")
  }

  private static func base64(_ hexadecimal: String) -> String {
    let digits = hexadecimal.utf8.map { $0 < 58 ? $0 - 48 : $0 - 87 }
    return Data(stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }).base64EncodedString()
  }
}
