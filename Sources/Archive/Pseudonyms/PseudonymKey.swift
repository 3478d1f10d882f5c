import AuditTrail
import Digests
import Files
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

  /// - Throws: ``Fault`` for a key that is not there, that others may read, or that is too weak to be secret.
  public init(file url: URL) throws {
    let key: [UInt8]
    do { key = try SmallFile.read(url, .description) } catch FileError.missing {
      throw Fault(
        .input, url.path, found: "no such key", remedy: .plain("\(Self.making(url)) and keep it outside what you share")
      )
    } catch { throw Fault(error, .input, role: "key") }
    if let weakness = KeyStrength.weakness(of: key) {
      throw Fault(
        .input, url.path, found: "the key \(weakness)",
        expected:
          "\(Self.minimumByteCount) or more random bytes, or \(KeyStrength.fewestCharacters) or more characters",
        remedy: .plain(Self.making(url)))
    }
    let mode = (try FileManager.default.attributesOfItem(atPath: url.path)[.posixPermissions] as? Int) ?? 0
    // A link says nothing of who may read what it leads to.
    let target = url.resolvingSymlinksInPath()
    let behind = (try FileManager.default.attributesOfItem(atPath: target.path)[.posixPermissions] as? Int) ?? mode
    guard behind & 0o077 == 0 else {
      throw Fault(
        .input, url.path, found: "the key can be read or changed by others (mode 0\(String(behind & 0o777, radix: 8)))",
        expected: "a key that only its owner can read",
        remedy: .plain("'chmod 600 \(url.path)', or another key if anybody may have read it"))
    }
    self.url = url
    digest = KeyedDigest(key: Data(key))
  }

  private static func making(_ url: URL) -> String {
    "make one with '(umask 077; head -c 32 /dev/urandom > \(url.path))'"
  }

  /// 64 hexadecimal digits that stand for an identifier of some kind, such as a UID.
  package func digest(of identifier: String, kind: String) -> String {
    digest.hexadecimal(utf8: "\(kind)\u{0}\(identifier)")
  }

  /// `sub-` and ten hexadecimal digits.
  package func label(_ label: String) -> String { "sub-\(digest.hexadecimal(utf8: label).prefix(10))" }

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
    let standing = String(decoding: (try? SmallFile.read(url, .record)) ?? [], as: UTF8.self)
    let earlier = standing.split(separator: "\n").map(String.init)
    guard earlier.isEmpty || earlier[0] == header else {
      throw Fault(
        .output, url.path, found: "is no map of pseudonyms and is not replaced", remedy: .plain("move it away"))
    }
    let all = Set(earlier.dropFirst()).union(lines.map(\.text)).sorted()
    let text = ([header] + all).joined(separator: "\n") + "\n"
    guard text != standing else { return }
    do { try DurableFile.write(Array(text.utf8), to: url, mode: 0o600) } catch {
      throw Fault.unwritable(url, error, .plain("put the key into a folder of your own"))
    }
  }
}
