import AuditTrail
import Digests
public import Foundation
import Results

/// Turns identifiers into pseudonyms that are the same whenever the same key is used and say nothing without it.
///
/// A pseudonym is the start of HMAC-SHA256 (RFC 2104) of the identifier. Who holds the key can find the identifier
/// again; the map is written beside the key, never into the shared folder.
public struct PseudonymKey: Sendable {
  /// Bytes that a key has at least; 32 random ones are recommended.
  static let minimumByteCount = 16

  let url: URL
  private let digest: KeyedDigest

  /// - Throws: ``Fault`` for a key that is not there or too short to be secret.
  public init(file url: URL) throws {
    guard let key = try? Data(contentsOf: url) else {
      throw Fault(
        .input, url.path, found: "no such key", remedy: .plain("\(Self.making(url)) and keep it outside what you share")
      )
    }
    guard key.count >= Self.minimumByteCount else {
      throw Fault(
        .input, url.path, found: "the key has \(key.count) bytes", expected: "\(Self.minimumByteCount) or more",
        remedy: .plain(Self.making(url)))
    }
    self.url = url
    digest = KeyedDigest(key: key)
  }

  private static func making(_ url: URL) -> String { "make one with 'head -c 32 /dev/urandom > \(url.path)'" }

  /// `sub-` and ten hexadecimal digits.
  func label(_ label: String) -> String { "sub-\(digest.hexadecimal(utf8: label).prefix(10))" }

  /// `ses-` and six hexadecimal digits: a session's name can be a date, and is another one for every patient.
  func session(_ session: String, of label: String) -> String {
    "ses-\(digest.hexadecimal(utf8: "\(label)_\(session)").prefix(6))"
  }

  /// Which pseudonym stands for whom: beside the key.
  var mapFile: URL { url.appendingPathExtension("map.tsv") }
}

/// The table beside a key that says which pseudonym stands for whom.
struct PseudonymMap {
  struct Line: Hashable {
    let name: String
    let pseudonym: String
    let reportID: String
    let sharedReportID: String
    var text: String { "\(name)\t\(pseudonym)\t\(reportID)\t\(sharedReportID)" }
  }

  private static let header = "name\tpseudonym\treport_id\tshared_report_id"

  /// Adds lines to the map, which only its owner may read.
  static func add(_ lines: [Line], to url: URL) throws {
    let standing = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
    let earlier = standing.split(separator: "\n").map(String.init)
    guard earlier.isEmpty || earlier[0] == header else {
      throw Fault(
        .output, url.path, found: "is no map of pseudonyms and is not replaced", remedy: .plain("move it away"))
    }
    let all = Set(earlier.dropFirst()).union(lines.map(\.text)).sorted()
    let text = ([header] + all).joined(separator: "\n") + "\n"
    guard text != standing else { return }
    do {
      try Data(text.utf8).write(to: url, options: .atomic)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
    } catch { throw Fault.unwritable(url, error, .plain("put the key into a folder of your own")) }
  }
}
