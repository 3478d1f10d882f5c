import Digests
import Files
public import Foundation

/// Heads of trails that were kept away from them.
///
/// As a file: one line a trail, its name, a tab and its head, below the words `trail` and `head`. A copy of
/// `cohort.tsv` does as well.
public struct KeptHeads: Sendable, Equatable {
  /// By name of the trail.
  public let heads: [String: String]

  private static let header = "trail\thead"

  public init(_ heads: [String: String]) { self.heads = heads }

  /// - Throws: ``AuditError/unreadable(file:reason:)``, ``AuditError/heads(file:found:)``.
  public init(file url: URL) throws(AuditError) {
    let lines = try Self.lines(url)
    guard let header = lines.first, let columns = Self.columns(header) else {
      throw .heads(file: url.path, found: "no line that names the columns")
    }
    var heads: [String: String] = [:]
    for (index, fields) in lines.enumerated().dropFirst() {
      func wrong(_ what: String) -> AuditError { .heads(file: url.path, found: "line \(index + 1) \(what)") }
      guard fields.count == header.count else { throw wrong("has \(fields.count) columns, not \(header.count)") }
      let session = columns.session.map { fields[$0] } ?? "n/a"
      let name = session == "n/a" ? fields[columns.name] : "\(fields[columns.name])_\(session)"
      let head = fields[columns.head]
      guard Digest.isSHA256(head) else { throw wrong("has no head of 64 hexadecimal digits") }
      guard heads.updateValue(head, forKey: name) == nil else { throw wrong("names \(name) a second time") }
    }
    self.heads = heads
  }

  private static func lines(_ url: URL) throws(AuditError) -> [[String]] {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try SmallFile.read(url, .record) } catch {
      throw .unreadable(file: url.path, reason: error.reason)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else { throw .heads(file: url.path, found: "is no text") }
    return text.split(whereSeparator: \.isNewline).map {
      $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private static func columns(_ header: [String]) -> (name: Int, session: Int?, head: Int)? {
    if header.joined(separator: "\t") == Self.header { return (0, nil, 1) }
    guard let name = header.firstIndex(of: "participant_id"), let session = header.firstIndex(of: "session_id"),
      let head = header.firstIndex(of: "audit_head")
    else { return nil }
    return (name, session, head)
  }

  /// The file, in order of name.
  public var text: String {
    ([Self.header] + heads.keys.sorted().map { "\($0)\t\(heads[$0] ?? "")" }).joined(separator: "\n") + "\n"
  }
}
