import Digests
import Foundation
import Testing

@testable import AuditTrail

/// What is wrong inside a record whose digest is right, and around records.
@Suite struct RecordFieldTests {
  private let log: AuditLog

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("fields-\(UUID().uuidString)")
    log = AuditLog(url: folder.appendingPathComponent("sub-01.jsonl"))
    for index in 0..<3 {
      try log.append(event: "event", details: ["index": .integer(index)], time: Date(timeIntervalSince1970: 1e9))
    }
  }

  /// The chain after the text of its second record was changed and every digest from there on computed anew.
  private func chain(_ edit: (String) -> String) throws -> AuditVerification {
    let records = try log.records()
    let lines = try String(contentsOf: log.url, encoding: .utf8).split(separator: "\n").map(String.init)
    var (head, bytes) = (records[0].hash, Array((lines[0] + "\n").utf8))
    for (index, line) in lines.enumerated().dropFirst() {
      var rest = String(line.dropFirst(75)).replacing(records[index].previousHash, with: head)
      if index == 1 { rest = edit(rest) }
      bytes += AuditRecord.line(rest: Array(rest.utf8), signingKey: nil) + [10]
      head = Digest.sha256(utf8: rest)
    }
    try Data(bytes).write(to: log.url)
    return try AuditVerification.chain(of: log.url)
  }

  @Test func aChainThatIsComputedAnewWithoutChangesIsIntact() throws { #expect(try chain { $0 }.findings.isEmpty) }

  @Test(
    "Each field",
    arguments: [
      (#""sequence":1"#, #""sequence":7"#, "record on line 2 is number 7, not 1"),
      (#""sequence":1"#, #""sequence":0"#, "record on line 2 is number 0, not 1"),
      (#""sequence":1"#, #""sequence":9223372036854775807"#, "is number 9223372036854775807, not 1"),
      (#""sequence":1"#, #""sequence":-1"#, #""sequence" is -1, not a whole number"#),
      (#""sequence":1"#, #""sequence":1.0"#, #""sequence" is 1.0, not a whole number"#),
      (#""sequence":1"#, #""sequence":"1""#, #""sequence" is "1", not a whole number"#),
      (#""sequence":1,"#, "", #""sequence" is missing"#),
      (#""schemaVersion":2"#, #""schemaVersion":3"#, "schema version 3 is not known"),
      (#""schemaVersion":2"#, #""schemaVersion":0"#, "schema version 0 is not known"),
      (#""schemaVersion":2"#, #""schemaVersion":1"#, #""trail" is no field"#),
      (#""event":"event""#, #""event":"event","event":"other""#, #"the key "event" stands twice"#),
      (#""index":1"#, #""index":1,"index":2"#, #"the key "index" stands twice"#),
      (#""index":1"#, #""inde\u0078":1,"index":2"#, #"the key "index" stands twice"#),
      (#""event":"event""#, #""event":7"#, #""event" is 7, not a text"#),
      (#""event":"event","#, "", #""event" is missing"#),
      (#"{"index":1}"#, "[1]", #""details" is a list of 1, not an object"#),
      (#"{"index":1}"#, "null", #""details" is null, not an object"#),
      (#""time":""#, #""tame":"x","time":""#, #""tame" is no field of a record"#),
      ("2001-09-09T01:46:40Z", "2001-13-09T01:46:40Z", "is no UTC time"),
      ("2001-09-09T01:46:40Z", "2001-09-09T01:46:40+02:00", "is no UTC time"),
      ("2001-09-09T01:46:40Z", "yesterday", "is no UTC time"),
      (#""trail":"sub-01""#, #""trail":"sub-02""#, "was written into the trail of sub-02"),
      (#","trail":"sub-01""#, "", #""trail" is missing"#),
      (#""event":"event""#, #""event": "event""#, "not in canonical form"),
      (#""event":"event""#, #""event":"e\u0076ent""#, "not in canonical form"),
      (#""index":1"#, #""index":1e0"#, "not in canonical form"), (#""index":1"#, #""index":NaN"#, "not valid JSON"),
      (#""index":1"#, #""index":"# + String(repeating: "[", count: 40), "nested more than 32 levels deep"),
      (#""previousHash":""#, #""publicKey":"12","previousHash":""#, #""publicKey" is "12", not an Ed25519"#),
    ]) func field(old: String, new: String, expected: String) throws
  {
    let chain = try chain { $0.replacing(old, with: new, maxReplacements: 1) }
    #expect(chain.findings.contains { $0.description.contains(expected) }, "\(chain.findings)")
    #expect(chain.findings.allSatisfy { $0.line == 2 }, "\(chain.findings)")
    #expect(throws: AuditError.self) { try log.append(event: "event", details: [:]) }
  }

  @Test func timeThatRunsBackwardsOrAheadIsANote() throws {
    let back = try chain { $0.replacing("2001-09-09T01:46:40Z", with: "2001-09-09T01:46:41Z") }
    #expect(back.findings.isEmpty)
    #expect(back.notes == [.timeRunsBackwards(line: 3, from: "2001-09-09T01:46:41Z", to: "2001-09-09T01:46:40Z")])
    let ahead = try chain { $0.replacing("2001-09-09T01:46:41Z", with: "2901-01-01T00:00:00Z") }
    #expect(ahead.findings.isEmpty && ahead.notes.first == .timeInFuture(line: 2, time: "2901-01-01T00:00:00Z"))
    #expect(throws: Never.self) { try log.append(event: "event", details: [:]) }
  }

  @Test func recordsOfTheFirstVersionStillVerifyAndDoNotComeBack() throws {
    var (head, bytes): (String, [UInt8]) = (AuditRecord.origin, [])
    func add(_ rest: String) {
      bytes += AuditRecord.line(rest: Array(rest.utf8), signingKey: nil) + [10]
      head = Digest.sha256(utf8: rest)
    }
    func first(_ sequence: Int) -> String {
      #""details": {"a":1},"event":"started","previousHash":"\#(head)","schemaVersion":1,"sequence":\#(sequence),"#
        + #""time":"2026-11-23T10:00:00Z"}"#
    }
    add(first(0))
    add(first(1))
    try Data(bytes).write(to: log.url)
    #expect(try AuditVerification.chain(of: log.url).findings.isEmpty)
    let next = try log.append(event: "event", details: [:])
    #expect(next.schemaVersion == 2 && next.sequence == 2)
    #expect(try log.records().map(\.schemaVersion) == [1, 1, 2])
    bytes = [UInt8](try Data(contentsOf: log.url))
    head = next.hash
    add(first(3))
    try Data(bytes).write(to: log.url)
    #expect(
      try AuditVerification.chain(of: log.url).findings == [
        .field(line: 4, problem: "schema version 1 after version 2")
      ])
  }

  @Test(
    "What stands after the last record",
    arguments: [
      ("garbage", false), ("{\"hash\":\"12", true), ("{", true), ("{\"hash\":\"12\u{0}\u{0}", true),
      ("\u{0}\u{0}", true), ("{\"hash\":\"xy", false), ("{\"hosh", false), (" ", false),
      ("\u{FEFF}{\"hash\":\"", false),
      ("{\"hash\":\"" + String(repeating: "a", count: 64) + "\",\"details\":{\"x", true),
      ("{\"hash\":\"" + String(repeating: "a", count: 64) + "\",\"signature\":\"a", true),
      ("{\"hash\":\"" + String(repeating: "a", count: 64) + "\",\"event\":\"", false),
      ("{\"hash\":\"" + String(repeating: "A", count: 64), false), ("{\"hash\":\"12\t", false),
    ]) func tail(text: String, isTorn: Bool) throws
  {
    let whole = try Data(contentsOf: log.url)
    try (whole + Data(text.utf8)).write(to: log.url)
    let chain = try AuditVerification.chain(of: log.url)
    #expect(chain.records.count == 3)
    if isTorn {
      #expect(chain.findings.isEmpty && chain.notes == [.torn(byteCount: text.utf8.count)])
      #expect(try log.append(event: "event", details: [:]).details["removedTornBytes"] == .integer(text.utf8.count))
      #expect(try log.records().count == 4)
    } else {
      #expect(chain.findings == [.garbage(byteCount: text.utf8.count)])
      #expect(throws: AuditError.self) { try log.append(event: "event", details: [:]) }
    }
  }

  @Test("Lines that are no records", arguments: ["\n", "garbage\n", "{}\n", "\r\n", "{\"note\":1}\n", "\u{0}\n"])
  func alienLine(text: String) throws {
    try (Data(contentsOf: log.url) + Data(text.utf8)).write(to: log.url)
    #expect(try AuditVerification.chain(of: log.url).findings == [.unreadable(line: 4)])
  }

  /// The line end alone was lost: the record is whole, and must not be thrown away as torn.
  @Test func aLostLineEndLosesNoRecord() throws {
    let whole = try Data(contentsOf: log.url)
    try whole.dropLast().write(to: log.url)
    let chain = try AuditVerification.chain(of: log.url)
    #expect(chain.records.count == 3 && chain.findings.isEmpty && chain.notes == [.lineEndMissing])
    let next = try log.append(event: "event", details: [:])
    #expect(next.sequence == 3 && next.details["removedTornBytes"] == nil)
    #expect(try Data(contentsOf: log.url).starts(with: whole))
    #expect(try AuditVerification.chain(of: log.url).notes.isEmpty)
  }

  @Test func whatIsNoFileIsRefusedAtOnce() throws {
    let folder = log.url.deletingLastPathComponent()
    let pipe = folder.appendingPathComponent("pipe.jsonl")
    #expect(mkfifo(pipe.path, 0o600) == 0)
    for url in [pipe, folder, URL(fileURLWithPath: "/dev/zero")] {
      #expect { try AuditVerification.chain(of: url) } throws: { "\($0)".contains(", not a file)") }
    }
  }
}
