public import Lesions
import Statistics

/// A lesion or candidate and the number that it is ranked by.
public struct RankedFinding: Hashable, Sendable {
  public let finding: FindingID
  /// How much it looks like a lesion, −∞ where that is not defined; with a calibration the probability of an error.
  public let value: Double

  public init(finding: FindingID, value: Double) {
    self.finding = finding
    self.value = value
  }
}

/// Where the numbers of a review order come from.
public enum ScoreProvenance: String, Hashable, Sendable, Codable {
  /// A fixed rule that was not fitted to labelled cases; its order carries no probability.
  case uncalibrated
  /// Probabilities of error by a calibration on labelled cases of the same model and settings.
  case calibrated
}

/// One row of the work list.
public struct ReviewEntry: Hashable, Sendable, Codable {
  /// 1 is looked at first.
  public var position: Int
  public var finding: FindingID
  /// Percentile of the finding within its kind, from 0 (most suspicious) to 1, by which kinds are merged without a
  /// calibration.
  public var percentile: Double
  /// Probability that the network erred here; nil without a calibration.
  public var errorScore: Double?
  /// Expected number of errors among the findings after this one; nil without a calibration.
  public var expectedRemainingErrors: Double?
}

/// The order in which a reader should look at the findings of one patient. It is a review order, not a diagnosis.
///
/// Without a calibration, lesions are ordered ascending by a number that is high for a lesion (a low one is suspicious)
/// and candidates descending (a high one is); where it is not defined, lesions come first and candidates last. Each
/// becomes its percentile within its kind, and the kinds are merged by percentile; ties: lesion first, then lower
/// number. Which number that is: `UncalibratedOrder`. Peaks of the `mean` map fall with lesion volume and must not be
/// used.
///
/// With a calibration there is one order over both kinds by probability of error, descending; ties: lesion first, then
/// lower number.
public struct ReviewOrder: Hashable, Sendable, Codable {
  public let provenance: ScoreProvenance
  /// By position.
  public let entries: [ReviewEntry]

  /// Ranks the findings of one patient without a calibration.
  ///
  /// The percentile of the n-th of m findings of a kind is (n − ½) / m, n counted from 1; findings of equal value share
  /// the mean of their n.
  public init(uncalibrated ranked: [RankedFinding]) throws(ErrorScoreError) {
    try Self.requireDistinct(ranked, what: "measure of order") { !$0.isNaN }
    let lesions = ranked.filter { $0.finding.kind == .lesion }
    let candidates = ranked.filter { $0.finding.kind == .candidate }
    let positions = percentiles(lesions.map(\.value)) + percentiles(candidates.map { -$0.value })
    let merged = zip(lesions + candidates, positions)
    provenance = .uncalibrated
    entries = merged.sorted { a, b in a.1 != b.1 ? a.1 < b.1 : a.0.finding < b.0.finding }.enumerated().map {
      ReviewEntry(position: $0 + 1, finding: $1.0.finding, percentile: $1.1)
    }
  }

  /// Ranks the findings of one patient by their probabilities of error.
  public init(calibrated scores: [RankedFinding]) throws(ErrorScoreError) {
    try Self.requireDistinct(scores, what: "probability of an error") { $0 >= 0 && $0 <= 1 }
    let ordered = scores.sorted { a, b in a.value != b.value ? a.value > b.value : a.finding < b.finding }
    var percentile: [FindingID: Double] = [:]
    for kind in FindingKind.allCases {
      let own = ordered.filter { $0.finding.kind == kind }
      for (score, value) in zip(own, percentiles(own.map { -$0.value })) { percentile[score.finding] = value }
    }
    // Added from the end, so that the last entry leaves exactly 0 and no rounding turns negative.
    var remaining = [Double](repeating: 0, count: ordered.count)
    for index in ordered.indices.dropLast().reversed() {
      remaining[index] = remaining[index + 1] + ordered[index + 1].value
    }
    provenance = .calibrated
    entries = ordered.enumerated().map { index, score in
      ReviewEntry(
        position: index + 1, finding: score.finding, percentile: percentile[score.finding]!, errorScore: score.value,
        expectedRemainingErrors: remaining[index])
    }
  }

  private static func requireDistinct(_ ranked: [RankedFinding], what: String, isValid: (Double) -> Bool)
    throws(ErrorScoreError)
  {
    var seen: Set<FindingID> = []
    for entry in ranked {
      guard isValid(entry.value) else { throw .notANumber(what: "\(what) of \(entry.finding)") }
      guard seen.insert(entry.finding).inserted else { throw .duplicateFinding("\(entry.finding)") }
    }
  }
}

/// (rank − ½) / count of each value, ascending, equal values sharing their mean rank.
private func percentiles(_ values: [Double]) -> [Double] { midranks(values).map { ($0 - 0.5) / Double(values.count) } }

/// By which number the findings of a network are ordered without a calibration, for each kind the one that
/// `docs/validation.md` shows best.
public struct UncalibratedOrder: Hashable, Sendable, Codable {
  public let lesions: ScoreFeature
  public let candidates: ScoreFeature

  public init(lesions: ScoreFeature, candidates: ScoreFeature) {
    (self.lesions, self.candidates) = (lesions, candidates)
  }

  /// By which a kind is ordered.
  public func feature(_ kind: FindingKind) -> ScoreFeature { kind == .lesion ? lesions : candidates }

  public static let byEvidence = UncalibratedOrder(lesions: .rimToPeak, candidates: .flairPeak)

  /// How much a region looks like a lesion by one number, whichever way that speaks; −∞ where it is not defined.
  public static func likeness(_ value: Double?, by feature: ScoreFeature) -> Double {
    value.map { Double(feature.definition.sign.rawValue) * $0 } ?? -.infinity
  }
}
