import ErrorScore
import Lesions
package import Results

/// The findings beside a finding: confluent disease and mimics come in groups.
enum Neighbours {
  static let maximumMillimetres = 20.0
  static let maximumCount = 3

  /// Identifiers and distances of centroids, nearest first; ties in the order of the results.
  static func nearest(to finding: FindingRecord, _ results: PatientResults) -> [(id: FindingID, millimetres: Double)] {
    let centroid = finding.measurements.centroidMillimetres
    let near = results.findings.filter { $0.id != finding.id }.map {
      (id: $0.id, millimetres: centroid.distanceMillimetres(to: $0.measurements.centroidMillimetres))
    }.filter { $0.millimetres <= maximumMillimetres }
    let sorted = near.enumerated().sorted { ($0.element.millimetres, $0.offset) < ($1.element.millimetres, $1.offset) }
    return sorted.prefix(maximumCount).map(\.element)
  }

  static func fields(of finding: FindingRecord, _ results: PatientResults) -> PageFields {
    let near = nearest(to: finding, results)
    return [
      "hasNeighbours": .flag(!near.isEmpty),
      "neighbours": .list(
        near.enumerated().map { index, neighbour in
          [
            "neighbour": .text("\(neighbour.id)"), "distance": .text(Formatting.fixed(neighbour.millimetres, 1)),
            "separator": .text(index + 1 < near.count ? ", " : ""),
          ]
        }),
    ]
  }
}

/// Which findings stand in a printed report: a summary and a page for each that is flagged.
///
/// Flagged are the findings up to the review cut-off of the calibration, and those that a reader rejected, wants edited
/// or is unsure of; the latter are known to the page's script alone, so the style sheet keeps them. The page can be
/// told to print all.
package enum PrintedFindings {
  /// Without a calibration nothing says where to stop.
  package static let countWithoutCutoff = 10

  package static func count(_ results: PatientResults) -> Int {
    min(results.calibration?.cutoff?.position ?? countWithoutCutoff, results.reviewOrder.count)
  }

  /// What a print leaves out and where it is; nil when it shows everything.
  static func note(_ results: PatientResults) -> String? {
    let (count, total) = (count(results), results.reviewOrder.count)
    guard count < total else { return nil }
    let flagged =
      results.calibration?.cutoff == nil
      ? "the first \(count) of \(total) findings"
      : "the \(Formatting.counted(count, "finding", "findings")) of \(total) above the review cut-off"
    return "Pages follow for \(flagged), and for others that a reader rejected, wants edited or is unsure of. "
      + "The HTML file shows every finding, and can also print all."
  }
}

/// What stands in the margin of every printed page: whose report it is, and which.
///
/// A margin box takes its text from the style sheet alone, so that the text is written there as a CSS string.
enum PrintMargins {
  static func fields(_ results: PatientResults, _ reportID: String) -> PageFields {
    ["marginText": .text(escaped("\(ReportPage.name(results.patient)) · report \(shortened(reportID))"))]
  }

  /// As much of a report's identifier as tells reports apart by eye.
  static func shortened(_ reportID: String) -> String { String(reportID.prefix(12)) }

  /// The content of a CSS string: everything but letters, digits, blanks, hyphens and middle dots is an escape, so that
  /// nothing ends the string or the element that holds it.
  static func escaped(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      let isPlain =
        scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar))
        || " -·".unicodeScalars.contains(scalar)
      return isPlain ? String(scalar) : "\\" + String(scalar.value, radix: 16) + " "
    }.joined()
  }
}
