import ErrorScore
import Lesions
import Results
import Statistics

/// The first sentence of a report: what was found, where to look, and whether something is wrong with the images.
extension Wording {
  /// The share of the review order to look at where no cut-off is valid, and the fewest findings.
  static let firstLook = (share: 0.3, fewest: 5)

  /// How many findings of the review order to look at first.
  static func toLookAt(_ results: PatientResults) -> Int {
    let total = results.reviewOrder.count
    let share = Int(saturating: (Double(total) * firstLook.share).rounded(.up))
    return min(total, results.calibration?.cutoff?.position ?? max(firstLook.fewest, share))
  }

  static func answer(_ results: PatientResults) -> String {
    let counts = results.counts
    let volume = "\(Formatting.millilitres(counts.totalLesionVolumeMillilitres)) ml"
    let found =
      counts.lesions == 0
      ? "No lesion was found"
      : "\(Formatting.counted(counts.lesions, "lesion", "lesions")), \(volume)\(mostly(results))"
    return [found + ".", look(results), images(results)].compactMap { $0 }.joined(separator: " ")
  }

  /// Where at least half of the lesions are, and where at least half of their volume is when that is elsewhere.
  private static func mostly(_ results: PatientResults) -> String {
    guard results.locations.notAssessed == nil, results.lesions.count > 1 else { return "" }
    let number = half(of: results.lesions) { _ in 1 }
    let volume = half(of: results.lesions) { $0.measurements.volumeMillilitres }
    return switch (number, volume) {
    case (nil, nil): ""
    case (let one?, let other?) where one == other: ", mostly \(location(one))"
    case (let one, let other):
      [one.map { ", most of them \(location($0))" }, other.map { ", most of the volume \(location($0))" }].compactMap {
        $0
      }.joined()
    }
  }

  /// The location that holds at least half of a quantity; nil without one that was assessed.
  private static func half(of lesions: [FindingRecord], _ amount: (FindingRecord) -> Double) -> LesionLocation? {
    let places = Dictionary(grouping: lesions, by: \.location).mapValues { $0.reduce(0) { $0 + amount($1) } }
    let all = lesions.reduce(0) { $0 + amount($1) }
    return LesionLocation.allCases.first { $0 != .notAssessed && 2 * (places[$0] ?? 0) >= all }
  }

  private static func look(_ results: PatientResults) -> String? {
    let (first, total) = (toLookAt(results), results.reviewOrder.count)
    guard total > 0 else { return nil }
    return results.calibration?.cutoff == nil
      ? "Look at the first \(first) of \(total) findings: a fixed share, no calibrated cut-off."
      : "Look at the first \(first) of \(total) findings, down to the review cut-off."
  }

  private static func images(_ results: PatientResults) -> String {
    let warnings = results.warnings.count
    return warnings == 0
      ? "No check of the images objects." : "\(Formatting.counted(warnings, "warning", "warnings")) on images or mask."
  }

  static func projectionAlt(_ projection: Projection, _ results: PatientResults) -> String {
    "The brain in the \(projection.plane) direction with \(findings(results)); links to them stand in the work list."
  }
}
