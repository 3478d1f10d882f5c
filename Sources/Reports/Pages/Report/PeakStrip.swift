import ErrorScore
import Foundation
import Lesions
import Results
import Saliency

/// The peak of a finding against those of the calibration's findings: two box strips and a marker, for inline SVG.
///
/// Every finding of a kind has the same axis, so that the eye can go from one to the next. It is that of the error
/// score (inverse hyperbolic sine): linear around 0, logarithmic above 1.
struct PeakStrip {
  /// Drawing area in SVG units: names of the rows to its left, the axis below.
  static let left = 104.0
  static let right = 352.0
  private static let rows = (errors: 12.0, correct: 32.0)
  private static let rowHeight = 12.0
  private static let tickDistance = 34.0

  private let distributions: PeakDistributions
  private let axis: PlotAxis

  /// Nil without a calibration, or with one that keeps no peaks.
  init?(_ kind: FindingKind, _ results: PatientResults) {
    guard let use = results.calibration, let distributions = (kind == .lesion ? use.lesions : use.candidates).peaks
    else { return nil }
    self.distributions = distributions
    let own = results.findings.filter { $0.kind == kind }.compactMap { Self.peak($0, results) }
    let both = [distributions.errors, distributions.correct]
    let places = (own + both.map(\.fifth) + both.map(\.ninetyFifth)).map { PlotAxis.scaled($0, .inverseHyperbolicSine) }
    let margin = max(0.05, (places.max()! - places.min()!) * 0.03)
    axis = PlotAxis(
      .inverseHyperbolicSine, places.min()! - margin, places.max()! + margin, from: Self.left, to: Self.right)
  }

  /// The maximum of the FLAIR sum map, after as many noise samples as the calibration's peaks; nil where only that of
  /// another map is known.
  static func peak(_ finding: FindingRecord, _ results: PatientResults) -> Double? {
    guard let saliency = finding.saliency else { return nil }
    return saliency.scoring?.saliency.flairSumPeak ?? saliency.flairSumPeak?.value
      ?? (results.settings?.aggregation == .sum ? saliency.flair.inside.maximum.value : nil)
  }

  func x(_ peak: Double) -> Double { axis.place(peak) }

  func fields(of finding: FindingRecord, _ results: PatientResults) -> PageValue {
    guard let peak = Self.peak(finding, results) else { return false }
    let rows = [
      row(distributions.errors, Wording.calibrationClass(finding.kind, isError: true), "error", Self.rows.errors),
      row(distributions.correct, Wording.calibrationClass(finding.kind, isError: false), "correct", Self.rows.correct),
    ]
    let samples = finding.saliency?.scoring?.samples
    return .fields([
      "stripAlt": .text(Wording.stripAlt(finding, peak: peak, distributions)),
      "stripWords": .text(Wording.strip(finding.kind, peak: peak, samples: samples, distributions)),
      "stripRows": .list(rows), "stripTicks": .list(ticks), "marker": .text(SVGCanvas.number(x(peak))),
    ])
  }

  private func row(_ peaks: PeakDistribution, _ name: String, _ classification: String, _ y: Double) -> PageFields {
    PeakBox.fields(peaks, name: name, baseline: y + Self.rowHeight - 2, top: y, height: Self.rowHeight, x: x).merging([
      "class": .text(classification)
    ])
  }

  /// 0, ±1, ±2, ±5, ±10 and so on where there is room for their text.
  private var ticks: [PageFields] {
    let positive = (-4...6).flatMap { power in [1.0, 2, 5].map { $0 * pow(10, Double(power)) } }
    let values = positive.reversed().map { -$0 } + [0] + positive
    // 0 and 1, then powers of ten go before what lies between them.
    func rank(_ value: Double) -> Double {
      value == 0 || value == 1 ? 0 : abs(log10(abs(value))) + (log10(abs(value)).rounded() == log10(abs(value)) ? 0 : 3)
    }
    var taken: [Double] = []
    for value in values.sorted(by: { (rank($0), $0) < (rank($1), $1) }) {
      let place = x(value)
      guard place >= Self.left, place <= Self.right, taken.allSatisfy({ abs(x($0) - place) >= Self.tickDistance })
      else { continue }
      taken.append(value)
    }
    return taken.sorted().map { ["x": .text(SVGCanvas.number(x($0))), "text": .text(Formatting.figure($0))] }
  }
}
