/// Something a header says that it should not. Problems are all collected first and judged afterwards.
public struct HeaderProblem: Hashable, Sendable, CustomStringConvertible {
  public enum Severity: Int, Comparable, Sendable {
    /// The file can be read; the meaning of its voxels or their place rests on an assumption that the message states.
    case warning
    /// The file cannot be read, or reading it would mean guessing where the patient's left is.
    case error

    public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
  }

  public let severity: Severity
  /// The header field at fault, under the name of the NIfTI standard.
  public let field: String
  /// What is wrong, what was expected and, where there is one, the way out. Never quotes free text of the header.
  public let message: String

  public var description: String { message }

  init(_ severity: Severity, _ field: HeaderField, _ message: String) {
    self.severity = severity
    self.field = field.rawValue
    self.message = message
  }
}
