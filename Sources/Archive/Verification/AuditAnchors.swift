public import AuditTrail
public import Digests
public import Foundation
import Results

/// What was kept away from an output folder, to hold its trails against: without any of it, a trail that was computed
/// anew as a whole cannot be told from the one that was.
public struct AuditAnchors: Sendable {
  /// Heads, by the name of their trail.
  public var named: KeptHeads
  /// Heads whose trail is not known; each has to be a record of some trail.
  public var heads: [String]
  /// Every record has to be signed with one of these; nil: signatures need not be there.
  public var publicKeys: Set<PublicKey>?

  public static let none = AuditAnchors()

  public init(named: KeptHeads = KeptHeads([:]), heads: [String] = [], publicKeys: Set<PublicKey>? = nil) {
    self.named = named
    self.heads = heads
    self.publicKeys = publicKeys
  }

  /// What a trail was found to be held by.
  public enum Hold: Sendable, Equatable, CustomStringConvertible {
    /// A kept head is among its records, which more may follow.
    case keptHead(recordsAfter: Int)
    case signed(by: [PublicKey])

    public var description: String {
      switch self {
      case .keptHead(0): "ends with the kept head"
      case .keptHead(let count): "holds the kept head, \(count) record\(count == 1 ? "" : "s") after it"
      case .signed(let keys): "every record signed with \(keys.map(\.description).joined(separator: " or "))"
      }
    }
  }

  /// What holds an intact trail.
  func holds(_ name: String, _ records: [AuditRecord]) -> [Hold] {
    var holds: [Hold] = []
    let kept = Set(heads + [named.heads[name]].compactMap { $0 })
    if let last = records.lastIndex(where: { kept.contains($0.hash) }) {
      holds.append(.keptHead(recordsAfter: records.count - 1 - last))
    }
    if publicKeys != nil, !records.isEmpty {
      holds.append(.signed(by: Set(records.compactMap(\.publicKey)).sorted { $0.hexadecimal < $1.hexadecimal }))
    }
    return holds
  }
}

extension KeptHeads {
  /// The heads of an output folder as they are now, to be kept elsewhere.
  ///
  /// - Throws: ``Fault`` for a folder without trails, `AuditError` for a trail that is not intact.
  public init(of root: URL) throws {
    let names = OutputLayout.trailNames(in: root)
    guard !names.isEmpty else { throw OutputLayout.withoutTrails(root) }
    var heads: [String: String] = [:]
    for name in names {
      let records = try AuditLog(url: OutputLayout.auditTrail(of: name, in: root)).records()
      heads[name] = records.last?.hash
    }
    self.init(heads)
  }
}
