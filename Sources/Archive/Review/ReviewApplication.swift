import Analysis
import AuditTrail
import ErrorScore
public import Foundation
import Lesions
import Reports
import Results
import Volumes

/// Applies readers' decisions to the results that they were made on: corrected masks, tables, agreement, audit records.
///
/// Everything is checked and written aside before the first file is moved into place; the audit records come last.
/// Applying the same files again changes nothing.
public struct ReviewApplication {
  /// What became of one patient, in words for the console.
  public struct Outcome: Sendable {
    public let patient: String
    public let lines: [String]
    /// The page to sign; nil for all patients together.
    public var page: URL?
  }

  /// One patient's part while it is being prepared.
  private struct Prepared {
    let files: ReviewFiles
    let transaction: OutputTransaction
    let sources: [DecisionFile]
    let newEntries: [(entry: ReviewRecord.Entry, source: DecisionFile)]
    let newStudies: [(study: StudyRecord, source: DecisionFile)]
    /// A mask that was edited elsewhere and is not in the trail yet.
    let newMask: CorrectedMask?
  }

  /// A mask that a reader edited elsewhere.
  public struct MaskFile: Sendable {
    let url: URL
    let labels: [Int]?

    /// - Parameter labels: the values that are lesions, where the file is a label image.
    public init(_ url: URL, labels: [Int]? = nil) {
      self.url = url
      self.labels = labels
    }
  }

  /// Takes the place of the mask that the decisions leave; of one patient alone.
  public var correctedMask: MaskFile?

  private let files: [URL]
  private let output: URL
  private let key: PseudonymKey?
  private let overwrite: Bool
  private let waiting: LockWaiting
  private let attribution: Attribution

  /// - Parameters:
  ///   - files: saved reports or exported decisions, of one or several readers and patients.
  ///   - output: the output folder that holds the results.
  ///   - key: with which reports were pseudonymised before the readers got them.
  ///   - overwrite: replace the files of an earlier review that these decisions change.
  ///   - waiting: what happens while another process is at work on one of the patients.
  ///   - attribution: who applies them; the readers are named by the decisions.
  public init(
    files: [URL], output: URL, key: PseudonymKey? = nil, overwrite: Bool, waiting: LockWaiting = LockWaiting(),
    by attribution: Attribution = .unnamed
  ) {
    self.waiting = waiting
    self.files = files
    self.output = output
    self.key = key
    self.overwrite = overwrite
    self.attribution = attribution
  }

  /// - Throws: ``Fault`` for a file that breaks the schema, a decision on other results than the present ones, an
  ///   unknown finding, or a file of an earlier review in the way, ``ReportsError`` without templates; nothing is
  ///   written then.
  public func run() throws -> [Outcome] { try run(templates: TemplateFolder.locate) }

  /// - Parameter templates: of the cohort page, asked for before anything is written.
  func run(templates: () throws -> TemplateFolder) throws -> [Outcome] {
    let decisions = try files.map(DecisionFile.init)
    let known = try StoredPatient.names(in: output)
    var names = Dictionary(uniqueKeysWithValues: known.map { ($0, $0) })
    if let key {
      for name in known {
        // A patient without results was not shared.
        guard let stored = try? StoredPatient(name, in: output) else { continue }
        names[try Pseudonymised(stored.results, stem: stored.layout.stem, key: key).name] = name
      }
    }
    var byPatient: [String: [DecisionFile]] = [:]
    for file in decisions {
      guard let name = names[file.patient] else {
        throw Fault(
          .input, file.url.path, found: "is about \(file.patient), which \(output.path) does not hold", remedy: .nameKey
        )
      }
      byPatient[name, default: []].append(file)
    }
    if let correctedMask, byPatient.count != 1 {
      throw Fault(
        .input, correctedMask.url.path, role: MaskRole.corrected.rawValue,
        found: "is of one patient, and the decisions are of \(byPatient.count)",
        remedy: .plain("give the decisions on its patient alone"))
    }
    // In one order for everybody, so that no two wait for each other.
    let locks = try byPatient.keys.sorted().map { try PatientLock($0, in: output, waiting) }
    let templates = try templates()
    let prepared = try locks.map { lock in
      try prepare(StoredPatient(lock.name, in: output), byPatient[lock.name] ?? [], lock, templates)
    }
    try DatasetFiles.write(to: output)
    var outcomes = try prepared.map(commit)
    for lock in locks { lock.release() }
    try CohortFiles.write(to: output, templates: templates)
    if prepared.count > 1, let pooled = try pooledLine(prepared.map(\.files.review)) {
      outcomes.append(Outcome(patient: "all \(prepared.count) patients", lines: [pooled]))
    }
    return outcomes
  }

  private func prepare(
    _ patient: StoredPatient, _ sources: [DecisionFile], _ lock: PatientLock, _ templates: TemplateFolder
  ) throws -> Prepared {
    try patient.layout.requireOwnTrail()
    let ids = Set(patient.results.findings.map(\.id.description))
    let sharedID = try key.map { try Pseudonymised(patient.results, stem: patient.layout.stem, key: $0).reportID }
    let recorded = ReviewRecord.entries(patient.records, on: patient.reportID)
    var seen = Set(recorded)
    var newEntries: [(ReviewRecord.Entry, DecisionFile)] = []
    var studies = StudyRecord.all(patient.records, on: patient.reportID)
    var newStudies: [(StudyRecord, DecisionFile)] = []
    for source in sources {
      guard [patient.reportID, sharedID].contains(source.content.reportId) else {
        throw Fault(
          .input, source.url.path,
          found: "the decisions were made on report \(source.content.reportId.prefix(12))…, but the results of "
            + "\(patient.name) are now \(patient.reportID.prefix(12))…", remedy: .plain("review the present report"))
      }
      for decision in source.content.decisions {
        guard ids.contains(decision.id) else {
          throw Fault(
            .input, source.url.path, found: "decides \(decision.id), which \(patient.name) does not have",
            remedy: .plain("save or export the decisions again"))
        }
        let entry = ReviewRecord.Entry(reader: source.content.reader, reportID: patient.reportID, decision)
        if seen.insert(entry).inserted { newEntries.append((entry, source)) }
      }
      try requireMarksOnGrid(source, patient)
      let study = StudyRecord(source.content, reportID: patient.reportID)
      let earlier = studies.filter { $0.reader == study.reader }
      if earlier.isEmpty ? !study.isEmpty : !earlier.contains(where: study.says) {
        studies.append(study)
        newStudies.append((study, source))
      }
    }
    let all = recorded + newEntries.map(\.0)
    for (first, second) in Dictionary(grouping: all, by: { [$0.reader, $0.id, $0.time] }).values.compactMap({
      $0.count > 1 ? ($0[0], $0[1]) : nil
    }).sorted(by: { $0.0.id < $1.0.id }) {
      throw Fault(
        .input, patient.name, role: "reader '\(first.reader)'",
        found: "says both \(first.verdict.rawValue) and \(second.verdict.rawValue) on \(first.id) at \(first.time)",
        remedy: .plain("give each reader a name of their own"))
    }
    let stored = try StoredFindings(patient)
    let earlierMask = CorrectionRecord.latest(patient.records, reportID: patient.reportID)
    let mask =
      try correctedMask.map { try CorrectedMaskFile($0.url, labels: $0.labels, of: patient, stored) }
      ?? earlierMask.map { try CorrectedMaskFile(earlier: $0, of: patient) }
    let files = ReviewFiles(
      review: try MergedReview(patient.results, all, studies: studies, corrected: mask?.record), patient: patient,
      stored: stored, corrected: mask?.voxels)
    let transaction = try OutputTransaction(root: output, lock: lock, what: "review")
    try files.write(to: transaction, templates: templates)
    if !overwrite, let changed = try transaction.changedPaths().first {
      throw Fault(
        .output, patient.layout.url(changed).path, found: "exists from an earlier review and would change",
        remedy: .replace)
    }
    return Prepared(
      files: files, transaction: transaction, sources: sources, newEntries: newEntries, newStudies: newStudies,
      newMask: mask?.record == earlierMask ? nil : mask?.record)
  }

  /// A mark names a voxel and a position; both must be one place of this patient's grid.
  private func requireMarksOnGrid(_ source: DecisionFile, _ patient: StoredPatient) throws {
    let grid = patient.results.grid
    for mark in source.content.marks ?? [] {
      let place = Affine(rows: grid.affine).world(VoxelIndex(mark.voxel[0], mark.voxel[1], mark.voxel[2]))
      let isThere =
        zip(mark.voxel, grid.shape).allSatisfy { $0 >= 0 && $0 < $1 }
        && zip(mark.positionMillimetres, [place.x, place.y, place.z]).allSatisfy {
          abs($0 - $1) < Self.markToleranceMillimetres
        }
      guard isThere else {
        throw Fault(
          .input, source.url.path, found: "\(mark.id) lies outside the grid of \(patient.name), or not at its voxel",
          remedy: .plain("save or export the decisions again"))
      }
    }
  }

  /// Positions are saved to a tenth of a millimetre.
  private static let markToleranceMillimetres = 0.5

  private func commit(_ prepared: Prepared) throws -> Outcome {
    let patient = prepared.files.patient
    let review = prepared.files.review
    let vouched = Set(patient.outputs.map { "\($0.path) \($0.sha256)" })
    let written = try prepared.transaction.commit(superseding: [])
    let isNew =
      !prepared.newEntries.isEmpty || !prepared.newStudies.isEmpty || prepared.newMask != nil
      || !written.allSatisfy { vouched.contains("\($0.path) \($0.sha256)") }
    var records: [(event: String, details: AuditValue)] = prepared.newEntries.map {
      ("decision", $0.entry.details(source: $0.source.sha256, seen: $0.source.content.reportId))
    }
    records += prepared.newStudies.map {
      (StudyRecord.event, $0.study.details(source: $0.source.sha256, seen: $0.source.content.reportId))
    }
    if let mask = prepared.newMask {
      records.append(
        (CorrectionRecord.event, CorrectionRecord.details(mask, reportID: patient.reportID, by: attribution)))
    }
    if isNew {
      records.append(
        (
          "reviewed",
          ReviewRecord.reviewed(
            reportID: patient.reportID, readers: review.everybody,
            sources: prepared.sources.map { ($0.url, $0.sha256) }, outputs: written,
            options: ["overwrite": .bool(overwrite), "pseudonymKey": .bool(key != nil)], by: attribution)
        ))
    }
    try attribution.log(patient.name, in: output).append(records)
    return Outcome(
      patient: patient.name, lines: Self.lines(prepared, isNew: isNew),
      page: patient.layout.url(patient.layout.reviewedPage))
  }

  private static func lines(_ prepared: Prepared, isNew: Bool) -> [String] {
    let review = prepared.files.review
    let findings = review.findings
    let isInMask = prepared.files.isInMask
    let removed = findings.filter { $0.id.kind == .lesion && !isInMask($0) }
    let added = findings.filter { $0.id.kind == .candidate && isInMask($0) }
    var lines = [
      isNew
        ? "\(prepared.newEntries.count) new decision\(prepared.newEntries.count == 1 ? "" : "s"); "
          + "\(removed.count) of \(findings.count { $0.id.kind == .lesion }) lesions removed, "
          + "\(added.count) of \(findings.count { $0.id.kind == .candidate }) candidates added, "
          + "\(findings.count { !$0.isDecided }) findings undecided; "
          + prepared.files.patient.layout.url(prepared.files.patient.layout.reviewedMask).path
        : "nothing new: these decisions are applied already"
    ]
    if let corrected = review.corrected { lines.append(ReviewedPage.line(corrected)) }
    let figures = review.figures
    if figures.marks > 0 {
      lines.append("\(figures.marks) lesion\(figures.marks == 1 ? "" : "s") marked by readers: counted, without volume")
    }
    lines += review.verdicts.map(ReviewedPage.line)
    if isNew {
      lines.append(
        "page to sign: \(prepared.files.patient.layout.url(prepared.files.patient.layout.reviewedPage).path)")
    }
    let edits = findings.filter { $0.isInMask && $0.needsEditing }
    if !edits.isEmpty {
      lines.append("outline to be corrected by hand: \(edits.map(\.id.description).joined(separator: ", "))")
    }
    for finding in review.conflicts {
      let said = finding.entries.map { "\($0.reader) \($0.verdict.rawValue)" }.joined(separator: ", ")
      lines.append("CONFLICT \(finding.id): \(said); \(Self.decision(finding.outcome))")
    }
    if let answers = review.answers, let lesionOrNot = review.lesionOrNot {
      lines.append(agreementLine(answers, lesionOrNot))
    }
    return lines
  }

  private static func decision(_ outcome: MergedReview.Outcome) -> String {
    switch outcome {
    case .open: "the network's answer stays"
    case .lesion: "majority: lesion"
    case .notALesion: "majority: not a lesion"
    }
  }

  /// Agreement over all patients, when the same number of readers, two or more, read each of them.
  private func pooledLine(_ reviews: [MergedReview]) throws -> String? {
    guard let readers = reviews.first?.readers, readers.count >= 2, reviews.allSatisfy({ $0.readers == readers }) else {
      return nil
    }
    let pooled = try MergedReview.agreement(reviews.flatMap(\.findings), readers: readers.count)
    return Self.agreementLine(pooled.answers, pooled.lesionOrNot)
  }

  private static func agreementLine(_ answers: Agreement, _ lesionOrNot: Agreement) -> String {
    func text(_ agreement: Agreement) -> String {
      guard let observed = agreement.observed else { return "no finding that all answered" }
      // Rounded first, so that nothing is printed as -0.00.
      let kappa =
        agreement.kappa.map { String(format: "%.2f", ($0 * 100).rounded() / 100 + 0) }
        ?? "not defined, all answers are the same"
      return String(format: "%.0f %% alike", observed * 100) + " over \(agreement.findings), kappa \(kappa)"
    }
    return "agreement (\(answers.readers == 2 ? "Cohen" : "Fleiss")): answers \(text(answers)); "
      + "lesion or not \(text(lesionOrNot))"
  }
}
