/// The text of a page as it is read, without its tags: elements inside a line put nothing between two letters, all
/// others end what stands before them.
struct TextFlow {
  private(set) var pieces: [String] = []
  /// Line of each piece, from 1.
  private(set) var lines: [Int] = []

  /// Between blocks: neither a letter nor a mark of a date.
  private static let seam = "\u{FFFC}"

  private static let insideLines: Set<String> = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "nobr", "output", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time",
    "tspan", "tt", "u", "var", "wbr",
  ]

  mutating func add(_ text: String, _ line: Int) {
    var piece = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    if text.first?.isWhitespace == true { piece = " " + piece }
    if piece.count > 1, text.last?.isWhitespace == true { piece += " " }
    guard piece != " " || pieces.last.map({ $0 != Self.seam && !$0.hasSuffix(" ") }) ?? false else { return }
    pieces.append(piece)
    lines.append(line)
  }

  /// A start or end tag.
  mutating func pass(_ name: String, _ line: Int) {
    guard !Self.insideLines.contains(name), !name.isEmpty, pieces.last != Self.seam else { return }
    pieces.append(Self.seam)
    lines.append(line)
  }
}
