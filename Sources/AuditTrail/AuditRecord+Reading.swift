import Digests
import Foundation

extension AuditRecord {
  /// What a line of a trail turned out to be.
  enum Reading {
    /// A record whose content is what its digest says.
    ///
    /// `problems` names the fields that are not as they should be.
    case intact(AuditRecord, problems: [String], signature: Signature)
    /// The digest is right and what it covers is no record; the chain goes on from `hash`.
    case malformed(hash: String, reason: String)
    /// The content does not match the digest in the line.
    case altered
    /// Not a record at all.
    case unreadable
  }

  enum Signature {
    case none
    /// By the key that the record names.
    case valid
    /// There is one and it does not hold, or the record names a key and there is none.
    case invalid
  }

  /// A line that is longer was not written by this program: the record of a run with a thousand findings has 200 kB.
  static let longestLine = 16 << 20

  static func read(line: some Collection<UInt8>) -> Reading {
    guard line.count <= longestLine else { return .unreadable }
    let bytes = Array(line)
    guard bytes.count > bodyOffset, bytes.starts(with: prefix),
      Array(bytes[(prefix.count + 64)..<bodyOffset]) == separator
    else { return .unreadable }
    let stated = String(decoding: bytes[prefix.count..<(prefix.count + 64)], as: UTF8.self)
    let (signature, rest) = split(bytes[bodyOffset...])
    guard Digest.sha256(rest) == stated else { return .altered }
    let document: AuditValue
    do { document = try ([UInt8(ascii: "{")] + rest).withUnsafeBytes { try JSONParser.parse($0) } } catch let problem
      as JSONParser.Problem
    { return .malformed(hash: stated, reason: problem.reason) } catch {
      return .malformed(hash: stated, reason: "not JSON")
    }
    var fields = Fields(document)
    let record = AuditRecord(
      sequence: fields.number("sequence"), time: fields.text("time"), event: fields.text("event"),
      previousHash: fields.text("previousHash"), details: fields.details(), hash: stated, trail: fields.trail,
      schemaVersion: fields.version, publicKey: fields.publicKey())
    fields.judge(canonical: Array(document.canonicalText.utf8.dropFirst()) == Array(rest))
    return .intact(record, problems: fields.problems, signature: judge(signature, of: Array(rest), by: record))
  }

  /// The digits of a signature, where the line has any, and what follows.
  private static func split(_ bytes: ArraySlice<UInt8>) -> (signature: ArraySlice<UInt8>?, rest: ArraySlice<UInt8>) {
    let digits = 2 * PublicKey.signatureByteCount
    let start = bytes.startIndex + signaturePrefix.count
    let end = start + digits
    guard bytes.starts(with: signaturePrefix), bytes.endIndex > end + separator.count,
      bytes[end..<(end + separator.count)].elementsEqual(separator)
    else { return (nil, bytes) }
    return (bytes[start..<end], bytes[(end + separator.count)...])
  }

  private static func judge(_ signature: ArraySlice<UInt8>?, of rest: [UInt8], by record: AuditRecord) -> Signature {
    guard let key = record.publicKey else { return signature == nil ? .none : .invalid }
    guard let signature, let bytes = Digest.bytes(hexadecimal: String(decoding: signature, as: UTF8.self)) else {
      return .invalid
    }
    return key.verifies(bytes, of: rest) ? .valid : .invalid
  }
}

/// Takes the fields of a record one by one and notes what is wrong with them.
private struct Fields {
  private(set) var problems: [String] = []
  private(set) var version = 0
  private let document: AuditValue
  private static let known = [
    1: ["details", "event", "previousHash", "schemaVersion", "sequence", "time"],
    2: ["details", "event", "previousHash", "publicKey", "schemaVersion", "sequence", "time", "trail"],
  ]

  init(_ document: AuditValue) {
    self.document = document
    version = number("schemaVersion")
  }

  mutating func number(_ key: String) -> Int {
    if case .integer(let number)? = document[key], number >= 0 { return number }
    wrong(key, "a whole number")
    return -1
  }

  mutating func text(_ key: String) -> String {
    if let text = document[key]?.stringValue { return text }
    wrong(key, "a text")
    return ""
  }

  mutating func details() -> AuditValue {
    if case .object? = document["details"] { return document["details"]! }
    wrong("details", "an object")
    return [:]
  }

  var trail: String? { document["trail"]?.stringValue }

  mutating func publicKey() -> PublicKey? {
    guard let value = document["publicKey"] else { return nil }
    let key = value.stringValue.flatMap { PublicKey(hexadecimal: $0) }
    if key == nil { wrong("publicKey", "an Ed25519 public key") }
    return key
  }

  /// The rules that a field's type does not say.
  mutating func judge(canonical: Bool) {
    guard let known = Self.known[version] else {
      problems.append("schema version \(version) is not known to this version")
      return
    }
    if case .object(let members) = document {
      problems += members.map(\.key).filter { !known.contains($0) }.map {
        "\"\($0.prefix(40))\" is no field of a record"
      }
    }
    if version > 1 {
      if trail == nil { wrong("trail", "a text") }
      if !canonical { problems.append("its fields are not in canonical form") }
    }
    if let time = document["time"]?.stringValue, !AuditTime.isValid(time) {
      problems.append("\"\(time.prefix(40))\" is no UTC time such as 2026-11-23T10:00:00Z")
    }
    if let hash = document["previousHash"]?.stringValue, !Digest.isSHA256(hash) {
      problems.append("\"previousHash\" is no digest")
    }
  }

  private mutating func wrong(_ key: String, _ expected: String) {
    problems.append(document[key].map { "\"\(key)\" is \($0.kind), not \(expected)" } ?? "\"\(key)\" is missing")
  }
}

/// Times of records: UTC with seconds.
enum AuditTime {
  static func text(_ date: Date) -> String { formatter().string(from: date) }

  static func isValid(_ text: String) -> Bool {
    let pattern = Array("0000-00-00T00:00:00Z".utf8)
    let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
    return text.utf8.count == pattern.count
      && zip(text.utf8, pattern).allSatisfy { $1 == UInt8(ascii: "0") ? digits.contains($0) : $0 == $1 }
      && formatter().date(from: text) != nil
  }

  private static func formatter() -> ISO8601DateFormatter {
    let formatter = ISO8601DateFormatter()
    formatter.formatOptions = [.withInternetDateTime]
    return formatter
  }
}
