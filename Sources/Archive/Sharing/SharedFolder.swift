public import Analysis
import AuditTrail
import Files
public import Foundation
import Lesions
import PageLint
public import Reports
import Results

/// A copy of an output folder under pseudonyms, to give away: reports drawn again, masks, maps and numbers, no
/// identifier.
///
/// Left out are the audit trails, which name files and folders, reviews, which name readers, and patients without
/// results. Each patient gets a trail of its own that attests the copied files, so that `audit verify` and `review
/// apply` work there too.
public struct SharedFolder {
  public enum Outcome: Sendable, Equatable {
    case written(pseudonym: String)
    /// The same results is there under this pseudonym.
    case unchanged(pseudonym: String)
  }

  private struct Prepared {
    let patient: StoredPatient
    let shared: Pseudonymised
    /// Nil when the same results is there.
    let transaction: OutputTransaction?
    let superseded: [OutputTransaction.File]
  }

  private let source: URL
  private let output: URL
  private let key: PseudonymKey
  private let moved: URL?
  /// What of a patient goes into the pages.
  public var content = PageContent()
  private let overwrite: Bool
  private let control: RunControl
  private let waiting: LockWaiting
  private let attribution: Attribution

  /// - Parameters:
  ///   - waits: until a process that is at work on a patient of the shared folder is done.
  ///   - attribution: who shares, for the trails of the original folder; the copy does not say it.
  /// - Throws: ``Fault`` when the key or the map would lie within the shared folder, or one folder
  ///   within the other.
  public init(
    source: URL, output: URL, key: PseudonymKey, moved: URL?, overwrite: Bool, control: RunControl, waits: Bool = true,
    by attribution: Attribution = .unnamed
  ) throws {
    waiting = LockWaiting(waits: waits, control: control)
    func resolved(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path + "/" }
    let (from, to, keyFolder) = (resolved(source), resolved(output), resolved(key.url.deletingLastPathComponent()))
    guard !to.hasPrefix(from), !from.hasPrefix(to) else {
      throw Fault(
        .output, output.path, found: "lies within the original output folder or around it",
        remedy: .plain("choose a folder of its own to share"))
    }
    guard !keyFolder.hasPrefix(to) else {
      throw Fault(
        .output, key.url.path, found: "the key and its map would lie in the folder that is shared",
        remedy: .plain("move the key elsewhere"))
    }
    self.source = source
    self.output = output
    self.key = key
    self.moved = moved
    self.overwrite = overwrite
    self.control = control
    self.attribution = attribution
  }

  /// - Throws: ``Fault`` when a patient cannot be drawn, a page still holds what must not be shared, or other results
  ///   stand under a pseudonym and may not be replaced; nothing is written then.
  public func write(_ names: [String]) throws -> [(name: String, outcome: Outcome)] {
    let named = try names.map { name in
      let patient = try StoredPatient(name, in: source)
      return (patient: patient, shared: try Pseudonymised(patient.results, stem: patient.layout.stem, key: key))
    }
    for (name, same) in Dictionary(grouping: named, by: \.shared.name) where same.count > 1 {
      throw Fault(
        .input, key.url.path,
        found: "gives \(same.map(\.patient.name).joined(separator: " and ")) one pseudonym (\(name))",
        remedy: .plain("use another key"))
    }
    // In one order for everybody, so that no two wait for each other.
    var locks: [String: PatientLock] = [:]
    for name in named.map(\.shared.name).sorted() { locks[name] = try PatientLock(name, in: output, waiting) }
    let prepared = try named.map { try prepare($0.patient, $0.shared, locks) }
    try DatasetFiles.write(to: output)
    try PseudonymMap.add(
      prepared.map {
        .init(
          name: $0.patient.name, pseudonym: $0.shared.name, reportID: $0.patient.reportID,
          sharedReportID: $0.shared.reportID)
      }, to: key.mapFile)
    let outcomes = try prepared.map { prepared -> (name: String, outcome: Outcome) in
      let name = prepared.shared.name
      guard let transaction = prepared.transaction else { return (prepared.patient.name, .unchanged(pseudonym: name)) }
      let files = try transaction.commit(superseding: prepared.superseded)
      try attribution.log(name, in: output).append(event: "finished", details: details(prepared, files))
      try attribution.log(prepared.patient.name, in: source).append(event: "shared", details: sharing(prepared, files))
      return (prepared.patient.name, .written(pseudonym: name))
    }
    for lock in locks.values { lock.release() }
    for root in [output, source] { try CohortFiles.write(to: root, templates: try TemplateFolder.locate()) }
    return outcomes
  }

  private func prepare(_ patient: StoredPatient, _ shared: Pseudonymised, _ locks: [String: PatientLock]) throws
    -> Prepared
  {
    let name = patient.name
    try control.step(name, .reading, 0, 1)
    let log = AuditLog(url: OutputLayout.auditTrail(of: shared.name, in: output))
    let records = try log.records()
    let layout = OutputLayout(
      root: output, label: shared.results.patient.label, session: shared.results.patient.session, stem: shared.name)
    try layout.requireOwnTrail()
    let standing = try EarlierRun(records, layout: layout, overwrite: overwrite).attested
    if !overwrite, !standing.isEmpty {
      guard standing.contains(where: { $0.path == layout.results && $0.sha256 == shared.reportID }) else {
        throw Fault(
          .output, layout.url(layout.report).path, found: "holds other results of this patient", remedy: .replace)
      }
      return Prepared(patient: patient, shared: shared, transaction: nil, superseded: [])
    }
    let report = try StoredReport(patient, moved: moved)
    var content = content
    content.decided = report.decided
    let page = try PatientPage.render(
      results: shared.results, reportID: shared.reportID, auditHead: try log.head(), run: (patient.runTime, nil),
      images: report.images, content: content, templates: try TemplateFolder.locate()
    ) { done, total in try control.step(name, .drawing, done, total, "findings") }
    try requireClean(page, shared.encoded, patient)

    let lock = try locks[shared.name] ?? PatientLock(shared.name, in: output, waiting)
    let transaction = try OutputTransaction(root: output, lock: lock)
    let start = "\(patient.layout.folder)/\(patient.layout.stem)_"
    // Sidecars name the images by the patient.
    let skipped = [
      patient.layout.results, patient.layout.reviewedMask, patient.layout.decisionTable, patient.layout.reviewSummary,
    ]
    for file in patient.outputs
    where file.path.hasPrefix(start) && !skipped.contains(file.path) && !file.path.hasSuffix(".json") {
      let bytes = try SmallFile.read(patient.intact(file.path), .page)
      try transaction.write(bytes, to: "\(layout.folder)/\(layout.stem)_\(file.path.dropFirst(start.count))")
    }
    try transaction.write(shared.encoded, to: layout.results)
    try transaction.write(page, to: layout.report)
    return Prepared(patient: patient, shared: shared, transaction: transaction, superseded: standing)
  }

  /// Looks through what is shared for the old identifiers, and through the page for everything else that lint knows.
  private func requireClean(_ page: [UInt8], _ results: [UInt8], _ patient: StoredPatient) throws {
    var known = try LintKnowledge.trail(beside: patient.layout.url(patient.layout.report))
    known.identifiers += Self.identifiers(of: patient.results.patient, stem: patient.layout.stem)
    known.dates = []
    if let finding = known.lint().leaks(in: page).first {
      throw Fault(
        .input, patient.name, found: "its page holds what must not be shared (line \(finding))",
        remedy: .plain("remove the cause and run the patient again"))
    }
    let patterns = LeakPatterns(identifiers: known.identifiers, ownDates: [])
    if let (kind, text) = patterns.codeLeaks(in: String(decoding: results, as: UTF8.self)).first {
      throw Fault(
        .input, patient.name, found: "its results hold what must not be shared (\(kind.rawValue): \(text))",
        remedy: .plain("remove the cause and run the patient again"))
    }
  }

  /// The forms in which a patient's old identifier could still stand somewhere.
  ///
  /// The bare label is looked for when it has a digit and five characters or more; `01` or `test` would be found
  /// everywhere.
  static func identifiers(of patient: PatientIdentity, stem: String) -> [String] {
    let bare = String(patient.label.dropFirst("sub-".count))
    let isTelling = bare.count >= 5 && bare.contains(where: \.isNumber)
    return [patient.label, stem] + [patient.session].compactMap { $0 } + (isTelling ? [bare] : [])
  }

  /// What the new trail says: digests and settings, no place of a file outside.
  private func details(_ prepared: Prepared, _ files: [OutputTransaction.File]) -> AuditValue {
    let earlier = prepared.patient.finished.content
    var members: [String: AuditValue] = [
      "inputs": .array(
        prepared.patient.results.inputs.map { ["role": .string($0.role), "sha256": .string($0.sha256)] }),
      "outputs": .files(files), "pseudonymised": true, "reportId": .string(prepared.shared.reportID),
      "software": .software,
    ]
    if let settings = earlier["settings"] { members["settings"] = settings }
    return AuditValue(members)
  }

  /// What the original's trail says: what was given away, by its digests; no pseudonym, which the map beside the key
  /// has.
  private func sharing(_ prepared: Prepared, _ files: [OutputTransaction.File]) -> AuditValue {
    attribution.details(
      [
        "files": .array(files.map { .string($0.sha256) }), "reportId": .string(prepared.patient.reportID),
        "sharedReportId": .string(prepared.shared.reportID),
      ], options: ["images": .bool(moved != nil), "overwrite": .bool(overwrite), "pseudonymKey": true])
  }
}
