/// What one reader decided about the findings of one report (`docs/schemas/decisions.schema.json`).
///
/// It stands inside the report as the text of `<script type="application/json" id="decisions">` and is the content of
/// an exported decisions file. Decisions bind to the results file by `reportId`; on another `reportId` they are stale.
public struct ReviewDecisions: Codable, Sendable, Equatable {
  public enum Verdict: String, Codable, Sendable, CaseIterable {
    /// It is a lesion; of a candidate: a lesion was missed.
    case accept
    /// It is not a lesion.
    case reject
    /// It is a lesion whose outline must be corrected by hand.
    case editNeeded
    /// Looked at, not decided.
    case unsure
    /// A reason or a comment without a decision; changes nothing.
    case undecided
  }

  public enum Reason: String, Codable, Sendable, CaseIterable {
    case choroidPlexus, vessel, cap, cortex, flowArtefact, motion, otherDisease, boundary, other
    /// Of pages of earlier versions.
    case artefact, tooSmall
  }

  public struct Decision: Codable, Sendable, Equatable {
    /// `L001` for a lesion of the mask, `C001` for a missed-lesion candidate.
    public var id: String
    public var decision: Verdict
    /// Each at most once, in the order of ``Reason``.
    public var reasons: [Reason]
    public var comment: String
    /// When this entry was last changed, UTC: `2026-11-24T09:38:02Z`.
    public var time: String
  }

  /// 1 had neither marks nor a verdict on the study.
  public static let knownVersions = [1, 2]

  public var schemaVersion = 2
  /// SHA-256 of the results file that the report shows.
  public var reportId: String
  /// Label of the patient as the report shows it: `sub-01`.
  public var patient: String
  public var session: String?
  /// Name or code; empty only as long as there is no decision.
  public var reader: String
  /// When a reader saved it, UTC; nil in a report that nobody has saved.
  public var savedAt: String?
  /// At most one per finding, in the order of the work list.
  public var decisions: [Decision]
  /// Lesions that stand in no list; nil for none.
  public var marks: [Mark]?
  /// Nil where the reader says nothing of the whole.
  public var study: Study?

  public init(
    reportId: String, patient: String, session: String?, reader: String = "", savedAt: String? = nil,
    decisions: [Decision] = []
  ) {
    self.reportId = reportId
    self.patient = patient
    self.session = session
    self.reader = reader
    self.savedAt = savedAt
    self.decisions = decisions
  }
}
