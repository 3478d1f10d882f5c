import ErrorScore
import Lesions
import Reports
import Results

/// The review order of a patient's findings: by raw peaks, or by the probabilities of a calibration.
struct ReviewOrdering {
  let entries: [ReviewEntry]
  /// Nil without a calibration.
  let calibration: CalibrationFacts?
  let warnings: [String]

  /// Without a calibration findings are ordered by the peak of the `sum` map, whatever the aggregation; a calibration scores
  /// the peaks that it was fitted on.
  ///
  /// - Parameters:
  ///   - aggregation: of the peaks in `findings`; `mean` peaks are turned back into `sum` peaks.
  ///   - flairDigest: SHA-256 of the patient's FLAIR file.
  init(
    _ findings: [FindingFacts], aggregation: String, calibration: LoadedCalibration?, patientIsSynthetic: Bool,
    flairDigest: String
  ) throws {
    func peak(_ finding: FindingFacts) -> FindingPeak {
      FindingPeak(
        finding: FindingID(kind: finding.kind, number: finding.number),
        flairSumPeak: finding.flairSumPeak ?? RegionFeatures(finding, aggregation: aggregation).flairHighest)
    }
    let order: ReviewOrder
    if let calibration {
      order = try ReviewOrder(
        calibrated: findings.map { finding in
          FindingScore(
            peak: peak(finding),
            errorScore: calibration.calibration.kind(finding.kind).model.probability(
              of: RegionFeatures(scoring: finding, aggregation: aggregation)))
        })
    } else {
      order = try ReviewOrder(uncalibrated: findings.map(peak))
    }
    entries = order.findings.map {
      ReviewEntry(
        position: $0.reviewRank, kind: $0.finding.kind, number: $0.finding.number, percentile: $0.percentile,
        errorScore: $0.errorScore, expectedRemainingErrors: $0.expectedRemainingErrors)
    }
    let facts = calibration?.facts(findings, order: order, aggregation: aggregation, flairDigest: flairDigest)
    self.calibration = facts
    let draws = findings.compactMap(\.draws).max() ?? 0
    warnings = facts.flatMap { calibration?.warnings($0, patientIsSynthetic: patientIsSynthetic, draws: draws) } ?? []
  }
}
