import AuditTrail
public import Foundation
public import Reports

/// The pages and tables over all patients of an output folder, made from what lies in it.
///
/// They are a function of the folder alone, so that patients may be run one by one, in any order and on several machines, and
/// the group level only gathers.
public enum CohortFiles {
  /// Writes `index.html`, `cohort.tsv` and `lesions.tsv` and returns the entries they show.
  @discardableResult
  public static func write(to root: URL, templates: TemplateFolder) throws -> [CohortEntry] {
    let entries = try entries(in: root)
    try DatasetFiles.replace(
      root.appendingPathComponent("index.html"), with: try CohortPage.render(entries: entries, templates: templates))
    try DatasetFiles.replace(root.appendingPathComponent("cohort.tsv"), with: CohortTable.bytes(entries))
    try DatasetFiles.replace(root.appendingPathComponent("lesions.tsv"), with: FindingTable.bytes(entries))
    return entries
  }

  /// One entry per audit trail, in order of name.
  static func entries(in root: URL) throws -> [CohortEntry] {
    let folder = root.appendingPathComponent("audit")
    let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [])
      .filter { $0.hasSuffix(".jsonl") }.sorted().map { String($0.dropLast(6)) }
    return try names.map { name in
      let chain = try AuditVerification.chain(of: folder.appendingPathComponent("\(name).jsonl"))
      let head = chain.records.last?.hash ?? AuditRecord.origin
      let state = RunRecord.state(of: chain.records)
      let report = "\(name).html"
      let hasReport = FileManager.default.fileExists(atPath: root.appendingPathComponent(report).path)
      switch state {
      case .done(_, _, let outputs):
        let path = outputs.first { $0.path.hasSuffix("_desc-lesionqc_results.json") }?.path
        guard hasReport, let path, let bytes = try? Data(contentsOf: root.appendingPathComponent(path)),
          let results = try? PatientResults.decode(Array(bytes))
        else {
          return CohortEntry(
            name: name, reportFile: nil, state: .failed, reason: "finished, but its files are missing or unreadable",
            results: nil, reportID: nil, auditHead: head)
        }
        return CohortEntry(
          name: name, reportFile: report, state: .done, reason: nil, results: results,
          reportID: Digest.sha256(bytes), auditHead: head)
      case .failed(let reason):
        return CohortEntry(
          name: name, reportFile: nil, state: .failed, reason: withoutFolders(reason), results: nil, reportID: nil,
          auditHead: head)
      case .unfinished, .never:
        return CohortEntry(
          name: name, reportFile: nil, state: .interrupted, reason: "started and not finished; run the same command again",
          results: nil, reportID: nil, auditHead: head)
      }
    }
  }

  /// An error line with every path cut to the file's name: the page may be shared, the folders it names may not.
  static func withoutFolders(_ text: String) -> String {
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
      let patientColumn = header.firstIndex(of: "participant_id"), let sessionColumn = header.firstIndex(of: "session_id")
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
