import ErrorScore
public import Results

/// How the work on one patient ended.
public enum PatientState: String, Sendable, Equatable, CaseIterable {
  case done
  case failed
  case interrupted
  /// There are results, but files are not as the run left them, for the reason given.
  case stale
  /// Its files, or its audit trail, cannot be read or do not agree with themselves, for the reason given.
  case damaged
  /// Not begun, for the reason given: the data set holds no FLAIR, for example.
  case skipped
}

/// One patient (and session) on the cohort page and in the cohort table.
public struct CohortEntry: Sendable, Equatable {
  /// `sub-01` or `sub-01_ses-02`.
  public var name: String
  /// File name of the report beside the cohort page.
  public var reportFile: String?
  public var state: PatientState
  /// Why it failed or was skipped: one line without paths.
  public var reason: String?
  public var results: PatientResults?
  /// SHA-256 of the results file.
  public var reportID: String?
  /// Head of the patient's audit chain at the end of the run.
  public var auditHead: String?
  /// Findings on which a reader has decided.
  public var decided: Int
  /// What an applied review leaves; nil without one.
  public var review: Review?

  public struct Review: Sendable, Equatable {
    public var readers: [String]
    public var figures: ReviewedPage.Figures
    /// By reader: `R1: usable`; grades likewise.
    public var verdicts: [String]
    public var grades: [String]

    public init(readers: [String], figures: ReviewedPage.Figures, verdicts: [ReviewedPage.Verdict]) {
      self.readers = readers
      self.figures = figures
      self.verdicts = verdicts.filter { $0.study.verdict != .undecided }.map {
        "\($0.reader): \($0.study.verdict.rawValue)"
      }
      grades = verdicts.compactMap { verdict in verdict.study.grade.map { "\(verdict.reader): \($0)" } }
    }
  }

  public init(
    name: String, reportFile: String?, state: PatientState, reason: String?, results: PatientResults?,
    reportID: String?, auditHead: String?, decided: Int = 0
  ) {
    self.name = name
    self.reportFile = reportFile
    self.state = state
    self.reason = reason
    self.results = results
    self.reportID = reportID
    self.auditHead = auditHead
    self.decided = decided
  }

  /// The order of the cohort page: what went wrong first, then who most deserves a look.
  ///
  /// Damaged, failed, interrupted, stale, skipped without results; then patients with warnings, then those without: of
  /// each the ones without any lesion first (everything may have been missed), then by the expected number of errors
  /// where there is a calibration, else by the minimum FLAIR peak of its lesions, ascending. Ties by name.
  public static func inReviewOrder(_ entries: [CohortEntry]) -> [CohortEntry] {
    entries.sorted { a, b in (a.rank, a.suspicion, a.name) < (b.rank, b.suspicion, b.name) }
  }

  /// What a reader of the report must know.
  var warnings: [Warning] { Warning.merged(results?.warnings ?? []).filter(\.isForReaders) }

  /// The same question without making the list, for sorting.
  private var hasWarnings: Bool { results?.warnings.contains(where: \.isForReaders) == true }

  /// `done`, or `done, 2 warnings`.
  var stateInWords: String {
    let warnings = warnings
    guard state == .done, !warnings.isEmpty else { return state.rawValue }
    return "\(state.rawValue), \(Formatting.counted(warnings.count, "warning", "warnings"))"
  }

  private var rank: Int {
    switch state {
    case .damaged: 0
    case .failed: 1
    case .interrupted: 2
    case .stale: 3
    case .skipped where results == nil: 4
    case .skipped, .done: hasWarnings ? 5 : 6
    }
  }

  /// Lower is looked at earlier.
  var suspicion: Double {
    guard let results, !results.lesions.isEmpty else { return -.infinity }
    let scores = results.reviewOrder.compactMap(results.statedErrorScore)
    if !scores.isEmpty { return -scores.reduce(0, +) }
    return results.lesions.compactMap { $0.saliency?.flair.inside.maximum.value }.filter(\.isFinite).min() ?? 0
  }
}
