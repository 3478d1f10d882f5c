import ErrorScore
import Lesions
import Results

/// Sentences about a peak against those of the calibration.
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
  ///
  /// - Parameter draws: after which the peak was read, where there are more.
  static func strip(_ kind: FindingKind, peak: Double, draws: Int?, _ peaks: PeakDistributions) -> String {
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
    let after = draws.map { " (first \($0) draws)" } ?? ""
    return
      "FLAIR peak \(Formatting.peak(peak))\(after) against the calibration: \(place(peaks.errors, isError: true)), "
      + "\(place(peaks.correct, isError: false)). Box: middle half and median; line: 5 to 95\u{A0}%; "
      + "logarithmic axis, linear around 0."
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
