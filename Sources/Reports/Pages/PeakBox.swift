import ErrorScore

/// A distribution of peaks as a box with a line, for inline SVG: middle half and median, 5 to 95 %.
enum PeakBox {
  /// - Parameters:
  ///   - baseline: of the name.
  ///   - top: of the box.
  ///   - x: where a peak lies on the axis.
  static func fields(
    _ peaks: PeakDistribution, name: String, baseline: Double, top: Double, height: Double, x: (Double) -> Double
  ) -> PageFields {
    func number(_ value: Double) -> PageValue { .text(CohortPlots.number(value)) }
    let (lower, upper) = (x(peaks.lowerQuartile), x(peaks.upperQuartile))
    return [
      "name": .text(name), "baseline": number(baseline), "y": number(top), "middle": number(top + height / 2),
      "bottom": number(top + height), "low": number(x(peaks.fifth)), "high": number(x(peaks.ninetyFifth)),
      // A box that is a line is still seen.
      "from": number(lower), "width": number(max(upper - lower, 1)), "median": number(x(peaks.median)),
    ]
  }
}
