import Digests
import Foundation

/// One line of an audit trail: what happened, when, and the digest of the record before it.
///
/// On disk a record is one line of JSON that starts with its own digest,
/// `{"hash":"<64 digits>",` followed by the rest of the object. The digest is SHA-256 over the bytes of that rest, so
/// that it can be recomputed with any tool, and every byte of the record counts, white space included.
public struct AuditRecord: Sendable, Equatable {
  /// 0 for the first record of a trail.
  public let sequence: Int
  /// UTC, ISO 8601 with seconds: `2026-11-23T10:00:00Z`.
  public let time: String
  /// What happened, for example `started`, `finished`, `failed`, `interrupted`.
  public let event: String
  /// Digest of the record before, or ``origin`` for the first.
  public let previousHash: String
  public let details: AuditValue
  /// Digest of this record's content.
  public let hash: String

  /// The `previousHash` of a first record: 64 zeros.
  public static let origin = String(repeating: "0", count: 64)

  struct Content: Codable {
    let details: AuditValue
    let event: String
    let previousHash: String
    let schemaVersion: Int
    let sequence: Int
    let time: String
  }

  static let schemaVersion = 1
  private static let prefix = Array("{\"hash\":\"".utf8)
  private static let separator = Array("\",".utf8)
  private static let bodyOffset = prefix.count + 64 + separator.count

  /// Makes a record and the line that holds it, without the line's end.
  static func compose(sequence: Int, time: String, event: String, previousHash: String, details: AuditValue) throws -> (
    record: AuditRecord, line: [UInt8]
  ) {
    let content = Content(
      details: details, event: event, previousHash: previousHash, schemaVersion: schemaVersion, sequence: sequence,
      time: time)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let rest = Array(try encoder.encode(content).dropFirst())
    let hash = Digest.sha256(rest)
    let record = AuditRecord(
      sequence: sequence, time: time, event: event, previousHash: previousHash, details: details, hash: hash)
    return (record, prefix + Array(hash.utf8) + separator + rest)
  }

  /// What a line of a trail turned out to be.
  enum Reading {
    case intact(AuditRecord)
    /// The content does not match the digest in the line.
    case altered
    /// Not a record at all.
    case unreadable
  }

  static func read(line: some Collection<UInt8>) -> Reading {
    let bytes = Array(line)
    guard bytes.count > bodyOffset, bytes.starts(with: prefix),
      Array(bytes[(prefix.count + 64)..<bodyOffset]) == separator
    else { return .unreadable }
    let stated = String(decoding: bytes[prefix.count..<(prefix.count + 64)], as: UTF8.self)
    let rest = bytes[bodyOffset...]
    guard Digest.sha256(rest) == stated else { return .altered }
    guard let content = try? JSONDecoder().decode(Content.self, from: Data([UInt8(ascii: "{")] + rest)) else {
      return .unreadable
    }
    return .intact(
      AuditRecord(
        sequence: content.sequence, time: content.time, event: content.event, previousHash: content.previousHash,
        details: content.details, hash: stated))
  }
}
