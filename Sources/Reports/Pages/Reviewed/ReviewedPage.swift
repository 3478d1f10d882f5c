import Lesions
public import Results

/// What a review made of a patient's mask, on one page to sign: counts and volumes by location, who decided what.
public struct ReviewedPage: Sendable {
  /// Lesions and volume before or after; marks of readers have no volume.
  public struct Figures: Sendable, Equatable {
    public var lesions: Int
    /// Of these, lesions that a reader marked.
    public var marks: Int
    public var millilitres: Double

    public init(lesions: Int, marks: Int = 0, millilitres: Double) {
      self.lesions = lesions
      self.marks = marks
      self.millilitres = millilitres
    }
  }

  /// What one reader says of the segmentation as a whole.
  public typealias Verdict = (reader: String, study: ReviewDecisions.Study)

  /// How an edited mask differs, in one line.
  public static func line(_ mask: CorrectedMask) -> String { Wording.correctedMask(mask) }

  /// A verdict in one line.
  public static func line(_ verdict: Verdict) -> String { Wording.verdict(verdict) }

  let results: PatientResults
  let reportID: String
  let rows: [DecisionTable.Row]
  let after: Figures
  let verdicts: [Verdict]
  /// How a mask that was edited elsewhere differs from the network's; nil without one.
  let corrected: CorrectedMask?

  /// - Parameters:
  ///   - rows: every finding with what the readers said and what became of it.
  ///   - after: of the mask that the review leaves, with the readers' marks.
  public init(
    _ results: PatientResults, reportID: String, rows: [DecisionTable.Row], after: Figures, verdicts: [Verdict],
    corrected: CorrectedMask? = nil
  ) {
    self.results = results
    self.reportID = reportID
    self.rows = rows
    self.after = after
    self.verdicts = verdicts
    self.corrected = corrected
  }

  /// - Parameter report: file name of the report beside this page.
  /// - Returns: the file, UTF-8; equal input gives equal bytes.
  public func render(report: String, templates: TemplateFolder) throws(ReportsError) -> [UInt8] {
    let decided = rows.filter { !$0.answers.isEmpty }
    let readers = Set(decided.flatMap(\.answers).map(\.reader) + verdicts.map(\.reader)).sorted()
    let fields: PageFields = [
      "patient": .text(ReportPage.name(results.patient)), "readers": .text(Wording.listed(readers)),
      "originName": .text(results.external == nil ? "Model" : "Mask"), "origin": .text(Wording.origin(results)),
      "synthetic": .flag(results.patient.synthetic), "reportHref": .text("./\(report)"), "reportID": .text(reportID),
      "answer": .text(Wording.afterReview(results, after)),
      "correctedMask": .optional(corrected.map(Wording.correctedMask)), "regions": .list(regions),
      "markNote": .optional(Wording.marks(after.marks)), "hasStudies": .flag(!verdicts.isEmpty),
      "studies": .lines(verdicts.map(Wording.verdict)),
      "decidedWords": .text("\(decided.count) of \(Formatting.counted(rows.count, "finding", "findings")) decided."),
      "decided": .list(decided.filter { !$0.isPlain }.map(row)), "hasDecided": .flag(!decided.allSatisfy(\.isPlain)),
      "accepted": .optional(Wording.accepted(decided.filter(\.isPlain))), "softwareName": .text(results.software.name),
      "softwareVersion": .text(results.software.version),
    ]
    return try templates.render(
      "reviewed",
      try templates.head(styles: ["report", "reviewed"]).merging(fields).merging(PrintMargins.fields(results, reportID))
        .merging(ReportPage.decisions(results, reportID)))
  }

  /// By location where that was assessed, then all together.
  private var regions: [PageFields] {
    let places = results.locations.notAssessed == nil ? LesionLocation.allCases : []
    let parts = places.compactMap { place -> PageFields? in
      let here = rows.filter { $0.finding.location == place }
      let (before, after) = (here.filter(\.isInMask.before), here.filter(\.isInMask.after))
      if place == .notAssessed, before.isEmpty, after.isEmpty { return nil }
      return region(Wording.location(place), Self.figures(before), corrected == nil ? Self.figures(after) : nil)
    }
    return parts + [region("all", Self.figures(rows.filter(\.isInMask.before)), after)]
  }

  /// - Parameter after: nil where it is not known: a mask from elsewhere has no findings.
  private func region(_ name: String, _ before: Figures, _ after: Figures?) -> PageFields {
    [
      "name": .text(name), "lesionsBefore": .text(Formatting.count(before.lesions)),
      "lesionsAfter": .text(after.map { Formatting.count($0.lesions) } ?? Formatting.undefined),
      "volumeBefore": .text(Formatting.millilitres(before.millilitres)),
      "volumeAfter": .text(Formatting.millilitres(after?.millilitres)),
    ]
  }

  private static func figures(_ rows: [DecisionTable.Row]) -> Figures {
    Figures(lesions: rows.count, millilitres: rows.reduce(0) { $0 + $1.finding.measurements.volumeMillilitres })
  }

  private func row(_ row: DecisionTable.Row) -> PageFields {
    let finding = row.finding
    return [
      "id": .text("\(finding.id)"), "kind": .text(Wording.kind(finding.kind)),
      "location": .text(
        results.locations.notAssessed == nil ? Wording.location(finding.location) : Formatting.undefined),
      "volume": .text(Formatting.cubicMillimetres(finding.measurements.volumeMillimetres3)),
      "answers": .lines(row.answers.map(Wording.answer)),
      "outcome": .text(
        corrected != nil
          ? Wording.outcomeOfEdit(isInMask: row.isInMask.after, isConflict: row.isConflict)
          : Wording.outcome(isInMask: row.isInMask, isConflict: row.isConflict, edit: row.needsEditing)),
    ]
  }
}

extension DecisionTable.Row {
  /// A lesion that stays, accepted by everybody who looked at it without a word more: one of a list on the page.
  fileprivate var isPlain: Bool {
    isInMask.before && isInMask.after && !needsEditing
      && answers.allSatisfy { $0.verdict == .accept && $0.reasons.isEmpty && $0.comment.isEmpty }
  }
}
