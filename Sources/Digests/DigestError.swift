/// What can go wrong with a digest or a key.
public enum DigestError: Error, Equatable, Sendable, CustomStringConvertible {
  case unreadable(file: String, reason: String)
  /// The file is no key of the kind that is needed.
  case notAKey(file: String, found: String, expected: String)
  /// A secret key that others than its owner may use; `mode` in octal digits.
  case openToOthers(file: String, mode: String)
  /// A key stands there already, and a key is never replaced.
  case keyExists(file: String)
  case unwritable(file: String, reason: String)

  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read (\(reason))"
    case .notAKey(let file, let found, let expected): "\(file): \(found); expected \(expected)"
    case .openToOthers(let file, let mode):
      "\(file): a secret key that others may use (mode \(mode)); expected mode 600; "
        + "run 'chmod 600 \(file)' if nobody can have copied it, otherwise make a new key"
    case .keyExists(let file): "\(file): exists, and a key is never replaced; choose another name"
    case .unwritable(let file, let reason): "\(file): cannot be written (\(reason)); choose another place"
    }
  }
}
