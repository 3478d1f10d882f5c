import Digests
import Foundation
import Testing

@testable import AuditTrail

/// A trail of `count` records in a folder of its own.
private func makeTrail(_ count: Int) throws -> AuditLog {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("audit-\(UUID().uuidString)")
  let log = AuditLog(url: folder.appendingPathComponent("sub-01.jsonl"))
  for index in 0..<count {
    try log.append(event: "event", details: ["index": .integer(index), "seed": .unsigned(.max), "σ": 0.05])
  }
  return log
}

private func lines(_ log: AuditLog) throws -> [String] {
  try String(contentsOf: log.url, encoding: .utf8).split(separator: "\n").map(String.init)
}

private func write(_ lines: [String], _ log: AuditLog) throws {
  try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: log.url)
}

@Test func digestMatchesFIPSExample() {
  // FIPS 180-4 example: SHA-256("abc").
  #expect(Digest.sha256(utf8: "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
}

@Test func intactTrailHasNoFinding() throws {
  let log = try makeTrail(4)
  let chain = try AuditVerification.chain(of: log.url, expectedHead: try log.head())
  #expect(chain.findings.isEmpty)
  #expect(chain.records.map(\.sequence) == [0, 1, 2, 3])
  #expect(chain.records[0].previousHash == AuditRecord.origin)
  #expect(chain.records[3].details["seed"] == .unsigned(.max))
}

@Test func alteredRecordIsNamed() throws {
  let log = try makeTrail(4)
  var all = try lines(log)
  all[1] = all[1].replacingOccurrences(of: "\"index\":1", with: "\"index\":9")
  try write(all, log)
  #expect(try AuditVerification.chain(of: log.url).findings == [.altered(line: 2)])
}

@Test func alteredLastRecordIsNamed() throws {
  let log = try makeTrail(3)
  var all = try lines(log)
  all[2] = all[2].replacingOccurrences(of: "\"index\":2", with: "\"index\": 2")
  try write(all, log)
  #expect(try AuditVerification.chain(of: log.url).findings == [.altered(line: 3)])
}

@Test(arguments: [0, 1, 2]) func missingRecordIsNamed(_ index: Int) throws {
  let log = try makeTrail(4)
  var all = try lines(log)
  all.remove(at: index)
  try write(all, log)
  #expect(try AuditVerification.chain(of: log.url).findings == [.missing(beforeLine: index + 1, count: 1)])
}

@Test func insertedRecordIsNamedWhetherForgedOrCopied() throws {
  let log = try makeTrail(4)
  let all = try lines(log)
  let forged = AuditRecord.line(
    .init(
      sequence: 2, time: "2026-01-01T00:00:00Z", event: "event",
      previousHash: try AuditVerification.chain(of: log.url).records[1].hash, trail: "sub-01", details: ["index": 7]),
    signingKey: nil)
  try write(Array(all[..<2]) + [String(decoding: forged, as: UTF8.self)] + Array(all[2...]), log)
  // The forger linked the record to the one before it; the record after it still names that one.
  #expect(try AuditVerification.chain(of: log.url).findings == [.inserted(line: 3)])
  try write(Array(all[..<2]) + [all[0]] + Array(all[2...]), log)
  #expect(try AuditVerification.chain(of: log.url).findings == [.inserted(line: 3)])
  try write(Array(all[..<2]) + ["{\"note\":1}"] + Array(all[2...]), log)
  #expect(try AuditVerification.chain(of: log.url).findings == [.inserted(line: 3)])
}

@Test func cutTailIsSeenByTheNotedHead() throws {
  let log = try makeTrail(3)
  let head = try log.head()
  try write(Array(try lines(log).dropLast()), log)
  #expect(try AuditVerification.chain(of: log.url).findings.isEmpty)
  let findings = try AuditVerification.chain(of: log.url, expectedHead: head).findings
  guard case .headDiffers = try #require(findings.first) else {
    Issue.record("wrong finding")
    return
  }
}

@Test func recordsAfterTheNotedHeadAreNoFault() throws {
  let log = try makeTrail(2)
  let head = try log.head()
  try log.append(event: "interrupted", details: [:])
  #expect(try AuditVerification.chain(of: log.url, expectedHead: head).findings.isEmpty)
}

@Test func tornLastLineIsRemovedAndSaid() throws {
  let log = try makeTrail(2)
  let handle = try FileHandle(forWritingTo: log.url)
  try handle.seekToEnd()
  try handle.write(contentsOf: Data("{\"hash\":\"12".utf8))
  try handle.close()
  #expect(try AuditVerification.chain(of: log.url).tornByteCount == 11)
  let record = try log.append(event: "started", details: [:])
  #expect(record.details["removedTornBytes"] == 11)
  let chain = try AuditVerification.chain(of: log.url)
  #expect(chain.findings.isEmpty && chain.records.count == 3 && chain.tornByteCount == 0)
}

@Test func nothingIsAppendedToABrokenTrail() throws {
  let log = try makeTrail(3)
  var all = try lines(log)
  all.remove(at: 0)
  try write(all, log)
  let before = try Data(contentsOf: log.url)
  #expect(throws: AuditError.self) { try log.append(event: "started", details: [:]) }
  #expect(try Data(contentsOf: log.url) == before)
}

@Test func concurrentWritersKeepOneChain() async throws {
  let log = try makeTrail(0)
  try await withThrowingTaskGroup(of: Void.self) { group in
    for index in 0..<20 { group.addTask { try log.append(event: "event", details: ["index": .integer(index)]) } }
    try await group.waitForAll()
  }
  let chain = try AuditVerification.chain(of: log.url)
  #expect(chain.findings.isEmpty)
  #expect(chain.records.count == 20)
}

@Test func severalRecordsOfOneMomentContinueTheChain() throws {
  let log = try makeTrail(1)
  let records = try log.append([
    ("decision", ["finding": "L001"]), ("decision", ["finding": "L002"]), ("reviewed", [:]),
  ])
  #expect(records.map(\.sequence) == [1, 2, 3])
  let chain = try AuditVerification.chain(of: log.url, expectedHead: records[2].hash)
  #expect(chain.findings.isEmpty && chain.records.suffix(3) == records[...])
  #expect(try log.append([]).isEmpty)
  // A torn tail is removed once, by the first record.
  let handle = try FileHandle(forWritingTo: log.url)
  try handle.seekToEnd()
  try handle.write(contentsOf: Data("{\"hash\":".utf8))
  try handle.close()
  let next = try log.append([("decision", ["finding": "L003"]), ("reviewed", [:])])
  #expect(next[0].details["removedTornBytes"] == .integer(8) && next[1].details["removedTornBytes"] == nil)
  #expect(try AuditVerification.chain(of: log.url).findings.isEmpty)
}

@Test func keyedDigestMatchesRFC4231() {
  // RFC 4231, test cases 2 and 6 (a key longer than a block).
  #expect(
    KeyedDigest(key: Data("Jefe".utf8)).hexadecimal(utf8: "what do ya want for nothing?")
      == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
  #expect(
    KeyedDigest(key: Data(repeating: 0xaa, count: 131)).hexadecimal(
      utf8: "Test Using Larger Than Block-Size Key - Hash Key First")
      == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
}
