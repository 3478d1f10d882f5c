/// The page of a patient without a report: why, and what to do.
public enum FailurePage {
  /// File name beside the cohort page; not that of a report, so that nobody takes it for one.
  public static func fileName(_ entry: CohortEntry) -> String { "failed-\(entry.name).html" }

  /// Whether a patient gets this page.
  public static func isNeeded(_ entry: CohortEntry) -> Bool {
    entry.results == nil && [.failed, .interrupted, .skipped].contains(entry.state)
  }

  /// - Returns: the file, UTF-8; equal input gives equal bytes.
  public static func render(_ entry: CohortEntry, templates: TemplateFolder) throws(ReportsError) -> [UInt8] {
    let fields: PageFields =
      [
        "patient": .text(entry.name), "state": .text(entry.state.rawValue),
        "reason": .text(entry.reason ?? Wording.noReason), "steps": .lines(Wording.failureSteps(entry)),
      ]
    return try templates.render("failed", try templates.head(styles: ["report"]).merging(fields))
  }
}
