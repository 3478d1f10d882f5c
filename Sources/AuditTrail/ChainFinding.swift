public import Digests

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
  /// The digest is right, and what it covers is not what a record says: a field is missing, unknown, given twice or of
  /// another kind.
  case field(line: Int, problem: String)
  /// The record's number is not the next one.
  case sequence(line: Int, found: Int, expected: Int)
  /// The record was written into the trail of somebody else.
  case otherTrail(line: Int, name: String)
  /// There is something after the last record that cannot be the beginning of one.
  case garbage(byteCount: Int)
  /// The record that was noted elsewhere as the last is not there: the tail was cut off or rewritten.
  case headDiffers(expected: String, found: String)
  /// The signature does not hold, or was taken away.
  case badSignature(line: Int)
  /// Signatures are asked for and the record has none.
  case unsigned(line: Int)
  /// The record is signed with another key than those that are trusted.
  case foreignSignature(line: Int, key: PublicKey)

  /// The line it is about; nil when lines are gone from the end or something stands behind it.
  public var line: Int? {
    switch self {
    case .altered(let line), .unreadable(let line), .missing(let line, _), .inserted(let line), .brokenLink(let line),
      .field(let line, _), .sequence(let line, _, _), .otherTrail(let line, _), .badSignature(let line),
      .unsigned(let line), .foreignSignature(let line, _):
      line
    case .headDiffers, .garbage: nil
    }
  }

  /// Records may be gone or not be the ones that were written, so that the last one that is there may not be the last.
  public var hidesRecords: Bool {
    switch self {
    case .altered, .unreadable, .missing, .inserted, .brokenLink, .field, .headDiffers: true
    case .sequence, .otherTrail, .garbage, .badSignature, .unsigned, .foreignSignature: false
    }
  }

  /// It is about who signed, not about what the records say.
  public var isOfSignature: Bool {
    switch self {
    case .badSignature, .unsigned, .foreignSignature: true
    default: false
    }
  }

  public var description: String {
    switch self {
    case .altered(let line): "record on line \(line) was altered"
    case .unreadable(let line): "line \(line) is not an audit record: altered or inserted"
    case .missing(let line, let count): "\(count) record\(count == 1 ? "" : "s") missing before line \(line)"
    case .inserted(let line): "record on line \(line) was inserted"
    case .brokenLink(let line): "record on line \(line) does not continue the record before it"
    case .field(let line, let problem): "record on line \(line): \(problem)"
    case .sequence(let line, let found, let expected): "record on line \(line) is number \(found), not \(expected)"
    case .otherTrail(let line, let name): "record on line \(line) was written into the trail of \(name)"
    case .garbage(let count): "\(count) byte\(count == 1 ? "" : "s") after the last record are no record"
    case .headDiffers(let expected, let found):
      "record \(expected.prefix(12))… was noted as the last and is not there (the last is \(found.prefix(12))…): "
        + "records were cut off or rewritten"
    case .badSignature(let line): "the signature of the record on line \(line) does not hold or was removed"
    case .unsigned(let line): "record on line \(line) is not signed"
    case .foreignSignature(let line, let key): "record on line \(line) is signed with another key (\(key))"
    }
  }
}

/// What is worth a word and no fault.
public enum ChainNote: Sendable, Equatable, CustomStringConvertible {
  /// Clocks are set back; records are never moved.
  case timeRunsBackwards(line: Int, from: String, to: String)
  case timeInFuture(line: Int, time: String)
  /// A last line without its end, which the next append removes.
  case torn(byteCount: Int)
  /// The last record is whole and lacks its line end, which the next append adds.
  case lineEndMissing
  /// Records before it are signed.
  case unsignedAfterSigned(line: Int)

  public var description: String {
    switch self {
    case .timeRunsBackwards(let line, let from, let to):
      "time runs backwards on line \(line), from \(from) to \(to): a clock was set, or a record was not written then"
    case .timeInFuture(let line, let time): "the record on line \(line) is of \(time), which is still to come"
    case .torn(let count): "the last record was never completed (\(count) bytes); the next run removes it"
    case .lineEndMissing: "the last record has no line end; the next run adds it"
    case .unsignedAfterSigned(let line): "the record on line \(line) is not signed, though earlier ones are"
    }
  }
}
