import Lesions
public import Results

/// A table as BIDS wants it: tab-separated UTF-8 with one header line, `n/a` for what is not defined.
struct TabSeparated {
  private var lines: [String]
  private let columns: Int

  init(_ header: [String]) {
    columns = header.count
    lines = [header.joined(separator: "\t")]
  }

  mutating func append(_ row: [String?]) {
    precondition(row.count == columns, "one value per column")
    lines.append(row.map { Self.cell($0) }.joined(separator: "\t"))
  }

  var bytes: [UInt8] { Array((lines.joined(separator: "\n") + "\n").utf8) }

  /// Tabs and line ends would break the table; they become spaces.
  private static func cell(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return "n/a" }
    var cell = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      cell.append(scalar.value < 0x20 || scalar.value == 0x7F || (0x80...0x9F).contains(scalar.value) ? " " : scalar)
    }
    return String(cell)
  }

  /// Shortest text that reads back as the same number; nil for what is not finite.
  static func number(_ value: Double?) -> String? {
    guard let value, value.isFinite else { return nil }
    if value == value.rounded(), abs(value) < 1e15 { return String(Int(value)) }
    return String(value)
  }

  static func number(_ value: Int?) -> String? { value.map(String.init) }
}
