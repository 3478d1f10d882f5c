import Archive
import ArgumentParser
import AuditTrail
import Foundation
import QualityControl
import Results

struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit", abstract: "Check or show the audit trails of an output folder.",
    subcommands: [Verify.self, Show.self])

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Check every record, every output and every input that the trails attest.",
      discussion: """
        Tells apart: an altered, missing or inserted record; records cut off at the end (by the heads noted in \
        cohort.tsv); \
        an altered or missing output; an altered input or model; cohort tables that differ from the patients' \
        files; a run \
        that never finished. Exit code 6 on any finding.
        """)

    @Argument(help: "Folder that 'lesionqc run' or 'lesionqc patient' wrote.") var outputDir: String

    func run() throws {
      let check = try AuditCheck(output: URL(fileURLWithPath: outputDir))
      for note in check.notes { print("note: \(note)") }
      for fault in check.faults { print("FAULT: \(fault)" + (fault.remedy.map { "; \($0.options)" } ?? "")) }
      let faulty = Set(check.faults.map(\.patient))
      for patient in check.patients where !faulty.contains(patient) {
        print("\(patient): intact, head \(check.heads[patient] ?? "")")
      }
      guard check.faults.isEmpty else { throw CommandEnd.auditFailed(findings: check.faults.count) }
    }
  }

  struct Show: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Print the records of one patient, oldest first.")

    @Argument(help: "Folder that 'lesionqc run' or 'lesionqc patient' wrote.") var outputDir: String
    @Argument(help: "Patient, for example sub-01 or sub-01_ses-02.") var patient: String

    func run() throws {
      guard patient.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) else {
        throw ValidationError("PATIENT is a name such as sub-01 or sub-01_ses-02, not '\(patient)'")
      }
      let url = OutputLayout.auditTrail(of: patient, in: URL(fileURLWithPath: outputDir))
      guard FileManager.default.fileExists(atPath: url.path) else {
        throw Fault(.input, url.path, found: "no such audit trail", remedy: .plain("name a patient of that folder"))
      }
      let chain = try AuditVerification.chain(of: url)
      for finding in chain.findings { print("FAULT: \(finding)") }
      for record in chain.records {
        print("\(record.sequence)  \(record.time)  \(record.event)  \(record.hash)")
        for line in AuditText.lines(record.details) { print("    \(line)") }
      }
    }
  }
}

/// Audit details as indented `name: value` lines.
enum AuditText {
  static func lines(_ value: AuditValue, indent: String = "") -> [String] {
    guard case .object(let members) = value else { return [indent + scalar(value)] }
    return members.keys.sorted().flatMap { key -> [String] in
      guard let member = members[key] else { return [] }
      switch member {
      case .object: return ["\(indent)\(key):"] + lines(member, indent: indent + "  ")
      case .array(let values):
        return ["\(indent)\(key):"]
          + values.map { item in
            if case .object(let fields) = item {
              return indent + "  - "
                + fields.keys.sorted().map { "\($0)=\(scalar(fields[$0] ?? .null))" }.joined(separator: " ")
            }
            return "\(indent)  - \(scalar(item))"
          }
      default: return ["\(indent)\(key): \(scalar(member))"]
      }
    }
  }

  private static func scalar(_ value: AuditValue) -> String {
    switch value {
    case .null: "-"
    case .bool(let value): "\(value)"
    case .integer(let value): "\(value)"
    case .unsigned(let value): "\(value)"
    case .number(let value): "\(value)"
    case .string(let value): value
    case .array(let values): "[" + values.map(scalar).joined(separator: ", ") + "]"
    case .object(let members):
      "{" + members.keys.sorted().map { "\($0): \(scalar(members[$0] ?? .null))" }.joined(separator: ", ") + "}"
    }
  }
}
