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
  /// Probabilities of error by a calibration on labelled cases of the same model and settings.
  case calibrated
}

/// A lesion or candidate with its probability of error.
public struct FindingScore: Hashable, Sendable, Codable {
  public let peak: FindingPeak
  public let errorScore: Double

  public init(peak: FindingPeak, errorScore: Double) {
    self.peak = peak
    self.errorScore = errorScore
  }
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
  /// Expected number of errors among the findings after this one; nil without a calibration.
  public let expectedRemainingErrors: Double?
}

/// The order in which a reader should look at the findings of one patient. It is a review order, not a diagnosis.
///
/// Without a calibration, lesions are ordered by their peak ascending (a weak positive peak is suspicious) and
/// candidates descending (a strong one is), after the published order of peaks: true positives > false positives >
/// missed lesions > healthy tissue. Each becomes its percentile within its kind, and the kinds are merged by
/// percentile; ties: lesion first, then lower number. Peaks are those of the `sum` map: peaks of the `mean` map fall
/// with lesion volume and must not be used.
///
/// With a calibration there is one order over both kinds by probability of error, descending; ties: lesion first, then lower
/// number.
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
        errorScore: nil, expectedRemainingErrors: nil)
    }
  }

  /// Ranks the findings of one patient by their probabilities of error.
  public init(calibrated scores: [FindingScore]) throws(ErrorScoreError) {
    var seen: Set<FindingID> = []
    for score in scores {
      guard score.errorScore >= 0 && score.errorScore <= 1 else {
        throw .notANumber(what: "probability of an error of \(score.peak.finding)")
      }
      guard seen.insert(score.peak.finding).inserted else { throw .duplicateFinding("\(score.peak.finding)") }
    }
    let ordered = scores.sorted { a, b in
      a.errorScore != b.errorScore ? a.errorScore > b.errorScore : a.peak.finding < b.peak.finding
    }
    var percentile: [FindingID: Double] = [:]
    for kind in FindingKind.allCases {
      let own = ordered.filter { $0.peak.finding.kind == kind }
      for (score, value) in zip(own, percentiles(own.map { -$0.errorScore })) { percentile[score.peak.finding] = value }
    }
    // Added from the end, so that the last entry leaves exactly 0 and no rounding turns negative.
    var remaining = [Double](repeating: 0, count: ordered.count)
    for index in ordered.indices.dropLast().reversed() {
      remaining[index] = remaining[index + 1] + ordered[index + 1].errorScore
    }
    provenance = .calibrated
    findings = ordered.enumerated().map { index, score in
      ScoredFinding(
        finding: score.peak.finding, reviewRank: index + 1, percentile: percentile[score.peak.finding]!,
        flairSumPeak: score.peak.flairSumPeak, errorScore: score.errorScore, expectedRemainingErrors: remaining[index])
    }
  }

  /// Where looking on is expected to find little: after how many findings four fifths of the expected errors have been passed.
  public struct StopLine: Hashable, Sendable, Codable {
    public let position: Int
    public let expectedErrors: Double
    public let expectedRemainingErrors: Double
  }

  /// Nil without a calibration or findings.
  public var stopLine: StopLine? {
    guard provenance == .calibrated, let first = findings.first, let score = first.errorScore,
      let rest = first.expectedRemainingErrors
    else { return nil }
    let expected = score + rest
    guard let line = findings.first(where: { $0.expectedRemainingErrors! <= 0.2 * expected }) else { return nil }
    return StopLine(
      position: line.reviewRank, expectedErrors: expected, expectedRemainingErrors: line.expectedRemainingErrors!)
  }
}

/// (rank − ½) / count of each value, ascending, equal values sharing their mean rank.
private func percentiles(_ values: [Double]) -> [Double] {
  midranks(values).map { ($0 - 0.5) / Double(values.count) }
}
