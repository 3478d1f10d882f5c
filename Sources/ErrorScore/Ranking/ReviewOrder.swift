public import Lesions

/// A lesion or candidate and the number it is ranked by.
public struct FindingPeak: Hashable, Sendable, Codable {
  public let finding: FindingID
  /// Highest FLAIR value of the `sum` map inside the finding.
  public let flairSumPeak: Double

  public init(finding: FindingID, flairSumPeak: Double) {
    self.finding = finding
    self.flairSumPeak = flairSumPeak
  }
}

/// Where the numbers of a review order come from.
public enum ScoreProvenance: String, Hashable, Sendable, Codable {
  /// A fixed rule that was not fitted to labelled cases; its order carries no probability.
  case uncalibrated
}

/// One entry of the work list.
public struct ScoredFinding: Hashable, Sendable, Codable {
  public let finding: FindingID
  /// 1 is read first.
  public let reviewRank: Int
  /// Percentile within its kind, 0 (read first) to 1, by which both kinds are merged.
  public let percentile: Double
  public let flairSumPeak: Double
  /// Probability that the network erred here; nil without a calibration.
  public let errorScore: Double?
}

/// The order in which a reader should look at the findings of one patient. It is a review order, not a diagnosis.
///
/// Without a calibration, lesions are ordered by their peak ascending (a weak positive peak is suspicious) and
/// candidates descending (a strong one is), after the published order of peaks: true positives > false positives >
/// missed lesions > healthy tissue. Each becomes its percentile within its kind, and the kinds are merged by
/// percentile; ties: lesion first, then lower number. Peaks are those of the `sum` map: peaks of the `mean` map fall
/// with lesion volume and must not be used.
public struct ReviewOrder: Hashable, Sendable, Codable {
  public let provenance: ScoreProvenance
  /// By `reviewRank`.
  public let findings: [ScoredFinding]

  /// Ranks the findings of one patient without a calibration.
  ///
  /// The percentile of the n-th of m findings of a kind is (n − ½) / m, n counted from 1; findings of equal peak share
  /// the mean of their n.
  public init(uncalibrated peaks: [FindingPeak]) throws(ErrorScoreError) {
    var seen: Set<FindingID> = []
    for peak in peaks {
      guard peak.flairSumPeak.isFinite else { throw .notANumber(what: "saliency peak of \(peak.finding)") }
      guard seen.insert(peak.finding).inserted else { throw .duplicateFinding("\(peak.finding)") }
    }
    let lesions = peaks.filter { $0.finding.kind == .lesion }
    let candidates = peaks.filter { $0.finding.kind == .candidate }
    var entries = Array(zip(lesions, percentiles(lesions.map(\.flairSumPeak))))
    entries += zip(candidates, percentiles(candidates.map { -$0.flairSumPeak }))
    let ordered = entries.sorted { a, b in
      a.1 != b.1 ? a.1 < b.1 : a.0.finding < b.0.finding
    }
    provenance = .uncalibrated
    findings = ordered.enumerated().map { index, entry in
      ScoredFinding(
        finding: entry.0.finding, reviewRank: index + 1, percentile: entry.1, flairSumPeak: entry.0.flairSumPeak,
        errorScore: nil)
    }
  }
}

/// (rank − ½) / count of each value, ascending, equal values sharing their mean rank.
private func percentiles(_ values: [Double]) -> [Double] {
  midranks(values).map { ($0 - 0.5) / Double(values.count) }
}
