import Results

/// A table for other programs. Its columns say how a row is written and what the data dictionary tells of each, so that
/// the two cannot come apart.
struct Table<Row> {
  let columns: [Column<Row>]

  init(_ columns: [Column<Row>]) { self.columns = columns }

  var header: [String] { columns.map(\.name) }

  /// Tab-separated UTF-8 as BIDS wants it: one header line, `n/a` for what is not defined.
  func bytes(_ rows: some Sequence<Row>) -> [UInt8] {
    let lines = [header.joined(separator: "\t")] + rows.map(line)
    return Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// A row without its line end.
  func line(_ row: Row) -> String { columns.map { Self.cell($0.cell(row)) }.joined(separator: "\t") }

  /// What every column holds, by name: a BIDS data dictionary.
  var definitions: [String: ColumnDefinition] {
    Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.definition) })
  }

  /// The data dictionary as a file beside the table.
  func dictionary() throws -> [UInt8] { try PrettyJSON.bytes(of: definitions) }

  /// Tabs and line ends would break the table; they become spaces.
  private static func cell(_ text: String?) -> String {
    guard let text, !text.isEmpty else { return "n/a" }
    var cell = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      cell.append(scalar.value < 0x20 || scalar.value == 0x7F || (0x80...0x9F).contains(scalar.value) ? " " : scalar)
    }
    return String(cell)
  }
}

/// An entry of a BIDS data dictionary.
public struct ColumnDefinition: Encodable, Equatable, Sendable {
  public var description: String
  /// As SI symbols and their products: `mm`, `mL`, `mm^3`, `1/SD`.
  public var units: String?
  /// Values of a column of words and what they mean.
  public var levels: [String: String]?

  private enum CodingKeys: String, CodingKey {
    case description = "Description"
    case units = "Units"
    case levels = "Levels"
  }
}
