import Analysis
import AuditTrail
import Digests
import Foundation
import QualityControl
import SharedPatients
import Testing

@testable import Archive
@testable import Results

/// Who and what: every command that leaves a record says both, and no folder.
@Suite(.serialized) struct RecordsOfCommandsTests {
  private struct Desk {
    let patient: SmallPatient
    let key = SigningKey.random()
    let named: Attribution
    var root: URL { patient.output }
    var log: AuditLog { AuditLog(url: root.appendingPathComponent("audit/sub-t.jsonl")) }
    func url(_ path: String) -> URL { root.appendingPathComponent(path) }

    /// A mask of another tool, which takes no network.
    init(operatorName: String? = "A. Reader") throws {
      SmallPatient.useTemplates()
      patient = try SmallPatient()
      named = Attribution(operatorName: operatorName, signingKey: operatorName == nil ? nil : key)
      var options = RunOptions()
      options.attribution = named
      _ = try PatientRun(output: patient.output, settings: RunSettings(), options: options, control: RunControl())
        .single(
          patient.input(), files: ExternalFiles(mask: patient.reference, probability: nil, saliency: nil, tool: nil))
    }

    func page() throws -> String { try String(contentsOf: url("sub-t.html"), encoding: .utf8) }

    func decisions() throws -> URL {
      let stored = try StoredPatient("sub-t", in: root)
      let decisions = ReviewDecisions(
        reportId: stored.reportID, patient: "sub-t", session: nil, reader: "R1",
        decisions: [.init(id: "L001", decision: .reject, reasons: [], comment: "", time: "2026-11-24T09:00:00Z")])
      let file = patient.folder.appendingPathComponent("r1.json")
      try JSONEncoder().encode(decisions).write(to: file)
      return file
    }
  }

  private func row(_ page: String) -> String? {
    page.firstMatch(of: #/<th scope="row">Operator<\/th><td class="value">(?<name>[^<]*?) *</#).map {
      String($0.output.name)
    }
  }

  @Test func theOperatorIsOnThePageOrNotNamed() throws {
    #expect(try row(Desk().page()) == "A. Reader")
    #expect(try row(Desk(operatorName: nil).page()) == "not named")
    #expect(try row(Desk(operatorName: "<b>&\"x\"").page()) == "&lt;b&gt;&amp;&quot;x&quot;")
    // Drawn again by somebody else, it still names who ran it.
    let desk = try Desk()
    let other = Attribution(operatorName: "B. Other", signingKey: nil)
    let rendering = try ReportRendering(
      output: desk.root, moved: nil, overwrite: false, control: RunControl(), by: other)
    #expect(try rendering.render("sub-t") == .unchanged)
  }

  @Test func everyRecordSaysWhoWithWhatAndHow() throws {
    let desk = try Desk()
    _ = try ReviewApplication(files: [desk.decisions()], output: desk.root, overwrite: false, by: desk.named).run()
    let secret = desk.patient.folder.appendingPathComponent("keys/secret")
    try FileManager.default.createDirectory(at: secret.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data((0..<32).map { _ in UInt8.random(in: 0...255) }).write(to: secret)
    try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: secret.path)
    let shared = desk.patient.folder.appendingPathComponent("shared")
    let outcome = try SharedFolder(
      source: desk.root, output: shared, key: PseudonymKey(file: secret), moved: nil, overwrite: false,
      control: RunControl(), by: desk.named
    ).write(["sub-t"])[0].outcome
    try Data("%PDF-1.4".utf8).write(to: desk.url("sub-t.pdf"))
    #expect(
      try PrintRecord.append(
        page: desk.url("sub-t.html"), pdf: desk.url("sub-t.pdf"), paper: .letter, overwrite: true, by: desk.named))
    _ = try CohortRun.gather(output: desk.root)

    let records = try desk.log.records()
    #expect(records.map(\.event) == ["started", "finished", "decision", "reviewed", "shared", "printed"])
    for record in records where record.event != "decision" {
      #expect(record.details["operator"] == "A. Reader", "\(record.event)")
      #expect(record.details["software"]?["build"]?.stringValue.map(Digest.isSHA256) == true, "\(record.event)")
      #expect(record.details["options"] != nil, "\(record.event)")
    }
    #expect(records.allSatisfy { $0.publicKey == desk.key.publicKey })
    #expect(records[3].details["options"] == ["overwrite": false, "pseudonymKey": false])
    #expect(records[3].details["sources"]?.arrayValue?.first?["file"] == "r1.json")
    #expect(records[4].details["options"] == ["images": false, "overwrite": false, "pseudonymKey": true])
    #expect(records[5].details["options"] == ["overwrite": true, "paper": "Letter", "pdf": true])
    for record in records[2...] {
      #expect(!record.details.canonicalText.contains(desk.patient.folder.path), "\(record.event)")
    }
    // The trail of the original does not give the pseudonym away, and the copy does not say who made it.
    guard case .written(let pseudonym) = outcome else { return }
    #expect(!records[4].details.canonicalText.contains(pseudonym))
    let copy = try AuditLog(url: shared.appendingPathComponent("audit/\(pseudonym).jsonl")).records()
    #expect(copy.map(\.event) == ["finished"] && copy[0].publicKey == desk.key.publicKey)
    #expect(copy[0].details["operator"] == nil)
    let page = try String(contentsOf: shared.appendingPathComponent("\(pseudonym).html"), encoding: .utf8)
    #expect(row(page) == "not named" && !page.contains("A. Reader"))
    for root in [desk.root, shared] {
      let check = try AuditCheck(output: root, anchors: AuditAnchors(publicKeys: [desk.key.publicKey]))
      #expect(check.faults.isEmpty, "\(check.faults)")
    }
  }

  /// A printed page is attested like any output, and its removal does not stop a run.
  @Test func aPrintedPageIsAnOutput() throws {
    let desk = try Desk()
    let pdf = desk.url("sub-t.pdf")
    try Data("%PDF-1.4".utf8).write(to: pdf)
    try PrintRecord.append(page: desk.url("sub-t.html"), pdf: pdf, paper: .a4, overwrite: false, by: .unnamed)
    _ = try CohortRun.gather(output: desk.root)
    #expect(try AuditCheck(output: desk.root).faults.isEmpty)
    try Data("%PDF-1.5".utf8).write(to: pdf)
    #expect(try AuditCheck(output: desk.root).faults.map(\.kind) == [.alteredOutput])
    try FileManager.default.removeItem(at: pdf)
    #expect(try AuditCheck(output: desk.root).faults.map(\.kind) == [.missingOutput])
    let again = try PatientRun(output: desk.root, settings: RunSettings(), options: RunOptions(), control: RunControl())
      .single(
        desk.patient.input(),
        files: ExternalFiles(mask: desk.patient.reference, probability: nil, saliency: nil, tool: nil))
    guard case .upToDate = again else {
      Issue.record("ran again")
      return
    }
    // A page in a folder without trails leaves no record.
    let alone = desk.patient.folder.appendingPathComponent("alone.html")
    try FileManager.default.copyItem(at: desk.url("sub-t.html"), to: alone)
    try Data("%PDF-1.4".utf8).write(to: desk.patient.folder.appendingPathComponent("alone.pdf"))
    #expect(
      try !PrintRecord.append(
        page: alone, pdf: desk.patient.folder.appendingPathComponent("alone.pdf"), paper: .a4, overwrite: false,
        by: .unnamed))
  }

  @Test(
    "Names of operators",
    arguments: [
      ("A. Reader", nil), ("Müller-Lüdenscheidt, M.D.", nil), ("山田", nil), ("7", nil),
      (String(repeating: "x", count: 80), nil), ("", "is empty"), ("  ", "is empty"),
      (String(repeating: "x", count: 81), "is longer than 80 characters"),
      ("a\nb", "holds characters that cannot be printed"), ("a\u{202E}b", "holds characters that cannot be printed"),
      ("a\u{0}", "holds characters that cannot be printed"), ("a\u{2028}b", "holds characters that cannot be printed"),
    ] as [(String, String?)]) func operators(name: String, problem: String?)
  { #expect(Attribution.problem(ofOperator: name) == problem) }

  @Test func foreignFilesAreNamedWhereTheyLie() throws {
    let desk = try Desk()
    func faults() throws -> [String] { try AuditCheck(output: desk.root).faults.map(\.description) }
    let anat = desk.url("sub-t/anat")
    try Data("x".utf8).write(to: anat.appendingPathComponent("notes.txt"))
    #expect(try faults() == ["sub-t: foreign file: sub-t/anat/notes.txt is in no record"])
    try FileManager.default.removeItem(at: anat.appendingPathComponent("notes.txt"))
    // What file managers leave is nobody's file.
    for name in [".DS_Store", "._sub-t", "Thumbs.db"] {
      try Data("x".utf8).write(to: anat.appendingPathComponent(name))
    }
    #expect(try faults().isEmpty)
    // A link is named and not followed.
    try FileManager.default.createSymbolicLink(
      at: desk.url("sub-t/more"), withDestinationURL: URL(fileURLWithPath: "/usr"))
    #expect(try faults() == ["sub-t: foreign file: sub-t/more is in no record"])
    try FileManager.default.removeItem(at: desk.url("sub-t/more"))
    // A patient who is in no trail at all.
    try FileManager.default.createDirectory(at: desk.url("sub-x/anat"), withIntermediateDirectories: true)
    for index in 0..<25 { try Data("x".utf8).write(to: desk.url("sub-x/anat/\(index).nii.gz")) }
    #expect(try faults().count == 21 && faults().last == "sub-x: foreign file: 5 further files")
    try FileManager.default.removeItem(at: desk.url("sub-x"))
    // Beside the patients it is a word and no fault: readers save pages there.
    for name in ["README", "sub-t_saved.html", "audit/notes"] { try Data("x".utf8).write(to: desk.url(name)) }
    let check = try AuditCheck(output: desk.root)
    #expect(check.faults.isEmpty && check.notes == ["cohort: in no record: README, sub-t_saved.html, audit/notes"])
  }

  @Test func theDescriptionOfTheDataSetIsCheckedAndWrittenAgain() throws {
    let desk = try Desk()
    let url = desk.url("dataset_description.json")
    for damaged: Data? in [Data("{}".utf8), nil] {
      if let damaged { try damaged.write(to: url) } else { try FileManager.default.removeItem(at: url) }
      let faults = try AuditCheck(output: desk.root).faults
      #expect(faults.map(\.kind) == [.alteredTable] && faults[0].remedy == .gather)
      _ = try CohortRun.gather(output: desk.root)
      #expect(try AuditCheck(output: desk.root).faults.isEmpty)
    }
    // That of an older version is not altered, where the trail says that this version was here.
    try Data(DatasetDescription(version: "0.0.9").bytes).write(to: url)
    #expect(try AuditCheck(output: desk.root).faults.map(\.kind) == [.alteredTable])
    try desk.log.append(event: "noted", details: ["software": ["version": "0.0.9"]])
    _ = try CohortFiles.write(to: desk.root, templates: .locate())
    #expect(try AuditCheck(output: desk.root).faults.isEmpty)
  }
}
