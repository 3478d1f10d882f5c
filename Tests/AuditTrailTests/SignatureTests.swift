import Digests
import Foundation
import Testing

@testable import AuditTrail

@Suite struct SignatureTests {
  private let url: URL
  private let key = SigningKey.random()
  private let other = SigningKey.random()

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("signed-\(UUID().uuidString)/sub-01.jsonl")
    let log = AuditLog(url: url, signingKey: key)
    for index in 0..<3 { try log.append(event: "event", details: ["index": .integer(index)]) }
  }

  private func lines() throws -> [String] {
    try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
  }

  private func write(_ lines: [String]) throws { try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: url) }

  private func findings(_ trusted: Set<PublicKey>?) throws -> [ChainFinding] {
    try AuditVerification.chain(of: url, trusted: trusted).findings
  }

  @Test func signedRecordsHoldUnderTheirKeyAlone() throws {
    #expect(try findings(nil).isEmpty && findings([key.publicKey]).isEmpty)
    #expect(try findings([other.publicKey, key.publicKey]).isEmpty)
    let foreign = (1...3).map { ChainFinding.foreignSignature(line: $0, key: key.publicKey) }
    #expect(try findings([other.publicKey]) == foreign)
    #expect(try AuditLog(url: url).records().allSatisfy { $0.publicKey == key.publicKey })
    // The line is JSON as a whole, and signed are the bytes that the digest is of.
    let line = try lines()[1]
    let rest = Array(line.utf8.dropFirst(218))
    #expect(Digest.sha256(rest) == line.dropFirst(9).prefix(64))
    let signature = try #require(Digest.bytes(hexadecimal: line.dropFirst(88).prefix(128)))
    #expect(key.publicKey.verifies(signature, of: rest))
    #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
  }

  @Test func unsignedRecordsAreAFaultOnlyWhereAKeyIsAskedFor() throws {
    try AuditLog(url: url).append(event: "event", details: [:])
    let chain = try AuditVerification.chain(of: url)
    #expect(chain.findings.isEmpty && chain.notes == [.unsignedAfterSigned(line: 4)])
    #expect(try findings([key.publicKey]) == [.unsigned(line: 4)])
    try AuditLog(url: url, signingKey: other).append(event: "event", details: [:])
    #expect(try findings([key.publicKey]) == [.unsigned(line: 4), .foreignSignature(line: 5, key: other.publicKey)])
  }

  @Test("What is done to a signature is seen without any key") func damage() throws {
    let original = try lines()
    func damaged(_ edit: (String) -> String) throws -> [ChainFinding] {
      var all = original
      all[1] = edit(all[1])
      try write(all)
      return try findings(nil)
    }
    let line = original[1]
    let signature = String(line.dropFirst(88).prefix(128))
    let flipped = (signature.first == "0" ? "1" : "0") + signature.dropFirst()
    #expect(try damaged { $0.replacing(signature, with: flipped) } == [.badSignature(line: 2)])
    #expect(try damaged { $0.replacing("\"signature\":\"\(signature)\",", with: "") } == [.badSignature(line: 2)])
    let of3 = String(original[2].dropFirst(88).prefix(128))
    #expect(try damaged { $0.replacing(signature, with: of3) } == [.badSignature(line: 2)])
    #expect(try damaged { $0.replacing(signature, with: signature.uppercased()) } == [.badSignature(line: 2)])
    #expect(try damaged { $0.replacing(signature, with: signature.dropLast()) } == [.altered(line: 2)])
    #expect(try damaged { $0.replacing("\"index\":1", with: "\"index\":2") } == [.altered(line: 2)])
    #expect(throws: AuditError.self) { try AuditLog(url: url, signingKey: key).append(event: "event", details: [:]) }
  }

  /// The record names no key, and a signature stands before it all the same.
  @Test func aSignatureThatNoRecordAskedForIsNamed() throws {
    let unsigned = AuditLog(url: url.deletingLastPathComponent().appendingPathComponent("sub-02.jsonl"))
    try unsigned.append(event: "event", details: [:])
    let line = try Data(contentsOf: unsigned.url)
    let signature = Data("\"signature\":\"\(String(repeating: "0", count: 128))\",".utf8)
    try (line.prefix(75) + signature + line.dropFirst(75)).write(to: unsigned.url)
    #expect(try AuditVerification.chain(of: unsigned.url).findings == [.badSignature(line: 1)])
  }

  @Test func headsThatWereKeptAreReadStrictly() throws {
    let (a, b) = (Digest.sha256(utf8: "a"), Digest.sha256(utf8: "b"))
    let folder = url.deletingLastPathComponent()
    func read(_ text: String) throws -> KeptHeads {
      let file = folder.appendingPathComponent("heads.tsv")
      try Data(text.utf8).write(to: file)
      return try KeptHeads(file: file)
    }
    let heads = KeptHeads(["sub-01": a, "sub-02_ses-1": b])
    #expect(heads.text == "trail\thead\nsub-01\t\(a)\nsub-02_ses-1\t\(b)\n")
    #expect(try read(heads.text) == heads)
    #expect(try read(heads.text.replacing("\n", with: "\r\n")) == heads)
    let table = "participant_id\tsession_id\tvolume\taudit_head\nsub-01\tn/a\t1.5\t\(a)\nsub-02\tses-1\t2\t\(b)\n"
    #expect(try read(table) == heads)
    for (text, found) in [
      ("", "no line that names the columns"), ("sub-01\t\(a)\n", "no line that names the columns"),
      ("trail\thead\nsub-01\t\(a.dropLast())\n", "line 2 has no head"),
      ("trail\thead\nsub-01\t\(a.uppercased())\n", "line 2 has no head"),
      ("trail\thead\nsub-01\n", "line 2 has 1 columns, not 2"),
      ("trail\thead\nsub-01\t\(a)\nsub-01\t\(b)\n", "line 3 names sub-01 a second time"),
    ] {
      #expect(throws: AuditError.self, "\(text)") { try read(text) }
      #expect { try read(text) } throws: { "\($0)".contains(found) }
    }
    #expect { try KeptHeads(file: folder) } throws: { "\($0)".contains(", not a file") }
    #expect { try KeptHeads(file: folder.appendingPathComponent("none")) } throws: { "\($0)".contains("no such file") }
  }
}
