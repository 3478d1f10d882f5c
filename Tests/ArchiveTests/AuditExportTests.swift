import Digests
import Foundation
import Results
import Testing

@testable import Archive
@testable import AuditTrail

/// What becomes of each kind of record; the documents as wholes are read back in tools/audit.
@Suite struct AuditExportTests {
  private let root = FileManager.default.temporaryDirectory.appendingPathComponent("export-\(UUID().uuidString)")

  private func log(_ name: String) -> AuditLog { AuditLog(url: OutputLayout.auditTrail(of: name, in: root)) }
  private func sha(_ text: String) -> AuditValue { .string(Digest.sha256(utf8: text)) }

  private func graph() throws -> [JSONValue] {
    let text = try AuditExport.document(of: root, as: .roCrate)
    return try JSONParser.parse(text)["@graph"]?.arrayValue ?? []
  }

  private func actions() throws -> [JSONValue] {
    try graph().filter { $0["@type"]?.stringValue?.hasSuffix("Action") == true }.sorted {
      ($0["startTime"] ?? $0["endTime"])?.stringValue ?? "" < ($1["startTime"] ?? $1["endTime"])?.stringValue ?? ""
    }
  }

  private func events() throws -> [JSONValue] {
    let text = try AuditExport.document(of: root, as: .fhir)
    return try JSONParser.parse(text)["entry"]?.arrayValue?.compactMap { $0["resource"] } ?? []
  }

  private func time(_ minute: Int) -> Date { Date(timeIntervalSince1970: 1e9 + 60 * Double(minute)) }

  @Test func runsThatFailedAreFailedActionsWithoutFolders() throws {
    let inputs: AuditValue = [["file": "/ward/Meier/flair.nii", "role": "FLAIR", "sha256": sha("f")]]
    let log = log("sub-01")
    // Killed, failed, interrupted, skipped, and still at work.
    try log.append(event: "started", details: ["inputs": inputs, "operator": "A"], time: time(0))
    try log.append(event: "started", details: ["inputs": inputs], time: time(1))
    try log.append(event: "failed", details: ["files": ["/ward/Meier/flair.nii"], "reason": "no brain"], time: time(2))
    try log.append(event: "started", details: ["inputs": inputs], time: time(3))
    try log.append(event: "interrupted", details: [:], time: time(4))
    try log.append(event: "failed", details: ["reason": "no FLAIR", "skipped": true], time: time(5))
    try log.append(event: "started", details: ["inputs": inputs], time: time(6))
    let actions = try actions()
    #expect(
      actions.map { $0["error"]?.stringValue } == [
        "not finished", "no brain", "interrupted", "no FLAIR", "not finished",
      ])
    #expect(actions.allSatisfy { $0["actionStatus"] == ["@id": "http://schema.org/FailedActionStatus"] })
    #expect(actions.map { $0["startTime"] == nil } == [false, false, false, true, false])
    #expect(actions.map { $0["endTime"] == nil } == [true, false, false, false, true])
    #expect(actions.map { $0["agent"] == nil } == [false, true, true, true, true])
    #expect(actions.allSatisfy { $0["@type"] == "ActivateAction" }, "nothing was made")
    #expect(try events().map { $0["outcome"]?.stringValue } == ["0", "0", "8", "0", "4", "4", "0"])
    #expect(try events()[2]["outcomeDesc"] == "no brain")
    for format in AuditExport.Format.allCases {
      let text = try AuditExport.document(of: root, as: format)
      #expect(!text.contains("/ward") && !text.contains("Meier"))
    }
  }

  @Test func filesAreNamedByPlaceWhereTheyLieAndByDigestElsewhere() throws {
    func file(_ path: String, _ content: String) -> AuditValue {
      ["bytes": 3, "file": .string(path), "sha256": sha(content)]
    }
    let log = log("sub-01")
    let results = "sub-01/anat/sub-01 x#1_desc-lesionqc_results.json"
    try log.append(event: "started", details: [:], time: time(0))
    try log.append(
      event: "finished",
      details: [
        "inputs": [["file": "/a/flair.nii", "role": "FLAIR", "sha256": sha("f")]],
        "outputs": [file(results, "r"), file("sub-01.html", "page")], "reportId": sha("r"),
        "settings": ["samples": 50, "noise": 0.05, "layer": .null],
      ], time: time(1))
    try log.append(
      event: "rendered", details: ["outputs": [file("sub-01.html", "page 2")], "reportId": sha("r")], time: time(2))
    let actions = try actions()
    #expect(actions.map { $0["@type"]?.stringValue } == ["CreateAction", "UpdateAction"])
    // Python: "ni:///sha-256;" + base64.urlsafe_b64encode(hashlib.sha256(b"page").digest()).decode().rstrip("=")
    let replaced = "ni:///sha-256;NmAxWprz3yVdjxmrB35Hl4IrQUiKDioEvGr3EhPCMnQ"
    let place = "sub-01/anat/sub-01%20x%231_desc-lesionqc_results.json"
    #expect(actions[0]["result"] == [["@id": .string(place)], ["@id": .string(replaced)]])
    #expect(actions[1]["result"] == [["@id": "sub-01.html"]])
    // The results that the page was drawn of are the file that lies there.
    #expect(actions[1]["object"] == [["@id": .string(place)]])
    #expect(actions[0]["description"] == "noise 0.05, samples 50")
    let graph = try graph()
    let names = graph.filter { $0["@type"] == "File" }.compactMap { $0["name"]?.stringValue }
    #expect(Set(names) == ["FLAIR of sub-01", "sub-01.html, replaced since", "sub-01.html", results])
    let ids = graph.compactMap { $0["@id"]?.stringValue }
    #expect(Set(ids).count == ids.count)
  }

  @Test func whatIsDoneWithAllPatientsIsAnActionToo() throws {
    try log("cohort").append(
      event: "evaluated",
      details: [
        "inputs": [["patient": "sub-01", "reference": sha("a"), "results": sha("b")]], "operator": "A",
        "options": ["participantLabel": ["sub-01"]],
        "outputs": [["bytes": 3, "file": "evaluation/evaluation.md", "sha256": sha("e")]],
        "outputsElsewhere": [["bytes": 3, "file": "other.md", "sha256": sha("o")]],
      ], time: time(0))
    let action = try #require(try actions().first)
    #expect(action["name"] == "Compare with reference segmentations: all patients")
    #expect(action["result"]?.arrayValue?.count == 2 && action["object"]?.arrayValue?.count == 3)
    let event = try #require(try events().first)
    #expect(event["entity"]?.arrayValue?.contains { $0["name"] == "results of sub-01" } == true)
    #expect(event["entity"]?.arrayValue?.contains { $0["role"]?["code"] == "1" } == false, "no patient")
  }

  @Test func verdictsAreExportedWithTheirReaderAndTime() throws {
    let study: AuditValue = [
      "comment": "motion", "grade": 2, "marks": [], "reader": "R1", "reportId": sha("r"),
      "savedAt": "2026-11-28T10:00:00Z", "time": "2026-11-28T09:38:02Z", "verdict": "needsCorrection",
    ]
    let log = log("sub-01")
    try log.append(event: "study", details: study, time: time(0))
    try log.append(event: "reviewed", details: ["operator": "A", "readers": ["R1"]], time: time(1))
    let actions = try actions()
    #expect(actions.count == 1, "a verdict is a part of the review that applied it")
    #expect(
      actions[0]["description"]?.stringValue?.hasSuffix(
        "R1: verdict needsCorrection, grade 2, comment motion, statedAt 2026-11-28T09:38:02Z") == true)
    let event = try #require(try events().first)
    #expect(event["subtype"]?.arrayValue?.first?["code"] == "attest")
    #expect(event["agent"]?.arrayValue?.first?["who"]?["display"] == "R1")
    let details = event["entity"]?.arrayValue?.flatMap { $0["detail"]?.arrayValue ?? [] } ?? []
    for (type, value) in [("verdict", "needsCorrection"), ("grade", "2"), ("comment", "motion")] {
      #expect(details.contains { $0["type"]?.stringValue == type && $0["valueString"]?.stringValue == value })
    }
  }

  @Test func whatCannotBeTrustedIsNotExported() throws {
    #expect { try AuditExport.document(of: root, as: .fhir) } throws: { "\($0)".contains("no audit trail") }
    let log = log("sub-01")
    try log.append(event: "started", details: [:])
    try (Data(contentsOf: log.url) + Data("x".utf8)).write(to: log.url)
    for format in AuditExport.Format.allCases {
      #expect { try AuditExport.document(of: root, as: format) } throws: { "\($0)".contains("not intact") }
    }
    #expect(throws: AuditError.self) { try KeptHeads(of: root) }
  }
}
