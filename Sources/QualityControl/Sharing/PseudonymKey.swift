import AuditTrail
import Digests
public import Foundation

/// Turns identifiers into pseudonyms that are the same whenever the same key is used and say nothing without it.
///
/// A pseudonym is the start of HMAC-SHA256 (RFC 2104) of the identifier. Who holds the key can find the identifier again; the map is
/// written beside the key, never into the shared folder.
public struct PseudonymKey: Sendable {
  /// Bytes that a key has at least; 32 random ones are recommended.
  static let minimumByteCount = 16

  let url: URL
  private let digest: KeyedDigest

  /// - Throws: ``QualityControlError/badInput(_:)`` for a key that is not there or too short to be secret.
  public init(file url: URL) throws {
    guard let key = try? Data(contentsOf: url) else {
      throw QualityControlError.badInput(
        "\(url.path): no such key; make one with 'head -c 32 /dev/urandom > \(url.path)' and keep it outside what you share"
      )
    }
    guard key.count >= Self.minimumByteCount else {
      throw QualityControlError.badInput(
        "\(url.path): the key has \(key.count) bytes, expected \(Self.minimumByteCount) or more; "
          + "make one with 'head -c 32 /dev/urandom > \(url.path)'")
    }
    self.url = url
    digest = KeyedDigest(key: key)
  }

  /// `sub-` and ten hexadecimal digits.
  func label(_ label: String) -> String { "sub-\(digest.hexadecimal(utf8: label).prefix(10))" }

  /// `ses-` and six hexadecimal digits: a session's name can be a date, and is another one for every patient.
  func session(_ session: String, of label: String) -> String {
    "ses-\(digest.hexadecimal(utf8: "\(label)_\(session)").prefix(6))"
  }

  /// Which pseudonym stands for whom: beside the key.
  var mapFile: URL { url.appendingPathExtension("map.tsv") }
}
