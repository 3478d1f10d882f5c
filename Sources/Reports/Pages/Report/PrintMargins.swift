import Results

/// What stands in the margin of every printed page: whose report it is, and which.
///
/// A margin box takes its text from the style sheet alone, so that the text is written there as a CSS string.
enum PrintMargins {
  static func fields(_ results: PatientResults, _ reportID: String) -> PageFields {
    ["marginText": .text(escaped("\(ReportPage.name(results.patient)) · report \(shortened(reportID))"))]
  }

  /// As much of a report's identifier as tells reports apart by eye.
  static func shortened(_ reportID: String) -> String { String(reportID.prefix(12)) }

  /// The content of a CSS string: everything but letters and digits is an escape, so that nothing ends the string or
  /// the element that holds it.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
      return isPlain ? String(scalar) : "\\" + String(scalar.value, radix: 16) + " "
    }.joined()
  }
}
