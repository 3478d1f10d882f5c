import Foundation

/// What must not stand in the text of a page or file that is shared.
package struct LeakPatterns {
  package typealias Kind = ReportLint.Leak.Kind

  private let identifiers: IdentifierSearch
  private let places: IdentifierSearch
  private let ownDays: Set<CalendarDay>

  /// - Parameters:
  ///   - identifiers: found as whole words, in any case and spelling.
  ///   - addressees: names that are ordinary words, too: found only as the name of a machine or user in an address,
  ///     such as `ms` in `jane@ms`.
  ///   - ownDates: `2026-11-24`: days that may be named.
  package init(identifiers: [String], addressees: [String] = [], ownDates: Set<String>) {
    self.identifiers = IdentifierSearch(identifiers)
    places = IdentifierSearch(addressees)
    ownDays = Set(ownDates.compactMap(CalendarDay.init(iso:)))
  }

  package func adding(ownDates: [String]) -> LeakPatterns {
    LeakPatterns(
      identifiers: identifiers, places: places, ownDays: ownDays.union(ownDates.compactMap(CalendarDay.init)))
  }

  private init(identifiers: IdentifierSearch, places: IdentifierSearch, ownDays: Set<CalendarDay>) {
    (self.identifiers, self.places, self.ownDays) = (identifiers, places, ownDays)
  }

  /// Something that was found across the end of a piece of text.
  struct Match {
    let kind: Kind
    /// Index of the piece that it begins in.
    let piece: Int
    let text: String
  }

  /// Everything in a text that people read, also in what is left when encodings are taken off.
  package func leaks(in text: String) -> [(Kind, String)] { decoded(text) { folded in all(in: folded) } }

  /// What to look for in program text and style sheets, where slashes and digits are no paths and dates.
  package func codeLeaks(in text: String) -> [(Kind, String)] {
    decoded(text) { folded in identifierMatches(folded) + AddressSearch.emails(in: folded).map { (.email, $0) } }
  }

  private func decoded(_ text: String, _ search: (FoldedText) -> [(Kind, Range<Int>)]) -> [(Kind, String)] {
    var found: [(Kind, String)] = []
    var seen: Set<String> = []
    for (layer, view) in TextDecoding.views(of: text).enumerated() {
      let folded = FoldedText(view)
      let matches = search(folded)
      var new: Set<String> = []
      for (kind, range) in matches {
        let key = "\(kind)" + folded.scalars[range].filter(FoldedText.isWord).map { "\($0) " }.joined()
        // A layer repeats most of what the one before it said.
        if layer == 0 || !seen.contains(key) { found.append((kind, folded.excerpt(range))) }
        new.insert(key)
      }
      seen.formUnion(new)
    }
    return found
  }

  /// What the pieces of a text say together and none of them alone.
  func matches(across pieces: [String]) -> [Match] {
    let folded = FoldedText(pieces.joined())
    var seams: [Int] = []
    var length = 0
    for piece in pieces {
      length += FoldedText(piece).count
      seams.append(length)
    }
    var next = 0
    return all(in: folded).sorted { $0.1.lowerBound < $1.1.lowerBound }.compactMap { kind, range in
      while next < seams.count, seams[next] <= range.lowerBound { next += 1 }
      guard next < seams.count - 1, seams[next] < range.upperBound else { return nil }
      return Match(kind: kind, piece: next, text: folded.excerpt(range))
    }
  }

  private func all(in folded: FoldedText) -> [(Kind, Range<Int>)] {
    identifierMatches(folded)
      + AddressSearch.addresses(in: folded).map { address in
        switch address.kind {
        case .path: (.path, address.range)
        case .email: (.email, address.range)
        case .network: (.external, address.range)
        }
      }
      + DateSearch.dates(in: folded).filter { date in !date.readings.contains { $0.isAmong(ownDays) } }.map {
        (.date, $0.range)
      }
  }

  private func identifierMatches(_ folded: FoldedText) -> [(Kind, Range<Int>)] {
    identifiers.matches(in: folded).map { (.identifier, $0) }
      + places.matches(in: folded).filter { isAddress($0, folded) }.map { (.identifier, $0) }
  }

  /// `jane@ms`, `ms:/data`, `//ms/data`, `\\ms\data`, `ms.local`.
  private func isAddress(_ range: Range<Int>, _ text: FoldedText) -> Bool {
    let (before, after) = (text.at(range.lowerBound - 1), text.at(range.upperBound))
    if before == 0x40 || after == 0x40 && text.isWord(range.upperBound + 1) { return true }
    if after == 0x3A, text.at(range.upperBound + 1) == 0x2F { return true }
    if before == 0x5C, text.at(range.lowerBound - 2) == 0x5C { return true }
    if before == 0x2F, text.at(range.lowerBound - 2) == 0x2F { return true }
    guard after == 0x2E else { return false }
    return Self.domains.contains { domain in
      let end = range.upperBound + 1 + domain.count
      return end <= text.count && text.scalars[(range.upperBound + 1)..<end].elementsEqual(domain) && !text.isWord(end)
    }
  }

  private static let domains = ["local", "lan", "localdomain", "intranet", "internal", "corp", "home", "fritz"].map {
    Array($0.unicodeScalars.map(\.value))
  }
}
