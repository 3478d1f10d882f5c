import Analysis
import AuditTrail
import Digests
import Files
public import Foundation
public import Reports
import Results

/// The pages and tables over all patients of an output folder, made from what lies in it.
///
/// They are a function of the folder alone, so that patients may be run one by one, in any order and on several
/// machines, and the group level only gathers.
public enum CohortFiles {
  /// Writes `index.html`, `cohort.tsv`, `lesions.tsv` and a page for every patient without a report, and returns the
  /// entries. Patients that another process is at work on are left out: that process writes again when it is done.
  @discardableResult public static func write(to root: URL, templates: TemplateFolder) throws -> [CohortEntry] {
    try CohortLock.with(root) {
      let entries = try entries(in: root)
      let files = try tables(entries) + pages(entries, templates)
      for (name, bytes) in files { try DatasetFiles.replace(root.appendingPathComponent(name), with: bytes) }
      for name in failurePages(in: root) where !files.contains(where: { $0.name == name }) {
        unlink(root.appendingPathComponent(name).path)
      }
      return entries
    }
  }

  /// How the tables and pages stand to the patients' files.
  enum Standing: Equatable {
    case current
    /// They were written before this many patients were finished or reviewed; what they say of the others is right.
    case older(patients: Int)
    /// They say what the patients' files do not; the names of the files.
    case altered([String])
  }

  static func standing(in root: URL, notes: inout [String]) throws -> Standing {
    // Prepared images have no tables.
    if PreparedDataset(root: root) != nil { return .current }
    let entries = try entries(in: root)
    let tables = try tables(entries)
    var files = tables
    if let templates = try? TemplateFolder.locate() {
      files += try pages(entries, templates)
    } else {
      notes.append("index.html was not checked: the templates were not found")
    }
    let surplus = failurePages(in: root).filter { name in !files.contains { $0.name == name } }
    func content(_ name: String) -> [UInt8]? { try? SmallFile.read(root.appendingPathComponent(name), .page) }
    let differing = files.filter { content($0.name) != $0.bytes }.map(\.name) + surplus
    guard !differing.isEmpty else { return .current }
    let noted = notedHeads(in: root)
    let newer = entries.filter { noted[$0.name] != $0.auditHead }
    guard !newer.isEmpty else { return .altered(differing) }
    let present = tables.map(\.name).filter { content($0) != nil }
    guard !present.isEmpty else { return .older(patients: newer.count) }
    let known = Set(entries.map(\.name)).subtracting(newer.map(\.name))
    let altered = tables.filter { table in
      TableRows(table.bytes).of(known) != TableRows(content(table.name) ?? []).of(known)
        || !present.contains(table.name)
    }
    return altered.isEmpty ? .older(patients: newer.count) : .altered(altered.map(\.name))
  }

  /// Names of the pages of patients without a report that lie in an output folder.
  private static func failurePages(in root: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).filter {
      $0.hasPrefix("failed-sub-") && $0.hasSuffix(".html")
    }.sorted()
  }

  private static func tables(_ entries: [CohortEntry]) throws -> [(name: String, bytes: [UInt8])] {
    [("cohort.tsv", CohortTable.bytes(entries)), ("lesions.tsv", FindingTable.bytes(entries))]
  }

  private static func pages(_ entries: [CohortEntry], _ templates: TemplateFolder) throws -> [(
    name: String, bytes: [UInt8]
  )] {
    [("index.html", try CohortPage.render(entries: entries, templates: templates))]
      + (try entries.filter(FailurePage.isNeeded).map {
        (FailurePage.fileName($0), try FailurePage.render($0, templates: templates))
      })
  }

  /// One entry per patient with an audit trail or a noted head, in order of name.
  ///
  /// A head that was noted is kept when the trail no longer holds it: writing the table again must not hide what
  /// happened.
  package static func entries(in root: URL) throws -> [CohortEntry] {
    let trails = OutputLayout.patientNames(in: root)
    let noted = notedHeads(in: root)
    return Set(trails).union(noted.keys).sorted().compactMap { name in
      guard trails.contains(name) else { return damaged(name, "the audit trail is missing", auditHead: noted[name]) }
      let chain: AuditVerification
      do {
        let trail = try ContainedPath("audit/\(name).jsonl").place(in: root, for: .reading)
        try RegularFile.require(path: trail.path)
        chain = try AuditVerification.chain(of: trail, expectedHead: noted[name])
      } catch { return damaged(name, "the audit trail: \(FailureReason(error).words)", auditHead: noted[name]) }
      if let finding = chain.findings.first {
        return damaged(
          name, "the audit trail is not intact: \(finding)", auditHead: noted[name] ?? chain.records.last?.hash)
      }
      return entry(name, chain.records, root: root)
    }
  }

  /// A patient whose files cannot be relied on, for a reason that names none of them.
  private static func damaged(_ name: String, _ reason: String, auditHead: String?) -> CohortEntry {
    CohortEntry(
      name: name, reportFile: nil, state: .damaged, reason: reason, results: nil, reportID: nil, auditHead: auditHead)
  }

  /// Nil while another process is at work on the patient.
  private static func entry(_ name: String, _ records: [AuditRecord], root: URL) -> CohortEntry? {
    var entry = CohortEntry(
      name: name, reportFile: nil, state: .failed, reason: nil, results: nil, reportID: nil,
      auditHead: records.last?.hash ?? AuditRecord.origin)
    switch TrailState(records) {
    case .done(_, _, let outputs): return finished(entry, records, outputs, root: root)
    case .damaged(let reason): (entry.state, entry.reason) = (.damaged, reason)
    case .failed(let reason): entry.reason = reason
    case .skipped(let reason): (entry.state, entry.reason) = (.skipped, reason)
    case .unfinished, .never:
      if PatientLock.isHeld(name, in: root) { return nil }
      entry.state = .interrupted
      entry.reason = "started and not finished; run the same command again"
    }
    return entry
  }

  private static func finished(
    _ entry: CohortEntry, _ records: [AuditRecord], _ outputs: [OutputTransaction.File], root: URL
  ) -> CohortEntry {
    var entry = entry
    let report = "\(entry.name).html"
    do {
      guard let path = outputs.first(where: { $0.path.hasSuffix(OutputLayout.resultsEnding) })?.path else {
        throw Fault(.input, entry.name, found: "the trail names no results")
      }
      let (results, digest) = try StoredPatient.readResults(at: path, in: root)
      guard
        OutputLayout(root: root, label: results.patient.label, session: results.patient.session, stem: "").name
          == entry.name
      else { throw Fault(.input, entry.name, found: "its results are those of another patient") }
      try RegularFile.require(path: ContainedPath(report).place(in: root, for: .reading).path)
      (entry.reportFile, entry.state, entry.results, entry.reportID) = (
        report, .done, records.pageIsBlind ? results.withoutReference : results, digest
      )
      entry.decided = ReviewRecord.decided(records, on: digest).count
      entry.review = try review(of: results, records, reportID: digest)
      let altered = try outputs.filter { [path, report].contains($0.path) }.first {
        try Digest.sha256(file: $0.place.place(in: root, for: .reading)) != $0.sha256
      }
      if let altered {
        entry.state = .stale
        entry.reason =
          "\(altered.path.split(separator: "/").last ?? "") is not as the run left it; \(Fault.Remedy.runAgain)"
      }
      return entry
    } catch {
      return damaged(
        entry.name, "finished, but its files are damaged: \(FailureReason(error).words)", auditHead: entry.auditHead)
    }
  }

  /// What the readers leave of these very results; nil before the first review.
  private static func review(of results: PatientResults, _ records: [AuditRecord], reportID: String) throws
    -> CohortEntry.Review?
  {
    let entries = ReviewRecord.entries(records, on: reportID)
    let studies = StudyRecord.all(records, on: reportID)
    let corrected = CorrectionRecord.latest(records, reportID: reportID)
    guard !entries.isEmpty || !studies.isEmpty || corrected != nil else { return nil }
    let review = try MergedReview(results, entries, studies: studies, corrected: corrected)
    return CohortEntry.Review(readers: review.everybody, figures: review.figures, verdicts: review.verdicts)
  }

  /// Chain heads by patient as `cohort.tsv` notes them; empty without that file.
  static func notedHeads(in root: URL) -> [String: String] {
    guard let bytes = try? SmallFile.read(root.appendingPathComponent("cohort.tsv"), .record) else { return [:] }
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
    guard let header = lines.first, let headColumn = header.firstIndex(of: "audit_head"),
      let patientColumn = header.firstIndex(of: "participant_id"),
      let sessionColumn = header.firstIndex(of: "session_id")
    else { return [:] }
    var heads: [String: String] = [:]
    for line in lines.dropFirst() where line.count == header.count {
      let session = line[sessionColumn]
      let name = session == "n/a" ? line[patientColumn] : "\(line[patientColumn])_\(session)"
      // A name that no patient can have would become a file's.
      if OutputLayout.isPatientName(name) { heads[name] = line[headColumn] }
    }
    return heads
  }
}

/// The rows of a table without their last column, which counts the patients that the table covers.
private struct TableRows {
  private let rows: [[Substring]]
  private let header: [Substring]

  init(_ bytes: [UInt8]) {
    let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).dropLast()
    }
    header = Array(lines.first ?? [])
    rows = lines.dropFirst().map(Array.init)
  }

  /// Those of these patients.
  func of(_ names: Set<String>) -> [[Substring]] {
    guard let patient = header.firstIndex(of: "participant_id"), let session = header.firstIndex(of: "session_id")
    else { return [] }
    return rows.filter { row in
      guard row.count == header.count else { return false }
      return names.contains(row[session] == "n/a" ? String(row[patient]) : "\(row[patient])_\(row[session])")
    }
  }
}
