public import Digests
public import Foundation

/// Checks the chain of a trail, record by record and field by field.
public struct AuditVerification: Sendable {
  /// Intact records, in the order of the file.
  public let records: [AuditRecord]
  /// Line of each of these records, from 1.
  public let lines: [Int]
  public let findings: [ChainFinding]
  public let notes: [ChainNote]
  /// Bytes of a last line that has no line end: a record that was never completed.
  public let tornByteCount: Int
  let wholeByteCount: Int
  /// The last record is whole and its line end is missing.
  let lacksLineEnd: Bool

  /// - Parameters:
  ///   - expectedHead: the head that was noted elsewhere, if any.
  ///   - trusted: keys of which one has to have signed every record; nil: signatures need not be there.
  /// - Throws: ``AuditError/unreadable(file:reason:)``.
  public static func chain(of url: URL, expectedHead: String? = nil, trusted: Set<PublicKey>? = nil, now: Date = Date())
    throws -> AuditVerification
  {
    let bytes = try TrailBytes(url)
    var readings = bytes.lines.map { AuditRecord.read(line: $0) }
    var (torn, lacksLineEnd) = (bytes.tail.count, false)
    var findings: [ChainFinding] = []
    if !bytes.tail.isEmpty {
      let last = AuditRecord.read(line: bytes.tail)
      if case .intact = last {
        readings.append(last)
        (torn, lacksLineEnd) = (0, true)
      } else if !TrailBytes.isTorn(bytes.tail) {
        findings.append(.garbage(byteCount: bytes.tail.count))
        torn = 0
      }
    }
    let name = url.deletingPathExtension().lastPathComponent
    findings =
      ChainLinks.findings(readings) + fieldFindings(readings, name: name)
      + signatureFindings(readings, trusted: trusted) + findings
    var (records, lines): ([AuditRecord], [Int]) = ([], [])
    for (index, reading) in readings.enumerated() {
      guard case .intact(let record, _, _) = reading else { continue }
      records.append(record)
      lines.append(index + 1)
    }
    if let expectedHead {
      // Records may have been appended since the head was noted; it must still be there.
      let found = records.last?.hash ?? AuditRecord.origin
      if expectedHead != AuditRecord.origin, !records.contains(where: { $0.hash == expectedHead }) {
        findings.append(.headDiffers(expected: expectedHead, found: found))
      }
    }
    var notes = notes(records, lines, now: now)
    if torn > 0 { notes.append(.torn(byteCount: torn)) }
    if lacksLineEnd { notes.append(.lineEndMissing) }
    return AuditVerification(
      records: records, lines: lines, findings: findings, notes: notes, tornByteCount: torn,
      wholeByteCount: bytes.lines.reduce(0) { $0 + $1.count + 1 } + (lacksLineEnd ? bytes.tail.count : 0),
      lacksLineEnd: lacksLineEnd)
  }

  private static func fieldFindings(_ readings: [AuditRecord.Reading], name: String) -> [ChainFinding] {
    var findings: [ChainFinding] = []
    var version = 0
    for (index, reading) in readings.enumerated() {
      switch reading {
      case .intact(let record, let problems, _):
        findings += problems.map { .field(line: index + 1, problem: $0) }
        if let trail = record.trail, trail != name { findings.append(.otherTrail(line: index + 1, name: trail)) }
        if record.schemaVersion < version, problems.isEmpty {
          findings.append(
            .field(line: index + 1, problem: "schema version \(record.schemaVersion) after version \(version)"))
        }
        if problems.isEmpty { version = max(version, record.schemaVersion) }
      case .malformed(_, let reason): findings.append(.field(line: index + 1, problem: "not valid JSON: \(reason)"))
      case .altered, .unreadable: break
      }
    }
    return findings
  }

  private static func signatureFindings(_ readings: [AuditRecord.Reading], trusted: Set<PublicKey>?) -> [ChainFinding] {
    readings.enumerated().compactMap { index, reading in
      guard case .intact(let record, _, let signature) = reading else { return nil }
      let line = index + 1
      switch (signature, record.publicKey) {
      case (.invalid, _): return .badSignature(line: line)
      case (.valid, let key?): return trusted?.contains(key) ?? true ? nil : .foreignSignature(line: line, key: key)
      case (.none, _), (.valid, nil): return trusted == nil ? nil : .unsigned(line: line)
      }
    }
  }

  private static func notes(_ records: [AuditRecord], _ lines: [Int], now: Date) -> [ChainNote] {
    var notes: [ChainNote] = []
    var (latest, wasSigned) = ("", false)
    // Clocks of several machines differ by minutes.
    let tomorrow = AuditTime.text(now.addingTimeInterval(86_400))
    for (record, line) in zip(records, lines) where AuditTime.isValid(record.time) {
      if record.time < latest { notes.append(.timeRunsBackwards(line: line, from: latest, to: record.time)) }
      if record.time > tomorrow { notes.append(.timeInFuture(line: line, time: record.time)) }
      latest = max(latest, record.time)
      if record.publicKey == nil, wasSigned { notes.append(.unsignedAfterSigned(line: line)) }
      wasSigned = wasSigned || record.publicKey != nil
    }
    return notes
  }
}
