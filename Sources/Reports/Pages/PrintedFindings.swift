import Results

/// Which findings stand in a printed report: a summary and a page for each that is flagged.
///
/// Flagged are the findings up to the stop line of the calibration, and those that a reader rejected, wants edited or is unsure
/// of; the latter are known to the page's script alone, so the style sheet keeps them. The page can be told to print all.
enum PrintedFindings {
  /// Without a calibration no line says where to stop.
  static let countWithoutStopLine = 10

  static func count(_ results: PatientResults) -> Int {
    min(results.calibrationFacts?.stopLine?.position ?? countWithoutStopLine, results.reviewOrder.count)
  }

  /// What a print leaves out and where it is; nil when it shows everything.
  static func note(_ results: PatientResults) -> String? {
    let (count, total) = (count(results), results.reviewOrder.count)
    guard count < total else { return nil }
    let flagged =
      results.calibrationFacts?.stopLine == nil
      ? "the first \(count) of \(total) findings"
      : "the \(Formatting.counted(count, "finding", "findings")) of \(total) above the stop line"
    return
      "Pages follow for \(flagged), and for others that a reader rejected, wants edited or is unsure of. "
      + "The HTML file shows every finding, and can also print all."
  }
}
