import ErrorScore
import Lesions
import Reports

/// The uncalibrated review order of a patient's findings.
enum ReviewOrdering {
  /// - Parameter aggregation: of the peaks in `findings`; `mean` peaks are turned back into `sum` peaks.
  static func entries(_ findings: [FindingFacts], aggregation: RunSettings.Aggregation) throws -> [ReviewEntry] {
    let peaks = findings.map { finding in
      FindingPeak(
        finding: FindingID(kind: finding.kind, number: finding.number),
        flairSumPeak: finding.flair.insideHighest.value * (aggregation == .mean ? Double(finding.voxelCount) : 1))
    }
    return try ReviewOrder(uncalibrated: peaks).findings.map {
      ReviewEntry(
        position: $0.reviewRank, kind: $0.finding.kind, number: $0.finding.number,
        percentile: $0.percentile, errorScore: $0.errorScore)
    }
  }
}
