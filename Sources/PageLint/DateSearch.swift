/// Finds dates in the forms in which people, scanners and files write them.
///
/// Day, month and year in any order with `-`, `.`, `/`, `_` or `:` between them, months by name in the languages of
/// ``MonthNames``, `1964年3月12日`, ISO weeks, and the forms of DICOM: `19640312` (DA) and `19640312101500` (DT).
/// Reads a text once; no form is longer than a few words.
struct DateSearch {
  struct Found {
    /// Folded scalars.
    let range: Range<Int>
    /// What it may mean, as day and month are not in the same order everywhere.
    let readings: [CalendarDay]
  }

  private enum Kind { case digits, letters }
  private struct Token {
    let kind: Kind
    let range: Range<Int>
  }

  private let text: FoldedText
  private let tokens: [Token]

  static func dates(in text: FoldedText) -> [Found] {
    let search = DateSearch(text)
    var found: [Found] = []
    var at = 0
    while at < search.tokens.count {
      if let (date, used) = search.date(at) {
        found.append(date)
        at += used
      } else {
        at += 1
      }
    }
    return found
  }

  private init(_ text: FoldedText) {
    var tokens: [Token] = []
    var at = 0
    while at < text.count {
      guard text.isWord(at) else {
        at += 1
        continue
      }
      let start = at
      let isNumber = text.isDigit(at)
      while text.isWord(at), text.isDigit(at) == isNumber { at += 1 }
      tokens.append(Token(kind: isNumber ? .digits : .letters, range: start..<at))
    }
    (self.text, self.tokens) = (text, tokens)
  }

  /// The date that begins with a token and the number of its tokens.
  private func date(_ at: Int) -> (Found, Int)? {
    guard tokens[at].kind == .digits else { return named(at) }
    return compact(at) ?? numbers(at) ?? named(at) ?? ideographic(at) ?? week(at)
  }

  private func found(_ first: Int, _ last: Int, _ readings: [CalendarDay?]) -> (Found, Int)? {
    let valid = readings.compactMap(\.self)
    guard !valid.isEmpty else { return nil }
    return (
      Found(range: tokens[first].range.lowerBound..<tokens[last].range.upperBound, readings: valid), last - first + 1
    )
  }

  // MARK: - Tokens

  private func number(_ at: Int, _ lengths: ClosedRange<Int>) -> Int? {
    guard tokens.indices.contains(at), tokens[at].kind == .digits, lengths.contains(tokens[at].range.count) else {
      return nil
    }
    return text.scalars[tokens[at].range].reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private func year(_ at: Int) -> Int? { number(at, 4...4).flatMap { CalendarDay.years.contains($0) ? $0 : nil } }

  private func letters(_ at: Int) -> ArraySlice<UInt32>? {
    guard tokens.indices.contains(at), tokens[at].kind == .letters else { return nil }
    return text.scalars[tokens[at].range]
  }

  private func isWord(_ at: Int, in words: Set<[UInt32]>) -> Bool {
    letters(at).map { words.contains(Array($0)) } ?? false
  }

  /// What stands between a token and the next, spaces left out; nil for more than a mark.
  private func mark(after at: Int) -> [UInt32]? {
    guard tokens.indices.contains(at + 1) else { return nil }
    let gap = tokens[at].range.upperBound..<tokens[at + 1].range.lowerBound
    guard gap.count <= 4 else { return nil }
    return text.scalars[gap].filter { $0 != 0x20 }
  }

  private func hasSpace(after at: Int) -> Bool { text.at(tokens[at].range.upperBound) == 0x20 }

  /// Not the end of a longer number or word.
  private func isFree(before at: Int) -> Bool {
    let start = tokens[at].range.lowerBound
    if text.isWord(start - 1) { return false }
    return !(text.at(start - 1) == 0x2E && text.isDigit(start - 2))
  }

  /// Not the beginning of a longer number or word; `T10:00` and `Z` may follow a date.
  private func isFree(after at: Int) -> Bool {
    let end = tokens[at].range.upperBound
    if text.at(end) == 0x2E, text.isDigit(end + 1) { return false }
    guard text.isWord(end) else { return true }
    return text.at(end) == 0x74 && text.isDigit(end + 1) || text.at(end) == 0x7A && !text.isWord(end + 1)
  }

  // MARK: - Forms

  /// `19640312`, `12031964`, `19640312101500.25`.
  private func compact(_ at: Int) -> (Found, Int)? {
    let token = tokens[at]
    guard token.kind == .digits, [8, 12, 14].contains(token.range.count), isFree(before: at) else { return nil }
    let digits = text.scalars[token.range].map { Int($0 - 0x30) }
    func value(_ range: Range<Int>) -> Int { digits[range].reduce(0) { $0 * 10 + $1 } }
    let yearFirst = CalendarDay(value(0..<4), value(4..<6), value(6..<8))
    if digits.count == 8 {
      guard isFree(after: at) else { return nil }
      return found(
        at, at,
        [
          yearFirst, CalendarDay(value(4..<8), value(2..<4), value(0..<2)),
          CalendarDay(value(4..<8), value(0..<2), value(2..<4)),
        ])
    }
    let isTime = value(8..<10) < 24 && value(10..<12) < 60 && (digits.count == 12 || value(12..<14) <= 60)
    return isTime ? found(at, at, [yearFirst]) : nil
  }

  private static let marks: Set<[UInt32]> = [[0x2D], [0x2E], [0x2F], [0x5F], [0x3A]]

  /// Three numbers with the same mark between them.
  private func numbers(_ at: Int) -> (Found, Int)? {
    guard let mark = mark(after: at), mark == self.mark(after: at + 1), Self.marks.contains(mark), isFree(before: at),
      let middle = number(at + 1, 1...2)
    else { return nil }
    let isNarrow = mark == [0x5F] || mark == [0x3A]
    if let year = year(at), let day = number(at + 2, 1...2) {
      guard !isNarrow || tokens[at + 1].range.count == 2 && tokens[at + 2].range.count == 2 else { return nil }
      return found(at, at + 2, [CalendarDay(year, middle, day), CalendarDay(year, day, middle)])
    }
    guard let first = number(at, 1...2), isFree(after: at + 2), mark != [0x3A] else { return nil }
    if let year = year(at + 2) {
      return found(at, at + 2, [CalendarDay(year, middle, first), CalendarDay(year, first, middle)])
    }
    // Two digits of a year: every part has two, and no further number follows or comes before, as in a version.
    guard let last = number(at + 2, 2...2), mark != [0x5F], !hasSpace(after: at), !hasSpace(after: at + 1),
      (at...(at + 1)).allSatisfy({ tokens[$0].range.count == 2 }),
      !(number(at + 3, 1...20) != nil && self.mark(after: at + 2) == mark),
      !(at > 0 && tokens[at - 1].kind == .digits && self.mark(after: at - 1) == mark)
    else { return nil }
    let readings = [(last, middle, first), (last, first, middle), (first, middle, last)].flatMap { year, month, day in
      [CalendarDay(1900 + year, month, day), CalendarDay(2000 + year, month, day)]
    }
    return found(at, at + 2, readings)
  }

  private static let ordinals = Set(
    ["st", "nd", "rd", "th", "er", "o", "a", "e"].map { Array($0.unicodeScalars.map(\.value)) })
  private static let fillers = Set(["of", "de", "del", "the", "d"].map { Array($0.unicodeScalars.map(\.value)) })
  private static let looseMarks: Set<[UInt32]> = [[], [0x2D], [0x2E], [0x2F], [0x5F], [0x2C], [0x2E, 0x2C], [0x27]]

  private func month(_ at: Int) -> MonthNames.Month? { letters(at).flatMap { MonthNames.known[Array($0)] } }

  /// The token after this one where only a mark, and words such as `of`, stand between.
  private func next(_ at: Int, skipping words: Set<[UInt32]>) -> Int? {
    var at = at
    for _ in 0..<3 {
      guard let mark = mark(after: at), Self.looseMarks.contains(mark) else { return nil }
      at += 1
      if !isWord(at, in: words) { return at }
    }
    return nil
  }

  /// `12 March 1964`, `12. marec 1964`, `12 de marzo de 1964`, `12-MAR-64`, `12MAR1964`, `Mar 12th, 1964`,
  /// `March 1964`, `1964. március 12.`
  private func named(_ at: Int) -> (Found, Int)? {
    if let month = month(at) {
      guard at == 0 || mark(after: at - 1) != [] || hasSpace(after: at - 1) else { return nil }
      if let second = next(at, skipping: Self.fillers) {
        if let day = number(second, 1...2), let third = next(second, skipping: Self.ordinals.union(Self.fillers)),
          let year = year(third), !text.isWord(tokens[third].range.upperBound)
        {
          return found(at, third, [CalendarDay(year, month.number, day)])
        }
        if month.isPlain, let year = year(second), !text.isWord(tokens[second].range.upperBound) {
          return found(at, second, [CalendarDay(year, month.number, nil)])
        }
      }
      return nil
    }
    guard isFree(before: at), let second = next(at, skipping: Self.ordinals.union(Self.fillers)),
      let month = month(second), let third = next(second, skipping: Self.fillers)
    else { return nil }
    if let day = number(at, 1...2) {
      guard !text.isWord(tokens[third].range.upperBound) else { return nil }
      if let year = year(third) { return found(at, third, [CalendarDay(year, month.number, day)]) }
      guard let year = number(third, 2...2),
        !month.isWord || mark(after: second) == [0x27] || mark(after: at) != [] || !hasSpace(after: at)
      else { return nil }
      return found(
        at, third, [CalendarDay(1900 + year, month.number, day), CalendarDay(2000 + year, month.number, day)])
    }
    guard let year = year(at), let day = number(third, 1...2) else { return nil }
    return found(at, third, [CalendarDay(year, month.number, day)])
  }

  private static let signs = ["年月日", "년월일"].map { signs in signs.map { FoldedText(String($0)).scalars } }

  /// `1964年3月12日`, also with a year of an era.
  private func ideographic(_ at: Int) -> (Found, Int)? {
    guard let year = number(at, 1...4), let month = number(at + 2, 1...2), let day = number(at + 4, 1...2),
      let first = letters(at + 1), let second = letters(at + 3), let third = letters(at + 5)
    else { return nil }
    for signs in Self.signs
    where first.elementsEqual(signs[0]) && second.elementsEqual(signs[1]) && third.starts(with: signs[2]) {
      return found(at, at + 4, [CalendarDay(CalendarDay.years.contains(year) ? year : 2000, month, day)])
    }
    return nil
  }

  /// `1964-W11-4`.
  private func week(_ at: Int) -> (Found, Int)? {
    guard isFree(before: at), let year = year(at), isWord(at + 1, in: [[0x77]]), let week = number(at + 2, 2...2),
      (1...53).contains(week), let mark = mark(after: at), mark == [] || mark == [0x2D], self.mark(after: at + 1) == []
    else { return nil }
    return found(at, at + 2, [CalendarDay(year, min(12, (week * 7 + 29) / 31), nil)])
  }
}

/// A day, or a month, of the years in which somebody alive was born or scanned.
struct CalendarDay: Hashable {
  static let years = 1900...2099
  let year: Int
  let month: Int
  let day: Int?

  /// Nil for what no calendar has.
  init?(_ year: Int, _ month: Int, _ day: Int?) {
    guard Self.years.contains(year), (1...12).contains(month), day.map({ (1...31).contains($0) }) ?? true else {
      return nil
    }
    (self.year, self.month, self.day) = (year, month, day)
  }

  /// From `2026-11-24`; nil for anything else.
  init?(iso text: String) {
    let parts = text.prefix(10).split(separator: "-").map { Int($0) }
    guard parts.count == 3, let year = parts[0], let month = parts[1], let day = parts[2] else { return nil }
    self.init(year, month, day)
  }

  /// Whether this day, or its month where only that is said, is among the given ones.
  func isAmong(_ days: Set<CalendarDay>) -> Bool {
    day == nil ? days.contains { $0.year == year && $0.month == month } : days.contains(self)
  }
}
