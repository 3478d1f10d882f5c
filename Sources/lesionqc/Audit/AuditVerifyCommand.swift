import Archive
import ArgumentParser
import AuditTrail
import Digests
import Foundation

/// `lesionqc audit verify`.
struct AuditVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check every record, every output and every input that the trails attest.",
    discussion: """
      Tells apart: an altered, missing or inserted record; a record with other fields, another number or from \
      another trail; something after the last record; records cut off at the end (by the heads noted in cohort.tsv); \
      an altered or missing output; a file in a patient's folder that no record names; an altered input or model; \
      cohort tables or a dataset_description.json that differ from what the program writes; a run that never \
      finished. With heads that were kept elsewhere or a public key also a trail that was computed anew as a whole. \
      Exit code 6 on any finding.
      """)

  @Argument(help: "Folder that 'lesionqc run' or 'lesionqc patient' wrote.") var outputDir: String
  @Option(help: "A head that a run printed and you kept; may be repeated.") var head: [String] = []
  @Option(help: "Heads that 'lesionqc audit heads' wrote and you kept elsewhere, or an old copy of cohort.tsv.")
  var heads: String?
  @Option(
    help: """
      Public key: every record has to be signed with it. May be repeated, for trails that several sign or whose key \
      was changed.
      """) var publicKey: [String] = []

  func validate() throws {
    for head in head where !Digest.isSHA256(head) {
      throw ValidationError("--head takes 64 hexadecimal digits, not '\(head.prefix(70))'")
    }
  }

  func run() throws {
    let anchors = AuditAnchors(
      named: try heads.map { try KeptHeads(file: URL(fileURLWithPath: $0)) } ?? KeptHeads([:]), heads: head,
      publicKeys: publicKey.isEmpty ? nil : Set(try publicKey.map { try PublicKey(file: URL(fileURLWithPath: $0)) }))
    let check = try AuditCheck(output: URL(fileURLWithPath: outputDir), anchors: anchors)
    for note in check.notes { print("note: \(note)") }
    for fault in check.faults { print("FAULT: \(fault)" + (fault.remedy.map { "; \($0.options)" } ?? "")) }
    let faulty = Set(check.faults.map(\.patient))
    for trail in check.trails where !faulty.contains(trail) {
      let holds = (check.holds[trail] ?? []).map { "; \($0)" }.joined()
      print("\(trail): intact, head \(check.heads[trail] ?? "")\(holds)")
    }
    if check.faults.isEmpty, head.isEmpty, heads == nil, publicKey.isEmpty {
      print(
        "note: nothing that was kept elsewhere was compared: a trail that was computed anew as a whole would pass; "
          + "give --head, --heads or --public-key")
    }
    guard check.faults.isEmpty else { throw CommandEnd.auditFailed(findings: check.faults.count) }
  }
}
