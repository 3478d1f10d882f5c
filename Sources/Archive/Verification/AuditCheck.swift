import AuditTrail
public import Foundation
public import Results

/// Checks every audit trail of an output folder, and the files that the trails attest.
public struct AuditCheck: Sendable {
  /// One line per patient and fault.
  public struct Breach: Sendable, Equatable, CustomStringConvertible {
    public enum Kind: String, Sendable {
      case record
      case head
      case missingOutput = "missing output"
      case alteredOutput = "altered output"
      case alteredInput = "altered input"
      case alteredModel = "altered model"
      case unfinished = "unfinished run"
      case noTrail = "no audit trail"
      case noRecord = "no record"
      case alteredTable = "altered table"
      case signature
      case foreignFile = "foreign file"
    }
    public let patient: String
    public let kind: Kind
    public let text: String
    public var description: String { "\(patient): \(kind.rawValue): \(text)" }
    public var remedy: Fault.Remedy? { kind == .alteredTable ? .gather : nil }
  }

  /// Names of the trails: of the patients, and of the cohort where it has one.
  public let trails: [String]
  public let faults: [Breach]
  /// What could not be looked at, for example an input that was moved away; not a fault.
  public let notes: [String]
  public let heads: [String: String]
  /// What was kept elsewhere and holds a trail, by its name; empty where nothing does.
  public let holds: [String: [AuditAnchors.Hold]]

  /// - Parameter anchors: what was kept elsewhere to compare with.
  /// - Throws: ``Fault`` when the folder holds no audit trail at all.
  public init(output root: URL, anchors: AuditAnchors = .none) throws {
    let patients = OutputLayout.patientNames(in: root)
    let trails = OutputLayout.trailNames(in: root)
    let reports = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).filter {
      $0.hasPrefix("sub-") && ForeignFiles.isPage($0)
    }.map { String($0.dropLast(5)) }.sorted()
    let notedHeads = CohortFiles.notedHeads(in: root)
    guard !trails.isEmpty || !reports.isEmpty || !notedHeads.isEmpty else { throw OutputLayout.withoutTrails(root) }
    var faults: [Breach] = []
    var notes: [String] = []
    var chains: [String: AuditVerification] = [:]
    for trail in trails {
      let chain = try AuditVerification.chain(
        of: OutputLayout.auditTrail(of: trail, in: root), expectedHead: notedHeads[trail], trusted: anchors.publicKeys)
      chains[trail] = chain
      faults += chain.findings.map { fault in
        if case .headDiffers = fault { return Breach(patient: trail, kind: .head, text: fault.description) }
        return Breach(patient: trail, kind: fault.isOfSignature ? .signature : .record, text: fault.description)
      }
      notes += chain.notes.map { "\(trail): \($0)" }
    }
    Self.compare(chains, with: anchors, &faults, &notes)
    if let cohort = chains[OutputLayout.cohortTrail], cohort.findings.isEmpty {
      Self.check(cohort.records.cohortOutputs, patient: OutputLayout.cohortTrail, root: root, &faults)
    }
    for patient in patients {
      guard let chain = chains[patient] else { continue }
      switch TrailState(chain.records) {
      case .unfinished where PatientLock.isHeld(patient, in: root):
        notes.append("\(patient): another process is at work on it")
      case .unfinished:
        faults.append(
          Breach(patient: patient, kind: .unfinished, text: "started and never finished; run the same command again"))
      case .damaged(let reason): faults.append(Breach(patient: patient, kind: .record, text: reason))
      default: break
      }
      guard let last = chain.records.lastIndex(where: { $0.event == "finished" }) else {
        if reports.contains(patient) {
          faults.append(
            Breach(
              patient: patient, kind: .noRecord,
              text: "\(patient).html is there, but no record says that it was finished"))
        }
        continue
      }
      // Outputs are compared with the record that was written with them, and that is the last one of an intact end.
      if chain.findings.contains(where: { $0.hidesRecords && $0.line ?? .max > chain.lines[last] }) {
        notes.append("\(patient): outputs were not checked: the record that attests them is gone or was altered")
        continue
      }
      if let noted = notedHeads[patient], let index = chain.records.firstIndex(where: { $0.hash == noted }),
        index + 1 < chain.records.count
      {
        notes.append("\(patient): \(chain.records.count - 1 - index) records after the head that cohort.tsv notes")
      }
      Self.check(
        chain.records[last], outputs: chain.records.attestedOutputs, patient: patient, root: root, &faults, &notes)
      notes += ReviewRecord.staleNotes(chain.records, patient: patient)
    }
    let withoutTrail = Set(reports + notedHeads.keys).subtracting(trails)
    for report in withoutTrail.sorted() {
      faults.append(
        Breach(
          patient: report, kind: .noTrail, text: "audit/\(report).jsonl is missing, though the patient has results"))
    }
    Self.checkFolder(root, chains: chains, withoutTrail: withoutTrail, &faults, &notes)
    // Tables and page follow from the patients' files; with a fault among those they say nothing of their own.
    if faults.isEmpty {
      switch try CohortFiles.standing(in: root, notes: &notes) {
      case .current: break
      case .older(let count):
        notes.append("the tables are older than \(count) patient\(count == 1 ? "" : "s"): run group")
      case .altered(let files):
        faults += files.map { file in
          Breach(
            patient: "cohort", kind: .alteredTable,
            text: "\(file) is not what the patients' files say: altered, removed or written by another version")
        }
      }
    }
    self.trails = trails
    self.faults = faults
    self.notes = notes
    heads = chains.mapValues { $0.records.last?.hash ?? AuditRecord.origin }
    holds = Dictionary(uniqueKeysWithValues: chains.map { ($0, anchors.holds($0, $1.records)) })
  }

  /// Heads that were kept elsewhere: each has to be a record of its trail.
  private static func compare(
    _ chains: [String: AuditVerification], with anchors: AuditAnchors, _ faults: inout [Breach], _ notes: inout [String]
  ) {
    let named = anchors.named.heads
    for (name, head) in named.sorted(by: { $0.key < $1.key }) where head != AuditRecord.origin {
      guard let chain = chains[name] else {
        faults.append(Breach(patient: name, kind: .noTrail, text: "a head of it was kept, and the trail is not there"))
        continue
      }
      guard !chain.records.contains(where: { $0.hash == head }) else { continue }
      let found = chain.records.last?.hash ?? AuditRecord.origin
      let finding = ChainFinding.headDiffers(expected: head, found: found)
      // The head that cohort.tsv notes may be the same one.
      if !chain.findings.contains(finding) {
        faults.append(Breach(patient: name, kind: .head, text: finding.description))
      }
    }
    for head in anchors.heads where !chains.values.contains(where: { $0.records.contains { $0.hash == head } }) {
      faults.append(
        Breach(
          patient: chains.count == 1 ? chains.keys.first! : "cohort", kind: .head,
          text:
            "no trail holds the kept head \(head.prefix(12))…: records were cut off or rewritten, or it is a head of "
            + "another folder"))
    }
    if !named.isEmpty {
      notes += chains.keys.sorted().filter { named[$0] == nil }.map { "\($0): no head of it was kept" }
    }
  }
}
