public import Digests
import Files
public import Foundation

#if canImport(Glibc)
  import Glibc
#endif

/// The append-only, hash-chained record of everything that was done to one patient.
///
/// One file of JSON lines. A record is written with one `write` under an exclusive lock and flushed to the disk before
/// the call returns. Earlier bytes are never changed, with one exception: a last line without its line end is a record
/// that a power cut or `kill -9` tore; it was never acknowledged, is removed by the next append, and that append says
/// so.
///
/// A chain cannot see that its own tail was cut off: keep the head (``append(event:details:time:)`` returns it)
/// elsewhere too.
public struct AuditLog: Sendable {
  public let url: URL
  private let signingKey: SigningKey?

  /// - Parameter signingKey: signs every record that is appended; nil: records are not signed.
  public init(url: URL, signingKey: SigningKey? = nil) {
    self.url = url
    self.signingKey = signingKey
  }

  /// What its records call the trail: the name of the file.
  public var name: String { url.deletingPathExtension().lastPathComponent }

  /// Digest of the last whole record, or ``AuditRecord/origin`` when there is none.
  public func head() throws -> String {
    guard FileManager.default.fileExists(atPath: url.path) else { return AuditRecord.origin }
    return try AuditVerification.chain(of: url).records.last?.hash ?? AuditRecord.origin
  }

  /// Every intact record, oldest first.
  ///
  /// - Throws: ``AuditError`` when the trail cannot be read or is not intact.
  public func records() throws -> [AuditRecord] {
    guard FileManager.default.fileExists(atPath: url.path) else { return [] }
    let chain = try AuditVerification.chain(of: url)
    if let first = chain.findings.first { throw AuditError.broken(file: url.path, finding: first.description) }
    return chain.records
  }

  /// Appends a record and returns it; its `hash` is the new head.
  ///
  /// - Throws: ``AuditError/broken(file:finding:)`` when the trail is not intact: a chain is never continued over a
  ///   break.
  @discardableResult public func append(event: String, details: AuditValue, time: Date = Date()) throws -> AuditRecord {
    try append([(event, details)], time: time)[0]
  }

  /// Appends several records of one moment with one write: a crash leaves the first of them or none, never a gap.
  ///
  /// - Throws: as ``append(event:details:time:)``.
  @discardableResult public func append(_ entries: [(event: String, details: AuditValue)], time: Date = Date()) throws
    -> [AuditRecord]
  {
    guard !entries.isEmpty else { return [] }
    let folder = url.deletingLastPathComponent()
    do throws(FileError) { try DurableFile.makeFolder(folder) } catch {
      throw AuditError.unwritable(file: folder.path, reason: error.reason)
    }
    let descriptor = open(url.path, O_RDWR | O_CREAT | O_CLOEXEC, DurableFile.fileMode)
    guard descriptor >= 0 else { throw unwritable() }
    defer { close(descriptor) }
    guard flock(descriptor, LOCK_EX) == 0 else { throw unwritable() }

    let chain = try AuditVerification.chain(of: url)
    if let first = chain.findings.first { throw AuditError.broken(file: url.path, finding: first.description) }
    if chain.tornByteCount > 0 {
      guard ftruncate(descriptor, off_t(chain.wholeByteCount)) == 0 else { throw unwritable() }
    }
    var records: [AuditRecord] = []
    var bytes: [UInt8] = chain.lacksLineEnd ? [UInt8(ascii: "\n")] : []
    for (index, entry) in entries.enumerated() {
      var details = entry.details
      if index == 0, chain.tornByteCount > 0 {
        details = ["content": details, "removedTornBytes": .integer(chain.tornByteCount)]
      }
      let previous = (records.last ?? chain.records.last)?.hash ?? AuditRecord.origin
      let content = AuditRecord.Content(
        sequence: chain.records.count + index, time: AuditTime.text(time), event: entry.event, previousHash: previous,
        trail: name, details: details)
      let line = AuditRecord.line(content, signingKey: signingKey)
      guard case .intact(let record, let problems, _) = AuditRecord.read(line: line), problems.isEmpty else {
        throw AuditError.unwritable(file: url.path, reason: "what should be recorded is larger than a record can be")
      }
      records.append(record)
      bytes += line + [UInt8(ascii: "\n")]
    }
    guard lseek(descriptor, 0, SEEK_END) >= 0 else { throw unwritable() }
    let written = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    guard written == bytes.count, fsync(descriptor) == 0 else { throw unwritable() }
    return records
  }

  private func unwritable() -> AuditError {
    AuditError.unwritable(file: url.path, reason: String(cString: strerror(errno)))
  }
}
