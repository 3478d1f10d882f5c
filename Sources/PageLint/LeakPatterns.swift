import Foundation

/// What must not stand in the text of a page that is shared.
package struct LeakPatterns {
  package typealias Kind = ReportLint.Leak.Kind

  private let identifiers: [NSRegularExpression]
  private let ownDates: Set<String>

  /// - Parameter identifiers: found as whole words, whatever their case.
  package init(identifiers: [String], ownDates: Set<String>) {
    self.identifiers = Self.patterns(
      Set(identifiers).filter { !$0.isEmpty }.sorted().map {
        "(?<![\\p{L}\\p{N}])\(NSRegularExpression.escapedPattern(for: $0))(?![\\p{L}\\p{N}])"
      }, .caseInsensitive)
    self.ownDates = ownDates
  }

  /// Everything in a text that people read.
  package func leaks(in text: String) -> [(Kind, String)] {
    codeLeaks(in: text) + matches(Self.paths, text).map { (.path, $0) } + dateLeaks(in: text)
  }

  /// What to look for in program text and style sheets, where slashes and digits are no paths and dates.
  package func codeLeaks(in text: String) -> [(Kind, String)] {
    matches(identifiers, text).map { (.identifier, $0) } + matches(Self.email, text).map { (.email, $0) }
  }

  private func dateLeaks(in text: String) -> [(Kind, String)] {
    matches(Self.dates, text).filter { !ownDates.contains($0) }.map { (.date, $0) }
  }

  private func matches(_ patterns: [NSRegularExpression], _ text: String) -> [String] {
    let whole = NSRange(text.startIndex..., in: text)
    return patterns.flatMap { pattern in
      pattern.matches(in: text, range: whole).compactMap { Range($0.range, in: text).map { String(text[$0]) } }
    }
  }

  private static func patterns(_ texts: [String], _ options: NSRegularExpression.Options = []) -> [NSRegularExpression]
  {
    texts.map { text in
      do { return try NSRegularExpression(pattern: text, options: options) } catch {
        preconditionFailure("a pattern of this file is not valid: \(text)")
      }
    }
  }

  private static let email = patterns(["[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\\.[A-Za-z0-9-]+)*\\.[A-Za-z]{2,}"])

  private static let paths = patterns([
    // Two components or more, or one with a file's ending; not the second half of "mean/highest".
    "(?<![\\w./~<>)-])/(?:[\\w.~@%+=-]+/)+[\\w.~@%+=-]*",
    "(?<![\\w./~<>)-])/[\\w.~@%+=-]+\\.[A-Za-z][A-Za-z0-9]{1,5}\\b", "(?<![\\w])~\\w*/[\\w.-]+",
    "(?<![\\w])[A-Za-z]:[\\\\/][\\w.~-]+", "\\\\\\\\[\\w.-]+\\\\[\\w$.-]+", "file:/[^\\s\"'<>]*",
  ])

  private static let month =
    "(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:t(?:ember)?)?|oct(?:ober)?"
    + "|nov(?:ember)?|dec(?:ember)?)"
  private static let dates = patterns(
    [
      "(?<![\\d.])(?:19|20)\\d{2}([-./])(?:0[1-9]|1[0-2])\\1(?:0[1-9]|[12]\\d|3[01])(?!\\d)",
      "(?<![\\w.])(?:0?[1-9]|[12]\\d|3[01])([-./])(?:0?[1-9]|[12]\\d|3[01])\\1(?:19|20)\\d{2}(?!\\w)",
      "(?<![\\w.])(?:19|20)\\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])(?![\\w.])",
      "(?<!\\w)(?:\\d{1,2}(?:st|nd|rd|th|\\.)? )?\(month)\\.? (?:\\d{1,2}(?:st|nd|rd|th)?,? )?(?:19|20)\\d{2}(?!\\w)",
    ], .caseInsensitive)
}
