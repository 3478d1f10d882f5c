import Digests
import Foundation
import Mustache

/// Escaping of every value that a template shows.
///
/// Works on Unicode scalars as a browser does. Escaping by grapheme cluster, as the template library's own HTML type
/// does, lets a quotation mark followed by a combining mark through. Characters that a page cannot hold (control
/// characters) and those that reorder the text around them (bidirectional overrides) become U+FFFD, so that a name
/// cannot disguise what stands beside it.
struct HTMLText: MustacheContentType {
  static let name = "LESIONQC-HTML"

  func escapeText(_ text: String) -> String { Self.escape(text) }

  static func escape(_ text: String) -> String {
    guard text.utf8.contains(where: { !isPlain($0) }) else { return text }
    var escaped = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      switch scalar {
      case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
      case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
      case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
      case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
      case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
      case "\t", "\n": escaped.append(scalar)
      case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\0"..."\u{1F}", "\u{7F}"..."\u{9F}":
        escaped.append("\u{FFFD}")
      default: escaped.append(scalar)
      }
    }
    return String(escaped)
  }

  /// ASCII that stands for itself; lets megabytes of base64 pass quickly.
  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), UInt8(ascii: "\""), UInt8(ascii: "'"): false
    default: byte >= 0x20 && byte < 0x7F
    }
  }
}

/// The Content-Security-Policy of a page: no request of any kind, pictures from inside the file, and at most one
/// script.
enum ContentPolicy {
  /// - Parameter script: the exact text of the page's one script; a script of which a character was changed does not
  ///   run.
  static func text(script: String?) -> String {
    let allowed = script.map { script in
      "script-src 'sha256-\(Data(Digest.sha256Bytes(script.utf8)).base64EncodedString())'; "
    }
    return "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \(allowed ?? "")base-uri 'none'; form-action "
      + "'none'"
  }
}
