import AuditTrail
import Digests
public import Foundation
public import Reports
import Results

/// The pages and tables over all patients of an output folder, made from what lies in it.
///
/// They are a function of the folder alone, so that patients may be run one by one, in any order and on several
/// machines, and the group level only gathers.
public enum CohortFiles {
  /// Writes `index.html`, `cohort.tsv`, `lesions.tsv` and a page for every patient without a report, and returns the
  /// entries.
  @discardableResult public static func write(to root: URL, templates: TemplateFolder) throws -> [CohortEntry] {
    let entries = try entries(in: root)
    let files = try tables(entries) + pages(entries, templates)
    for (name, bytes) in files { try DatasetFiles.replace(root.appendingPathComponent(name), with: bytes) }
    for name in failurePages(in: root) where !files.contains(where: { $0.name == name }) {
      try? FileManager.default.removeItem(at: root.appendingPathComponent(name))
    }
    return entries
  }

  /// The names of those files that differ from what would be written now.
  static func stale(in root: URL, notes: inout [String]) throws -> [String] {
    let entries = try entries(in: root)
    var files = try tables(entries)
    if let templates = try? TemplateFolder.locate() {
      files += try pages(entries, templates)
    } else {
      notes.append("index.html was not checked: the templates were not found")
    }
    let surplus = failurePages(in: root).filter { name in !files.contains { $0.name == name } }
    return files.filter { name, bytes in (try? Data(contentsOf: root.appendingPathComponent(name))) != Data(bytes) }
      .map(\.name) + surplus
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
    return try Set(trails).union(noted.keys).sorted().map { name in
      guard trails.contains(name) else {
        return CohortEntry(
          name: name, reportFile: nil, state: .failed, reason: "the audit trail is missing", results: nil,
          reportID: nil, auditHead: noted[name])
      }
      let chain = try AuditVerification.chain(
        of: OutputLayout.auditTrail(of: name, in: root), expectedHead: noted[name])
      if let finding = chain.findings.first {
        return CohortEntry(
          name: name, reportFile: nil, state: .failed, reason: "the audit trail is not intact: \(finding)",
          results: nil, reportID: nil, auditHead: noted[name] ?? chain.records.last?.hash)
      }
      return try entry(name, chain.records, root: root)
    }
  }

  private static func entry(_ name: String, _ records: [AuditRecord], root: URL) throws -> CohortEntry {
    var entry = CohortEntry(
      name: name, reportFile: nil, state: .failed, reason: nil, results: nil, reportID: nil,
      auditHead: records.last?.hash ?? AuditRecord.origin)
    switch TrailState(records) {
    case .done(_, _, let outputs):
      let report = "\(name).html"
      let path = outputs.first { $0.path.hasSuffix(OutputLayout.resultsEnding) }?.path
      guard FileManager.default.fileExists(atPath: root.appendingPathComponent(report).path), let path,
        let bytes = try? Data(contentsOf: root.appendingPathComponent(path)),
        let results = try? PatientResults.decode(Array(bytes))
      else {
        entry.reason = "finished, but its files are missing or unreadable"
        return entry
      }
      (entry.reportFile, entry.state, entry.results) = (report, .done, results)
      entry.reportID = Digest.sha256(bytes)
      entry.decided = decided(records, reportID: entry.reportID)
      let altered = try outputs.filter { [path, report].contains($0.path) }.first {
        try Digest.sha256(file: root.appendingPathComponent($0.path)) != $0.sha256
      }
      if let altered {
        entry.state = .stale
        entry.reason =
          "\(altered.path.split(separator: "/").last ?? "") is not as the run left it; \(Fault.Remedy.runAgain)"
      }
    case .failed(let reason): entry.reason = withoutFolders(reason)
    case .skipped(let reason): (entry.state, entry.reason) = (.skipped, withoutFolders(reason))
    case .unfinished, .never:
      entry.state = .interrupted
      entry.reason = "started and not finished; run the same command again"
    }
    return entry
  }

  /// Findings on which a reader has decided, on these very results.
  private static func decided(_ records: [AuditRecord], reportID: String?) -> Int {
    Set(ReviewRecord.entries(records).filter { $0.reportID == reportID && $0.verdict != .undecided }.map(\.id)).count
  }

  /// An error line with every path cut to the file's name: the page may be shared, the folders it names may not.
  package static func withoutFolders(_ text: String) -> String {
    text.split(separator: " ", omittingEmptySubsequences: false).map { word -> String in
      guard word.contains("/"), let last = word.split(separator: "/").last else { return String(word) }
      return String(last)
    }.joined(separator: " ")
  }

  /// Chain heads by patient as `cohort.tsv` notes them; empty without that file.
  static func notedHeads(in root: URL) -> [String: String] {
    guard let data = try? Data(contentsOf: root.appendingPathComponent("cohort.tsv")) else { return [:] }
    let lines = String(decoding: data, as: UTF8.self).split(separator: "\n").map {
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
      heads[name] = line[headColumn]
    }
    return heads
  }
}
