/// What can go wrong with an audit trail; each case is one line for the reader.
public enum AuditError: Error, Equatable, CustomStringConvertible {
  case unreadable(file: String, reason: String)
  case unwritable(file: String, reason: String)
  /// The trail that a record should be appended to is not intact.
  case broken(file: String, finding: String)
  /// A file of heads that were kept elsewhere does not say what it should.
  case heads(file: String, found: String)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read (\(reason))"
    case .unwritable(let file, let reason):
      "\(file): cannot be written (\(reason)); choose another output folder or free space"
    case .broken(let file, let finding):
      "\(file): the audit trail is not intact (\(finding)); nothing is appended to it. "
        + "Verify it, or keep it aside and write to a new output folder"
    case .heads(let file, let found):
      "\(file): \(found); expected lines of a trail's name, a tab and its head, or a copy of cohort.tsv"
    }
  }
}
