import ErrorScore
import Lesions
import Results
import Statistics

/// Distributions over a cohort as bars, dots and boxes for inline SVG; every number is also said in words.
enum CohortPlots {
  /// Size of the drawing area in SVG units; the template leaves room for the axis below.
  static let width = 360.0
  static let height = 110.0

  static func fields(_ entries: [CohortEntry]) -> [PageFields] {
    let results = entries.compactMap(\.results)
    let lesions = results.flatMap(\.lesions)
    let candidates = results.flatMap(\.candidates)
    func volumes(_ findings: [FindingRecord]) -> [Double] { findings.map(\.measurements.volumeMillimetres3) }
    func scores(_ kind: FindingKind) -> [Double] {
      results.flatMap { results in
        results.reviewOrder.filter { $0.finding.kind == kind }.compactMap(results.statedErrorScore)
      }
    }
    return [
      histogram("FLAIR peak", unit: "logit per SD", peaks(lesions), peaks(candidates)),
      histogram("Size of a finding", unit: "mm³", volumes(lesions), volumes(candidates)),
      histogram(
        "Error score", unit: "probability", axis: PlotAxis(probabilityWidth: width), scores(.lesion), scores(.candidate)
      ), scanners(results), patients(entries),
    ].compactMap { $0 }
  }

  private static func peaks(_ findings: [FindingRecord]) -> [Double] {
    findings.compactMap { $0.saliency?.flair.inside.maximum.value }.filter(\.isFinite)
  }

  private static func plot(
    _ title: String, unit: String, _ axis: PlotAxis, note: String, words: [String?], bars: [PageFields] = [],
    dots: [PageFields] = [], boxes: [PageFields] = []
  ) -> PageFields {
    [
      "title": .text(title), "unit": .text(unit), "isLogarithmic": .flag(axis.scale == .logarithmic),
      "words": .text(words.compactMap { $0 }.joined(separator: "; ") + "."), "bars": .list(bars), "dots": .list(dots),
      "boxes": .list(boxes), "ticks": .list(axis.ticks), "note": .text(note),
    ]
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
          "kind": .text(kind), "x": number(Double(bin) * step + 0.5), "y": number(bottom), "width": number(step - 1),
          "height": number(size), "tip": .text("\(range): \(Formatting.counted(count, names.0, names.1))"),
        ])
      }
    }
    let notDrawn = all.count - shown
    return plot(
      title, unit: unit, axis, note: "at most \(Int(most)) in a bar",
      words: [
        summary(lesions, "lesion", "lesions", unit), summary(candidates, "candidate", "candidates", unit),
        notDrawn > 0 ? "\(Formatting.counted(notDrawn, "value", "values")) of 0 or less not drawn" : nil,
      ], bars: bars)
  }

  private static func summary(_ values: [Double], _ one: String, _ many: String, _ unit: String) -> String? {
    guard let least = values.min(), let most = values.max(), let middle = median(values) else { return nil }
    return "\(Formatting.counted(values.count, one, many)): median \(Formatting.peak(middle)), "
      + "from \(Formatting.peak(least)) to \(Formatting.peak(most)) \(unit)"
  }

  // MARK: - Patients

  /// One dot per patient at its lesion volume, piled up where they would cover each other.
  private static func patients(_ entries: [CohortEntry]) -> PageFields? {
    let known = entries.compactMap { entry in
      entry.results.map { (name: entry.name, volume: $0.counts.totalLesionVolumeMillilitres) }
    }
    let volumes = known.map(\.volume).filter { $0 > 0 }
    guard let axis = PlotAxis(logarithmic: volumes, width: width) else { return nil }
    let pitch = 9.0
    var piles: [Int: Int] = [:]
    let dots = known.filter { $0.volume > 0 }.sorted { ($0.volume, $0.name) < ($1.volume, $1.name) }.map {
      patient -> PageFields in
      let column = Int(saturating: axis.place(patient.volume) / pitch)
      let level = piles[column, default: 0]
      piles[column] = level + 1
      // A pile that is higher than the plot is cut; its patients are in the table.
      return [
        "x": number((Double(column) + 0.5) * pitch),
        "y": number(max(pitch / 2, height - pitch / 2 - Double(level) * pitch)),
        "tip": .text("\(patient.name): \(Formatting.millilitres(patient.volume)) ml"),
      ]
    }
    let without = known.count - volumes.count
    return plot(
      "Lesion volume of a patient", unit: "ml", axis, note: "a dot is a patient",
      words: [
        summary(volumes, "patient with lesions", "patients with lesions", "ml"),
        without > 0 ? "\(Formatting.counted(without, "patient", "patients")) without any lesion" : nil,
      ], dots: dots)
  }

  private static func number(_ value: Double) -> PageValue { .text(SVGCanvas.number(value)) }

  // MARK: - Scanners

  /// As many as have room; those with the most lesions.
  private static let maximumScanners = 4

  /// FLAIR peaks of the lesions by scanner: a box for each, so that one whose findings differ from the others' is
  /// noticed. Nil unless there are two scanners, or one and patients of whom it is not known, each with lesions.
  private static func scanners(_ results: [PatientResults]) -> PageFields? {
    guard results.contains(where: { $0.scanner != nil }) else { return nil }
    let groups = Dictionary(grouping: results) { $0.scanner?.text ?? "scanner not known" }
    let all = groups.compactMap { name, results -> (name: String, peaks: PeakDistribution)? in
      let peaks = peaks(results.flatMap(\.lesions)).filter { $0 > 0 }
      return (try? PeakDistribution(peaks)).flatMap { $0 }.map { (name, $0) }
    }.sorted { ($1.peaks.count, $0.name) < ($0.peaks.count, $1.name) }
    let shown = all.prefix(maximumScanners)
    guard all.count > 1,
      let axis = PlotAxis(logarithmic: shown.flatMap { [$0.peaks.fifth, $0.peaks.ninetyFifth] }, width: width)
    else { return nil }
    let boxes = shown.enumerated().map { index, group in
      let top = Double(index) * height / Double(maximumScanners)
      return PeakBox.fields(
        group.peaks, name: "\(group.name) (\(Formatting.count(group.peaks.count)))", baseline: top + 10, top: top + 13,
        height: 10, x: axis.place)
    }
    let rest = all.count - shown.count
    let more = rest > 0 ? "\(Formatting.counted(rest, "scanner", "scanners")) with fewer lesions not drawn" : nil
    return plot(
      "FLAIR peak of a lesion by scanner", unit: "logit per SD", axis,
      note: "box: middle half and median; line: 5 to 95\u{A0}%; in brackets the number of lesions",
      words: shown.map { "\($0.name): median \(Formatting.peak($0.peaks.median))" } + [more], boxes: boxes)
  }
}
