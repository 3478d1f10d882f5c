import Foundation

/// Finds names and numbers of people, machines and files in a text, also where something stands between their letters.
///
/// A name is found as a whole word. One of five letters or more (six digits, when it has no letter) is also found with
/// spaces, marks or tags between its characters, and with its two words in the other order; a shorter one only as it
/// was given, since any page has `m`, `s` and `1` near each other. Time grows with the length of the text alone.
struct IdentifierSearch {
  private struct Form {
    /// Folded, with its punctuation.
    let scalars: [UInt32]
    /// Punctuation before its first letter or digit.
    let lead: Int
    let isSplittable: Bool
    /// After how many letters and digits a slash stands.
    let slashes: [Int]
  }

  private struct Node {
    var children: [UInt32: Int] = [:]
    /// Forms that end here.
    var forms: [Int] = []
  }

  private var nodes = [Node()]
  private var forms: [Form] = []

  /// Letters between which more than this stands do not belong together.
  private static let longestGap = 12
  private static let fewestCharacters = 5
  private static let fewestDigits = 6

  init(_ identifiers: [String]) {
    for identifier in Set(identifiers).sorted() { for spelling in Self.spellings(identifier) { add(spelling) } }
  }

  /// A name, its umlauts written out, and its two words in the other order.
  private static func spellings(_ identifier: String) -> Set<String> {
    var spellings: Set = [identifier]
    let composed = identifier.precomposedStringWithCanonicalMapping.lowercased()
    let written = composed.map { letter in
      switch letter {
      case "ä", "æ": "ae"
      case "ö", "ø": "oe"
      case "ü": "ue"
      case "å": "aa"
      default: String(letter)
      }
    }.joined()
    if written != composed { spellings.insert(written) }
    for spelling in spellings {
      let words = spelling.split { ",^ ".contains($0) }
      if words.count == 2 { spellings.insert("\(words[1]) \(words[0])") }
    }
    return spellings
  }

  private mutating func add(_ spelling: String) {
    let folded = FoldedText(spelling).scalars
    let words = folded.filter(FoldedText.isWord)
    guard !words.isEmpty else { return }
    var slashes: [Int] = []
    var seen = 0
    for value in folded {
      if FoldedText.isWord(value) {
        seen += 1
      } else if Self.isSlash(value), seen > 0, slashes.last != seen {
        slashes.append(seen)
      }
    }
    let isSplittable = words.count >= (words.allSatisfy(FoldedText.isDigit) ? Self.fewestDigits : Self.fewestCharacters)
    forms.append(
      Form(
        scalars: folded, lead: folded.firstIndex(where: FoldedText.isWord) ?? 0, isSplittable: isSplittable,
        slashes: slashes.filter { $0 < words.count }))
    var node = 0
    for value in words {
      if let next = nodes[node].children[value] {
        node = next
      } else {
        nodes.append(Node())
        nodes[node].children[value] = nodes.count - 1
        node = nodes.count - 1
      }
    }
    nodes[node].forms.append(forms.count - 1)
  }

  private static func isSlash(_ value: UInt32) -> Bool { value == 0x2F || value == 0x5C }

  /// Where identifiers stand, in folded scalars, the longest at each place.
  func matches(in text: FoldedText) -> [Range<Int>] {
    guard nodes.count > 1 else { return [] }
    var found: [Range<Int>] = []
    var at = 0
    while at < text.count {
      if text.isWord(at), begins(at, in: text), let end = end(from: at, in: text) {
        found.append(at..<end)
        at = end
      } else {
        at += 1
      }
    }
    return found
  }

  /// Whether a word may begin here: nothing before, or no letter or digit of the same kind.
  private func begins(_ at: Int, in text: FoldedText) -> Bool {
    guard at > 0, text.isWord(at - 1) else { return true }
    return isSeam(text.scalars[at - 1], text.scalars[at])
  }

  private func isSeam(_ one: UInt32, _ other: UInt32) -> Bool {
    FoldedText.isDigit(one) != FoldedText.isDigit(other) || FoldedText.isUnspaced(one) || FoldedText.isUnspaced(other)
  }

  private func end(from start: Int, in text: FoldedText) -> Int? {
    var (node, at, gap) = (0, start, 0)
    var longest: Int?
    while at < text.count {
      let value = text.scalars[at]
      if FoldedText.isWord(value) {
        guard let next = nodes[node].children[value] else { break }
        (node, gap) = (next, 0)
        let isEnd = !text.isWord(at + 1) || isSeam(value, text.scalars[at + 1])
        if isEnd, nodes[node].forms.contains(where: { accepts(forms[$0], start..<(at + 1), text) }) { longest = at + 1 }
      } else {
        gap += 1
        if gap > Self.longestGap { break }
      }
      at += 1
    }
    return longest
  }

  private func accepts(_ form: Form, _ range: Range<Int>, _ text: FoldedText) -> Bool {
    if isAsGiven(form, range, text) { return true }
    guard form.isSplittable else { return false }
    // The folders of a path are words of any text; only slashes make a path of them.
    var (seen, passed) = (0, 0)
    for at in range where passed < form.slashes.count {
      if text.isWord(at) {
        seen += 1
        if seen > form.slashes[passed] { return false }
      } else if Self.isSlash(text.scalars[at]), seen == form.slashes[passed] {
        passed += 1
      }
    }
    return passed == form.slashes.count
  }

  /// Letter for letter with its punctuation, and a word by itself.
  private func isAsGiven(_ form: Form, _ range: Range<Int>, _ text: FoldedText) -> Bool {
    let start = range.lowerBound - form.lead
    guard start >= 0, start + form.scalars.count <= text.count,
      text.scalars[start..<(start + form.scalars.count)].elementsEqual(form.scalars)
    else { return false }
    if form.isSplittable { return true }
    func isOwn(_ one: Int, _ other: Int) -> Bool {
      !text.isWord(one) || !text.isWord(other) || FoldedText.isUnspaced(text.scalars[one])
        || FoldedText.isUnspaced(text.scalars[other])
    }
    return isOwn(start - 1, start) && isOwn(range.upperBound - 1, range.upperBound)
  }
}
