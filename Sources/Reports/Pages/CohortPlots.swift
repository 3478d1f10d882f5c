import Foundation
import Lesions
import Results

/// Distributions over a cohort as bars and dots for inline SVG; every number is also said in words.
enum CohortPlots {
  /// Size of the drawing area in SVG units; the template leaves room for the axis below.
  static let width = 360.0
  static let height = 110.0

  static func fields(_ entries: [CohortEntry]) -> [PageFields] {
    let results = entries.compactMap(\.results)
    let lesions = results.flatMap(\.lesions)
    let candidates = results.flatMap(\.candidates)
    func peaks(_ findings: [FindingFacts]) -> [Double] { findings.map(\.flair.insideHighest.value).filter(\.isFinite) }
    func scores(_ kind: FindingKind) -> [Double] {
      results.flatMap { $0.reviewOrder.filter { $0.kind == kind }.compactMap(\.errorScore) }
    }
    return [
      histogram("FLAIR peak", unit: "logit per SD", peaks(lesions), peaks(candidates)),
      histogram(
        "Size of a finding", unit: "mm³", lesions.map(\.volumeMillimetres3), candidates.map(\.volumeMillimetres3)),
      histogram(
        "Error score", unit: "probability", axis: PlotAxis(probabilityWidth: width), scores(.lesion),
        scores(.candidate)),
      scanners(results),
      patients(entries),
    ].compactMap { $0 }
  }

  // MARK: - Histogram

  /// Counts on an axis, by default a logarithmic one with four bars a decade; nil without a value that it can show.
  private static func histogram(
    _ title: String, unit: String, axis given: PlotAxis? = nil, _ lesions: [Double], _ candidates: [Double]
  ) -> PageFields? {
    let all = lesions + candidates
    guard let axis = given ?? PlotAxis(logarithmic: all.filter { $0 > 0 }, width: width) else { return nil }
    let shown = all.count(where: axis.holds)
    guard shown > 0 else { return nil }
    func counts(_ values: [Double]) -> [Int] {
      var counts = [Int](repeating: 0, count: axis.binCount)
      for value in values where axis.holds(value) { counts[axis.bin(value)] += 1 }
      return counts
    }
    let (below, above) = (counts(lesions), counts(candidates))
    let most = Double(zip(below, above).map(+).max() ?? 1)
    let step = width / Double(axis.binCount)
    var bars: [PageFields] = []
    for bin in 0..<axis.binCount where below[bin] + above[bin] > 0 {
      let range = "\(Formatting.peak(axis.edge(bin))) to \(Formatting.peak(axis.edge(bin + 1))) \(unit)"
      var bottom = height
      for (kind, count, names) in [
        ("lesion", below[bin], ("lesion", "lesions")), ("candidate", above[bin], ("candidate", "candidates")),
      ] where count > 0 {
        let size = Double(count) / most * height
        bottom -= size
        bars.append([
          "kind": .text(kind), "x": .text(number(Double(bin) * step + 0.5)), "y": .text(number(bottom)),
          "width": .text(number(step - 1)), "height": .text(number(size)),
          "tip": .text("\(range): \(Formatting.counted(count, names.0, names.1))"),
        ])
      }
    }
    let withoutLogarithm = all.count - shown
    let words = [
      summary(lesions, "lesion", "lesions", unit), summary(candidates, "candidate", "candidates", unit),
      withoutLogarithm > 0 ? "\(Formatting.counted(withoutLogarithm, "value", "values")) of 0 or less not drawn" : nil,
    ].compactMap { $0 }.joined(separator: "; ")
    return [
      "title": .text(title), "unit": .text(unit), "isLogarithmic": .flag(axis.isLogarithmic),
      "words": .text(words + "."), "bars": .list(bars), "dots": .list([]), "boxes": .list([]),
      "ticks": .list(axis.ticks), "highest": .text("at most \(Int(most)) in a bar"),
    ]
  }

  private static func summary(_ values: [Double], _ one: String, _ many: String, _ unit: String) -> String? {
    let sorted = values.sorted()
    guard let least = sorted.first, let most = sorted.last else { return nil }
    let middle = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    return "\(Formatting.counted(sorted.count, one, many)): median \(Formatting.peak(middle)), "
      + "from \(Formatting.peak(least)) to \(Formatting.peak(most)) \(unit)"
  }

  // MARK: - Patients

  /// One dot per patient at its lesion volume, piled up where they would cover each other.
  private static func patients(_ entries: [CohortEntry]) -> PageFields? {
    let known = entries.compactMap { entry in
      entry.results.map { (name: entry.name, volume: $0.counts.totalLesionVolumeMillilitres) }
    }
    guard let axis = PlotAxis(logarithmic: known.map(\.volume).filter { $0 > 0 }, width: width) else { return nil }
    let pitch = 9.0
    var piles: [Int: Int] = [:]
    let dots = known.filter { $0.volume > 0 }.sorted { ($0.volume, $0.name) < ($1.volume, $1.name) }
      .map { patient -> PageFields in
        let column = Int(axis.place(patient.volume) / pitch)
        let level = piles[column, default: 0]
        piles[column] = level + 1
        // A pile that is higher than the plot is cut; its patients are in the table.
        let y = max(pitch / 2, height - pitch / 2 - Double(level) * pitch)
        return [
          "x": .text(number((Double(column) + 0.5) * pitch)), "y": .text(number(y)),
          "tip": .text("\(patient.name): \(Formatting.millilitres(patient.volume)) ml"),
        ]
      }
    let without = known.count { $0.volume <= 0 }
    let words = [
      summary(known.map(\.volume).filter { $0 > 0 }, "patient with lesions", "patients with lesions", "ml"),
      without > 0 ? "\(Formatting.counted(without, "patient", "patients")) without any lesion" : nil,
    ].compactMap { $0 }.joined(separator: "; ")
    return [
      "title": "Lesion volume of a patient", "unit": "ml", "isLogarithmic": true, "words": .text(words + "."),
      "bars": .list([]), "dots": .list(dots), "boxes": .list([]),
      "ticks": .list(axis.ticks), "highest": "a dot is a patient",
    ]
  }

  static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}
