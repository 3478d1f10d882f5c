import Results

/// A table for other programs. Its columns say how a row is written and what the data dictionary tells of each, so that
/// the two cannot come apart.
struct Table<Row> {
  let columns: [Column<Row>]

  init(_ columns: [Column<Row>]) { self.columns = columns }

  /// Tab-separated UTF-8 as BIDS wants it: one header line, `n/a` for what is not defined.
  func bytes(_ rows: some Sequence<Row>) -> [UInt8] {
    var table = TabSeparated(columns.map(\.name))
    for row in rows { table.append(columns.map { $0.cell(row) }) }
    return table.bytes
  }

  /// What every column holds, by name: a BIDS data dictionary.
  var definitions: [String: ColumnDefinition] {
    Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.definition) })
  }

  /// The data dictionary as a file beside the table.
  func dictionary() throws -> [UInt8] { try PrettyJSON.bytes(of: definitions) }
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
