/// Whether each line of a trail continues the one before it.
///
/// A record continues the chain when its `previousHash` is the digest of the last record that does, and its number is
/// the next one. A record that does not is *inserted* when the one after it continues the chain without it; otherwise
/// records are *missing* before it when its number jumps ahead.
enum ChainLinks {
  /// Walks the lines and names every place where the chain does not hold.
  static func findings(_ readings: [AuditRecord.Reading]) -> [ChainFinding] {
    var findings: [ChainFinding] = []
    var lastHash: String? = AuditRecord.origin
    var hashBeforeLast: String?
    var nextSequence = 0
    func next(_ index: Int, continues hash: String) -> Bool {
      guard index + 1 < readings.count, case .intact(let next, _, _) = readings[index + 1] else { return false }
      return next.previousHash == hash
    }
    for (index, reading) in readings.enumerated() {
      let line = index + 1
      switch reading {
      case .altered, .unreadable:
        // An alien line that the next record does not build upon was put in; otherwise a record was changed in place.
        if let lastHash, next(index, continues: lastHash) {
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
      case .malformed(let hash, _):
        // Named with its fields; what it says of the record before cannot be read.
        if let lastHash, next(index, continues: lastHash) { continue }
        hashBeforeLast = nil
        lastHash = hash
        nextSequence += 1
      case .intact(let record, _, _):
        if let expected = lastHash, record.previousHash != expected {
          if next(index, continues: expected) {
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
        } else if lastHash != nil, record.sequence != nextSequence {
          // A number that is none is named with the fields. The link says which record this is.
          if record.sequence >= 0 {
            findings.append(.sequence(line: line, found: record.sequence, expected: nextSequence))
          }
          (hashBeforeLast, lastHash, nextSequence) = (lastHash, record.hash, nextSequence + 1)
          continue
        }
        hashBeforeLast = lastHash
        lastHash = record.hash
        // A number of the largest size is a finding above, not the end of the program.
        nextSequence = record.sequence == .max ? 0 : record.sequence + 1
      }
    }
    return findings
  }
}
