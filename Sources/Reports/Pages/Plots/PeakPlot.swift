import ErrorScore
import Foundation
import Results

/// FLAIR peaks by group: every region as a dot, with a box from quartile to quartile, the median in it, and whiskers to
/// the 10 and 90 % quantiles.
///
/// The axis is linear near zero and logarithmic beyond one (inverse hyperbolic sine), since peaks of `sum` maps span
/// orders of magnitude and both signs.
enum PeakPlot {
  static func svg(_ peaks: [Evaluation.Peaks]) -> String {
    let shown = peaks.filter { !$0.flairPeaks.isEmpty }
    let (left, top, bottom, column) = (70.0, 40.0, 370.0, 100.0)
    var canvas = SVGCanvas(
      width: left + column * Double(max(shown.count, 3)) + 20, height: 430, title: "FLAIR saliency peak by group")
    canvas.text("FLAIR peak inside the region, logit per SD", left - 50, (top + bottom) / 2, size: 12, turned: true)
    let values = shown.flatMap(\.flairPeaks)
    let (low, high) = (asinh(min(values.min() ?? 0, 0)), asinh(max(values.max() ?? 1, 1)))
    let axis = PlotAxis(.inverseHyperbolicSine, low, high, from: bottom, to: top)
    func y(_ value: Double) -> Double { axis.place(value) }
    for tick in ticks(from: sinh(low), to: sinh(high)) {
      canvas.line(left, y(tick), canvas.width - 20, y(tick), colour: tick == 0 ? "#888888" : "#dddddd")
      canvas.text(
        Formatting.setting(tick).replacingOccurrences(of: "-", with: "−"), left - 8, y(tick) + 4, anchor: .end)
    }
    for (index, group) in shown.enumerated() {
      let x = left + column * (Double(index) + 0.5)
      for (n, value) in group.flairPeaks.enumerated() {
        // Spread by the golden ratio: even, and the same every time.
        let offset = (Double(n) * 0.618_033_988_749_895).truncatingRemainder(dividingBy: 1) - 0.5
        canvas.circle(
          x + offset * 56, y(value), radius: 2.2, colour: SVGCanvas.colours[index % SVGCanvas.colours.count])
      }
      if let q = try? Quantiles(group.flairPeaks) {
        canvas.box(x - 34, y(q.upperQuartile), 68, max(y(q.lowerQuartile) - y(q.upperQuartile), 0.5))
        canvas.line(x - 34, y(q.median), x + 34, y(q.median), colour: "#111111", width: 3)
        canvas.line(x, y(q.upperQuartile), x, y(q.ninetieth), colour: "#111111", width: 1.5)
        canvas.line(x, y(q.lowerQuartile), x, y(q.tenth), colour: "#111111", width: 1.5)
      }
      canvas.text(label(group.group), x, bottom + 22, size: 13)
      canvas.text("n = \(group.flairPeaks.count)", x, bottom + 40, size: 11)
    }
    return canvas.svg
  }

  private static func label(_ group: RegionGroup) -> String {
    switch group {
    case .truePositive, .falsePositive, .falseNegative, .trueNegative: group.rawValue
    case .missedCandidate: "cand., missed"
    case .partOfFoundCandidate: "cand., found"
    case .otherCandidate: "cand., no lesion"
    }
  }

  /// 0 and ± powers of ten within the range.
  private static func ticks(from low: Double, to high: Double) -> [Double] {
    let powers = (-1...6).map { pow(10, Double($0)) }.filter { $0 >= 1 }
    return ([0] + powers + powers.map { -$0 }).filter { $0 >= low - 1e-9 && $0 <= high * 1.0001 }.sorted()
  }
}

/// A distribution of peaks as a box with a line, for inline SVG: middle half and median, 5 to 95 %.
enum PeakBox {
  /// - Parameters:
  ///   - baseline: of the name.
  ///   - top: of the box.
  ///   - x: where a peak lies on the axis.
  static func fields(
    _ peaks: PeakDistribution, name: String, baseline: Double, top: Double, height: Double, x: (Double) -> Double
  ) -> PageFields {
    func number(_ value: Double) -> PageValue { .text(SVGCanvas.number(value)) }
    let (lower, upper) = (x(peaks.lowerQuartile), x(peaks.upperQuartile))
    return [
      "name": .text(name), "baseline": number(baseline), "y": number(top), "middle": number(top + height / 2),
      "bottom": number(top + height), "low": number(x(peaks.fifth)), "high": number(x(peaks.ninetyFifth)),
      // A box that is a line is still seen.
      "from": number(lower), "width": number(max(upper - lower, 1)), "median": number(x(peaks.median)),
    ]
  }
}
