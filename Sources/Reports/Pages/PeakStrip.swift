import ErrorScore
import Foundation
import Lesions

/// The peak of a finding against those of the calibration's findings: two box strips and a marker, for inline SVG.
///
/// Every finding of a kind has the same axis, so that the eye can go from one to the next. It is that of the error score
/// (inverse hyperbolic sine): linear around 0, logarithmic above 1.
struct PeakStrip {
  /// Drawing area in SVG units: names of the rows to its left, the axis below.
  static let left = 104.0
  static let right = 352.0
  private static let rows = (errors: 12.0, correct: 32.0)
  private static let rowHeight = 12.0
  private static let tickDistance = 34.0

  private let distributions: PeakDistributions
  private let lowest: Double
  private let highest: Double

  /// Nil without a calibration, or with one of an earlier version that keeps no peaks.
  init?(_ kind: FindingKind, _ results: PatientResults) {
    guard let facts = results.calibrationFacts,
      let distributions = (kind == .lesion ? facts.lesions : facts.candidates).peaks
    else { return nil }
    self.distributions = distributions
    let own = (kind == .lesion ? results.lesions : results.candidates).compactMap { Self.peak($0, results) }
    let both = [distributions.errors, distributions.correct]
    let places = (own + both.map(\.fifth) + both.map(\.ninetyFifth)).map { asinh($0) }
    let margin = max(0.05, (places.max()! - places.min()!) * 0.03)
    (lowest, highest) = (places.min()! - margin, places.max()! + margin)
  }

  /// The highest FLAIR value of the sum map; nil where only that of another map is known.
  static func peak(_ finding: FindingFacts, _ results: PatientResults) -> Double? {
    guard finding.hasSaliency else { return nil }
    return finding.flairSumPeak ?? (results.settings.aggregation == "sum" ? finding.flair.insideHighest.value : nil)
  }

  func x(_ peak: Double) -> Double {
    Self.left + (asinh(peak) - lowest) / (highest - lowest) * (Self.right - Self.left)
  }

  func fields(of finding: FindingFacts, _ results: PatientResults) -> PageValue {
    guard let peak = Self.peak(finding, results) else { return false }
    let rows = [
      row(distributions.errors, Wording.calibrationClass(finding.kind, isError: true), "error", Self.rows.errors),
      row(distributions.correct, Wording.calibrationClass(finding.kind, isError: false), "correct", Self.rows.correct),
    ]
    return .fields([
      "stripAlt": .text(Wording.stripAlt(finding, peak: peak, distributions)),
      "stripWords": .text(Wording.strip(finding.kind, peak: peak, distributions)),
      "stripRows": .list(rows), "stripTicks": .list(ticks), "marker": .text(Self.number(x(peak))),
    ])
  }

  private func row(_ peaks: PeakDistribution, _ name: String, _ classification: String, _ y: Double) -> PageFields {
    let (lower, upper) = (x(peaks.lowerQuartile), x(peaks.upperQuartile))
    return [
      "name": .text(name), "class": .text(classification), "y": .text(Self.number(y)),
      "middle": .text(Self.number(y + Self.rowHeight / 2)), "bottom": .text(Self.number(y + Self.rowHeight)),
      "baseline": .text(Self.number(y + Self.rowHeight - 2)), "low": .text(Self.number(x(peaks.fifth))),
      "high": .text(Self.number(x(peaks.ninetyFifth))), "from": .text(Self.number(lower)),
      // A box that is a line is still seen.
      "width": .text(Self.number(max(upper - lower, 1))), "median": .text(Self.number(x(peaks.median))),
    ]
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
    return taken.sorted().map { ["x": .text(Self.number(x($0))), "text": .text(Formatting.figure($0))] }
  }

  private static func number(_ value: Double) -> String { String(format: "%.1f", value) }
}

extension Wording {
  static func calibrationClass(_ kind: FindingKind, isError: Bool) -> String {
    switch (kind, isError) {
    case (.lesion, true): "false positives"
    case (.lesion, false): "true positives"
    case (.candidate, true): "missed lesions"
    case (.candidate, false): "no lesions"
    }
  }

  /// Where a peak lies in both classes of the calibration.
  static func strip(_ kind: FindingKind, peak: Double, _ peaks: PeakDistributions) -> String {
    func place(_ peaks: PeakDistribution, isError: Bool) -> String {
      let part =
        switch peak {
        case ..<peaks.fifth: "below 95\u{A0}%"
        case ..<peaks.lowerQuartile: "in the lower quarter"
        case ...peaks.upperQuartile: "in the middle half"
        case ...peaks.ninetyFifth: "in the upper quarter"
        default: "above 95\u{A0}%"
        }
      return "\(part) of \(Formatting.count(peaks.count)) \(calibrationClass(kind, isError: isError))"
    }
    return "FLAIR peak \(Formatting.peak(peak)) against the calibration: \(place(peaks.errors, isError: true)), "
      + "\(place(peaks.correct, isError: false)). Box: middle half and median; line: 5 to 95\u{A0}%."
  }

  static func stripAlt(_ finding: FindingFacts, peak: Double, _ peaks: PeakDistributions) -> String {
    func range(_ peaks: PeakDistribution, isError: Bool) -> String {
      "\(calibrationClass(finding.kind, isError: isError)) from \(Formatting.peak(peaks.fifth)) to "
        + "\(Formatting.peak(peaks.ninetyFifth)), median \(Formatting.peak(peaks.median))"
    }
    return "FLAIR peaks of the calibration's findings in logit per SD: \(range(peaks.errors, isError: true)); "
      + "\(range(peaks.correct, isError: false)). \(finding.id) lies at \(Formatting.peak(peak))."
  }
}
