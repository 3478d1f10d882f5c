import AuditTrail
import Digests
import Files
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
    }
    public let patient: String
    public let kind: Kind
    public let text: String
    public var description: String { "\(patient): \(kind.rawValue): \(text)" }
    public var remedy: Fault.Remedy? { kind == .alteredTable ? .gather : nil }
  }

  public let patients: [String]
  public let faults: [Breach]
  /// What could not be looked at, for example an input that was moved away; not a fault.
  public let notes: [String]
  public let heads: [String: String]

  /// - Throws: ``Fault`` when the folder holds no audit trail at all.
  public init(output root: URL) throws {
    let patients = OutputLayout.patientNames(in: root)
    let reports = ((try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []).filter {
      $0.hasPrefix("sub-") && $0.hasSuffix(".html")
    }.map { String($0.dropLast(5)) }.sorted()
    let notedHeads = CohortFiles.notedHeads(in: root)
    guard !patients.isEmpty || !reports.isEmpty || !notedHeads.isEmpty else { throw OutputLayout.withoutTrails(root) }
    var faults: [Breach] = []
    var notes: [String] = []
    var heads: [String: String] = [:]
    for patient in patients {
      let chain = try AuditVerification.chain(
        of: OutputLayout.auditTrail(of: patient, in: root), expectedHead: notedHeads[patient])
      heads[patient] = chain.records.last?.hash ?? AuditRecord.origin
      faults += chain.findings.map { fault in
        if case .headDiffers = fault { return Breach(patient: patient, kind: .head, text: fault.description) }
        return Breach(patient: patient, kind: .record, text: fault.description)
      }
      if chain.tornByteCount > 0 {
        notes.append(
          "\(patient): the last record was never completed (\(chain.tornByteCount) bytes); the next run removes it")
      }
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
      if chain.findings.contains(where: { $0.line ?? .max > chain.lines[last] }) {
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
    for report in Set(reports + notedHeads.keys).subtracting(patients).sorted() {
      faults.append(
        Breach(
          patient: report, kind: .noTrail, text: "audit/\(report).jsonl is missing, though the patient has results"))
    }
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
    self.patients = patients
    self.faults = faults
    self.notes = notes
    self.heads = heads
  }

  private static func check(
    _ record: AuditRecord, outputs: [OutputTransaction.File], patient: String, root: URL, _ faults: inout [Breach],
    _ notes: inout [String]
  ) {
    for output in outputs {
      guard let digest = try? Digest.sha256(file: output.place.place(in: root, for: .reading)) else {
        faults.append(Breach(patient: patient, kind: .missingOutput, text: output.path))
        continue
      }
      if digest != output.sha256 { faults.append(Breach(patient: patient, kind: .alteredOutput, text: output.path)) }
    }
    for input in record.inputs {
      guard let digest = try? Digest.sha256(file: URL(fileURLWithPath: input.path)) else {
        notes.append("\(patient): \(input.role) input is no longer where it was and was not checked")
        continue
      }
      if digest != input.sha256 {
        faults.append(Breach(patient: patient, kind: .alteredInput, text: "\(input.role) (\(input.path))"))
      }
    }
    let details = record.content
    for (key, name) in [("calibration", "calibration"), ("intensities", "file of training intensities")] {
      guard let path = details[key]?["file"]?.stringValue, let expected = details[key]?["sha256"]?.stringValue else {
        continue
      }
      if let digest = try? Digest.sha256(file: URL(fileURLWithPath: path)) {
        if digest != expected {
          faults.append(Breach(patient: patient, kind: .alteredModel, text: "\(name) (\(path))"))
        }
      } else {
        notes.append("\(patient): the \(name) is no longer where it was and was not checked")
      }
    }
    guard let folder = details["model"]?["folder"]?.stringValue else { return }
    var expected = [(file: "model.json", sha256: details["model"]?["modelSha256"]?.stringValue)]
    for weights in details["model"]?["weightFiles"]?.arrayValue ?? [] {
      if let file = weights["file"]?.stringValue { expected.append((file, weights["sha256"]?.stringValue)) }
    }
    for (file, expected) in expected {
      guard let url = try? ContainedPath(fileName: file).place(in: URL(fileURLWithPath: folder), for: .reading),
        let digest = try? Digest.sha256(file: url)
      else {
        notes.append("\(patient): \(file) of the model is no longer where it was and was not checked")
        continue
      }
      if let expected, digest != expected { faults.append(Breach(patient: patient, kind: .alteredModel, text: file)) }
    }
  }
}
