import Files
public import Foundation

/// What the check of one trail found.
public enum ChainFinding: Sendable, Equatable, CustomStringConvertible {
  /// The record's content does not match its own digest.
  case altered(line: Int)
  /// The line is no record.
  case unreadable(line: Int)
  /// `count` records are gone before this line.
  case missing(beforeLine: Int, count: Int)
  /// The line carries a valid digest of its own, but the records around it know nothing of it.
  case inserted(line: Int)
  /// The line does not continue the record before it, and not because one is missing.
  case brokenLink(line: Int)
  /// The record that was noted elsewhere as the last is not there: the tail was cut off or rewritten.
  case headDiffers(expected: String, found: String)

  /// The line it is about; nil when lines are gone from the end.
  public var line: Int? {
    switch self {
    case .altered(let line), .unreadable(let line), .missing(let line, _), .inserted(let line), .brokenLink(let line):
      line
    case .headDiffers: nil
    }
  }

  public var description: String {
    switch self {
    case .altered(let line): "record on line \(line) was altered"
    case .unreadable(let line): "line \(line) is not an audit record: altered or inserted"
    case .missing(let line, let count): "\(count) record\(count == 1 ? "" : "s") missing before line \(line)"
    case .inserted(let line): "record on line \(line) was inserted"
    case .brokenLink(let line): "record on line \(line) does not continue the record before it"
    case .headDiffers(let expected, let found):
      "record \(expected.prefix(12))… was noted as the last and is not there (the last is \(found.prefix(12))…): "
        + "records were cut off or rewritten"
    }
  }
}

/// Checks the chain of a trail, record by record.
public struct AuditVerification: Sendable {
  /// Intact records, in the order of the file.
  public let records: [AuditRecord]
  /// Line of each of these records, from 1.
  public let lines: [Int]
  public let findings: [ChainFinding]
  /// Bytes of a last line that has no line end: a record that was never completed.
  public let tornByteCount: Int
  let wholeByteCount: Int

  /// - Parameter expectedHead: the head that was noted elsewhere, if any.
  /// - Throws: ``AuditError/unreadable(file:reason:)``.
  public static func chain(of url: URL, expectedHead: String? = nil) throws -> AuditVerification {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try SmallFile.read(url, .record) } catch {
      throw AuditError.unreadable(file: url.path, reason: error.reason)
    }
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    var lines = bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    if !lines.isEmpty { lines.removeLast() }
    let readings = lines.map { AuditRecord.read(line: $0) }
    var findings = linkFindings(readings)
    var records: [AuditRecord] = []
    var intactLines: [Int] = []
    for (index, reading) in readings.enumerated() {
      guard case .intact(let record) = reading else { continue }
      records.append(record)
      intactLines.append(index + 1)
    }
    if let expectedHead {
      // Records may have been appended since the head was noted; it must still be there.
      let found = records.last?.hash ?? AuditRecord.origin
      if expectedHead != AuditRecord.origin, !records.contains(where: { $0.hash == expectedHead }) {
        findings.append(.headDiffers(expected: expectedHead, found: found))
      }
    }
    return AuditVerification(
      records: records, lines: intactLines, findings: findings, tornByteCount: bytes.count - end, wholeByteCount: end)
  }

  /// Walks the lines and names every place where the chain does not hold.
  ///
  /// A record continues the chain when its `previousHash` is the digest of the last record that does. A record that
  /// does not is *inserted* when the one after it continues the chain without it; otherwise records are *missing*
  /// before it when its sequence number jumps ahead.
  private static func linkFindings(_ readings: [AuditRecord.Reading]) -> [ChainFinding] {
    var findings: [ChainFinding] = []
    var lastHash: String? = AuditRecord.origin
    var hashBeforeLast: String?
    var nextSequence = 0
    for (index, reading) in readings.enumerated() {
      let line = index + 1
      switch reading {
      case .altered, .unreadable:
        // An alien line that the next record does not build upon was put in; otherwise a record was changed in place.
        if let lastHash, index + 1 < readings.count, case .intact(let next) = readings[index + 1],
          next.previousHash == lastHash
        {
          findings.append(.inserted(line: line))
        } else {
          if case .altered = reading {
            findings.append(.altered(line: line))
          } else {
            findings.append(.unreadable(line: line))
          }
          hashBeforeLast = nil
          lastHash = nil
          nextSequence += 1
        }
      case .intact(let record):
        if let expected = lastHash, record.previousHash != expected {
          if index + 1 < readings.count, case .intact(let next) = readings[index + 1], next.previousHash == expected {
            findings.append(.inserted(line: line))
            continue
          }
          if record.previousHash == hashBeforeLast, record.sequence == nextSequence - 1 {
            // The record before this one was forged onto the chain; this one continues what stood before it.
            findings.append(.inserted(line: line - 1))
            lastHash = record.hash
            nextSequence = record.sequence + 1
            continue
          }
          findings.append(
            record.sequence > nextSequence
              ? .missing(beforeLine: line, count: record.sequence - nextSequence) : .brokenLink(line: line))
        } else if lastHash == nil, record.sequence > nextSequence {
          findings.append(.missing(beforeLine: line, count: record.sequence - nextSequence))
        }
        hashBeforeLast = lastHash
        lastHash = record.hash
        nextSequence = record.sequence + 1
      }
    }
    return findings
  }
}
