import Foundation

/// A column of a ``Table``.
struct Column<Row> {
  let name: String
  let definition: ColumnDefinition
  let cell: (Row) -> String?

  private init(
    _ name: String, _ description: String, units: String? = nil, levels: [String: String]? = nil,
    cell: @escaping (Row) -> String?
  ) {
    self.name = name
    definition = ColumnDefinition(description: description, units: units, levels: levels)
    self.cell = cell
  }

  /// Words as they stand in the results.
  ///
  /// - Parameter levels: what each word means, where there are few.
  static func text(
    _ name: String, _ description: String, levels: [String: String]? = nil, _ value: @escaping (Row) -> String?
  ) -> Column { Column(name, description, levels: levels, cell: value) }

  static func flag(_ name: String, _ description: String, _ value: @escaping (Row) -> Bool?) -> Column {
    Column(name, description, levels: ["true": "yes", "false": "no"]) { value($0).map { $0 ? "true" : "false" } }
  }

  static func count(_ name: String, _ description: String, _ value: @escaping (Row) -> Int?) -> Column {
    Column(name, description) { value($0).map(String.init) }
  }

  /// Any number but a volume in ml and a length: to four significant digits.
  static func number(_ name: String, _ description: String, units: String? = nil, _ value: @escaping (Row) -> Double?)
    -> Column
  { Column(name, description, units: units) { RoundedNumber.significant(value($0)) } }

  static func percent(_ name: String, _ description: String, _ value: @escaping (Row) -> Double?) -> Column {
    .number(name, description, units: "%", value)
  }

  /// To 0.001 ml.
  static func millilitres(_ name: String, _ description: String, _ value: @escaping (Row) -> Double?) -> Column {
    Column(name, description, units: "mL") { RoundedNumber.decimals(value($0), 3) }
  }

  /// To 0.01 mm.
  static func millimetres(_ name: String, _ description: String, _ value: @escaping (Row) -> Double?) -> Column {
    Column(name, description, units: "mm") { RoundedNumber.decimals(value($0), 2) }
  }
}

/// Numbers of tables: as many digits as they deserve, a point, no zeros at the end. The results file has them in full.
enum RoundedNumber {
  /// Four significant digits; all digits before the point stay. Nil for what is not finite.
  static func significant(_ value: Double?) -> String? {
    guard let value, value.isFinite else { return nil }
    return abs(value) >= 999.95 && abs(value) < 1e15 ? decimals(value, 0) : unsigned(String(format: "%.4g", value))
  }

  /// So many decimals at most; nil for what is not finite.
  static func decimals(_ value: Double?, _ count: Int) -> String? {
    guard let value, value.isFinite else { return nil }
    var text = String(format: "%.\(count)f", value)
    if count > 0 {
      while text.last == "0" { text.removeLast() }
      if text.last == "." { text.removeLast() }
    }
    return unsigned(text)
  }

  /// A rounded zero has no sign.
  private static func unsigned(_ text: String) -> String { text == "-0" ? "0" : text }
}
