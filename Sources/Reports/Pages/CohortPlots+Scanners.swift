import ErrorScore
import Lesions
import Results

/// FLAIR peaks of the lesions by scanner: a box for each, so that one whose findings differ from the others' is noticed.
extension CohortPlots {
  /// As many as have room; those with the most lesions.
  static let mostScanners = 4
  static let unknownScanner = "scanner not known"
  private static let rowHeight = height / Double(mostScanners)

  /// Nil unless there are two scanners, or one and patients of whom it is not known, each with lesions.
  static func scanners(_ results: [PatientResults]) -> PageFields? {
    guard results.contains(where: { $0.scanner != nil }) else { return nil }
    let groups = Dictionary(grouping: results) { $0.scanner?.text ?? unknownScanner }
    let all = groups.compactMap { name, results -> (name: String, peaks: PeakDistribution)? in
      let peaks = results.flatMap(\.lesions).map(\.flair.insideHighest.value).filter { $0.isFinite && $0 > 0 }
      return (try? PeakDistribution(peaks)).flatMap { $0 }.map { (name, $0) }
    }.sorted { ($1.peaks.count, $0.name) < ($0.peaks.count, $1.name) }
    let shown = all.prefix(mostScanners)
    guard all.count > 1,
      let axis = PlotAxis(logarithmic: shown.flatMap { [$0.peaks.fifth, $0.peaks.ninetyFifth] }, width: width)
    else { return nil }
    let boxes = shown.enumerated().map { index, group in
      let top = Double(index) * rowHeight
      return PeakBox.fields(
        group.peaks, name: "\(group.name) (\(Formatting.count(group.peaks.count)))", baseline: top + 10, top: top + 13,
        height: 10, x: axis.place)
    }
    let words = shown.map { "\($0.name): median \(Formatting.peak($0.peaks.median))" }
    let rest = all.count - shown.count
    let more = rest > 0 ? ["\(Formatting.counted(rest, "scanner", "scanners")) with fewer lesions not drawn"] : []
    return [
      "title": "FLAIR peak of a lesion by scanner", "unit": "logit per SD", "isLogarithmic": true,
      "words": .text((words + more).joined(separator: "; ") + "."), "bars": .list([]), "dots": .list([]),
      "boxes": .list(boxes), "ticks": .list(axis.ticks),
      "highest": "box: middle half and median; line: 5 to 95\u{A0}%; in brackets the number of lesions",
    ]
  }
}
