public import Digests
import Foundation
// What is in a record is JSON: who reads a trail sees what that target says.
@_exported public import JSON

/// What a record says of what happened.
public typealias AuditValue = JSONValue

/// One line of an audit trail: what happened, when, and the digest of the record before it.
///
/// On disk a record is one line of JSON that starts with its own digest, `{"hash":"<64 digits>",`, then, where it is
/// signed, `"signature":"<128 digits>",`, then the rest of the object in canonical form. The digest is SHA-256 over the
/// bytes of that rest, and the signature Ed25519 over the same bytes, so that both can be checked with any tool. The
/// rest names the trail, the record before and the key of the signature: none of them can be exchanged.
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
  /// Name of the trail that it was written into, such as `sub-01`; nil in records of version 1, which did not say.
  public let trail: String?
  public let schemaVersion: Int
  /// The key that the record says it is signed with; nil for an unsigned one.
  public let publicKey: PublicKey?

  /// The `previousHash` of a first record: 64 zeros.
  public static let origin = String(repeating: "0", count: 64)
  /// What is written today. Version 1 named no trail, knew no signature and was not canonical.
  public static let currentSchema = 2

  static let prefix = Array("{\"hash\":\"".utf8)
  static let signaturePrefix = Array("\"signature\":\"".utf8)
  static let separator = Array("\",".utf8)
  /// Where the signature begins, or what follows without one.
  static let bodyOffset = prefix.count + 64 + separator.count

  /// What a new record says.
  struct Content {
    var sequence: Int
    var time: String
    var event: String
    var previousHash: String
    var trail: String
    var details: AuditValue
    var schemaVersion = AuditRecord.currentSchema
  }

  /// The line that holds a record, without the line's end.
  static func line(_ content: Content, signingKey: SigningKey?) -> [UInt8] {
    var members: [String: AuditValue] = [
      "details": content.details, "event": .string(content.event), "previousHash": .string(content.previousHash),
      "schemaVersion": .integer(content.schemaVersion), "sequence": .integer(content.sequence),
      "time": .string(content.time), "trail": .string(content.trail),
    ]
    if let signingKey { members["publicKey"] = .string(signingKey.publicKey.hexadecimal) }
    return line(rest: Array(AuditValue(members).canonicalText.utf8.dropFirst()), signingKey: signingKey)
  }

  static func line(rest: [UInt8], signingKey: SigningKey?) -> [UInt8] {
    let signature = signingKey.map { key in
      signaturePrefix + Array(Digest.hexadecimal(key.signature(of: rest)).utf8) + separator
    }
    return prefix + Array(Digest.sha256(rest).utf8) + separator + (signature ?? []) + rest
  }
}
