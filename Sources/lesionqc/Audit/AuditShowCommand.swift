import Archive
import ArgumentParser
import AuditTrail
import Foundation
import Results

/// `lesionqc audit show`.
struct AuditShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the records of one trail, oldest first.")

  @Argument(help: "Folder that 'lesionqc run' or 'lesionqc patient' wrote.") var outputDir: String
  @Argument(help: "Patient, for example sub-01 or sub-01_ses-02; or 'cohort'.") var patient: String

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
    for note in chain.notes { print("note: \(note)") }
    for record in chain.records {
      let signer = record.publicKey.map { "  signed \($0)" } ?? ""
      print("\(record.sequence)  \(record.time)  \(record.event)  \(record.hash)\(signer)")
      for line in AuditText.lines(record.details) { print("    \(line)") }
    }
  }
}

/// Audit details as indented `name: value` lines.
enum AuditText {
  static func lines(_ value: AuditValue, indent: String = "") -> [String] {
    guard case .object(let members) = value else { return [indent + scalar(value)] }
    return members.flatMap { key, member -> [String] in
      switch member {
      case .object: return ["\(indent)\(key):"] + lines(member, indent: indent + "  ")
      case .array(let values):
        return ["\(indent)\(key):"]
          + values.map { item in
            if case .object(let fields) = item {
              return indent + "  - " + fields.map { "\($0.key)=\(scalar($0.value))" }.joined(separator: " ")
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
    case .object(let members): "{" + members.map { "\($0.key): \(scalar($0.value))" }.joined(separator: ", ") + "}"
    }
  }
}
