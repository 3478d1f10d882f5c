import AuditTrail
import Foundation
import Reports
import Results

/// What a review writes into a patient's audit trail, and what it reads back from it.
enum ReviewRecord {
  /// One decision of one reader, with the report on which it was made.
  struct Entry: Hashable {
    let reader: String
    let reportID: String
    let id: String
    let verdict: ReviewDecisions.Verdict
    let reasons: [ReviewDecisions.Reason]
    let comment: String
    let time: String

    init(reader: String, reportID: String, _ decision: ReviewDecisions.Decision) {
      self.reader = reader
      self.reportID = reportID
      id = decision.id
      verdict = decision.decision
      reasons = decision.reasons
      comment = decision.comment
      time = decision.time
    }

    /// Nil for a record of another kind.
    init?(_ record: AuditRecord) {
      guard record.event == "decision" else { return nil }
      let details = record.content
      guard let reader = details["reader"]?.stringValue, let reportID = details["reportId"]?.stringValue,
        let id = details["finding"]?.stringValue, let time = details["time"]?.stringValue,
        let verdict = details["decision"]?.stringValue.flatMap(ReviewDecisions.Verdict.init),
        let comment = details["comment"]?.stringValue
      else { return nil }
      self.reader = reader
      self.reportID = reportID
      self.id = id
      self.verdict = verdict
      reasons = (details["reasons"]?.arrayValue ?? []).compactMap {
        $0.stringValue.flatMap(ReviewDecisions.Reason.init)
      }
      self.comment = comment
      self.time = time
    }

    /// A report that the reader saw under a pseudonym has an identifier of its own, which is named too.
    ///
    /// - Parameters:
    ///   - source: SHA-256 of the file that the decision came in.
    ///   - seen: identifier of the report that the reader saw.
    func details(source: String, seen: String) -> AuditValue {
      var members: [String: AuditValue] = [
        "comment": .string(comment), "decision": .string(verdict.rawValue), "finding": .string(id),
        "reader": .string(reader), "reasons": .array(reasons.map { .string($0.rawValue) }),
        "reportId": .string(reportID), "sourceSha256": .string(source), "time": .string(time),
      ]
      if seen != reportID { members["sharedReportId"] = .string(seen) }
      return AuditValue(members)
    }
  }

  static func entries(_ records: [AuditRecord]) -> [Entry] { records.compactMap(Entry.init) }

  /// Those on the results with this identifier.
  static func entries(_ records: [AuditRecord], on reportID: String?) -> [Entry] {
    entries(records).filter { $0.reportID == reportID }
  }

  /// The findings of these results that a reader decided on.
  static func decided(_ records: [AuditRecord], on reportID: String?) -> Set<String> {
    Set(entries(records, on: reportID).filter { $0.verdict != .undecided }.map(\.id))
  }

  /// The record that closes a review: who, from which files, and what was written.
  static func reviewed(
    reportID: String, readers: [String], sources: [(url: URL, sha256: String)], outputs: [OutputTransaction.File],
    options: [String: AuditValue], by attribution: Attribution
  ) -> AuditValue {
    attribution.details(
      [
        "outputs": .files(outputs), "readers": .array(readers.map { .string($0) }), "reportId": .string(reportID),
        "sources": .array(sources.map { ["file": .string($0.url.lastPathComponent), "sha256": .string($0.sha256)] }),
      ], options: options)
  }

  /// Decisions that were made on earlier results than the present ones.
  static func staleNotes(_ records: [AuditRecord], patient: String) -> [String] {
    guard let finished = records.last(where: { $0.event == "finished" }),
      let present = finished.content["reportId"]?.stringValue
    else { return [] }
    let stale = entries(records).count { $0.reportID != present }
    guard stale > 0 else { return [] }
    return [
      "\(patient): \(stale) decision\(stale == 1 ? "" : "s") made on earlier results; "
        + "\(stale == 1 ? "it does" : "they do") not count for the present ones"
    ]
  }
}
