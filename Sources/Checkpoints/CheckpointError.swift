public import Files

/// What is wrong with a file that nobody here made, or with what was asked of it.
public enum CheckpointError: Error, Equatable {
  /// A file that cannot be opened, read or written.
  case unreadable(file: String, reason: String)
  /// A file whose bytes do not follow its format, or do not hold what was looked for.
  case malformed(file: String, reason: String, remedy: Remedy? = nil)
  /// A value of a JSON document that cannot be used, by the path of its key.
  case value(file: String, key: String, found: String, expected: String)
  /// A key of a JSON document that is missing, unknown, or at odds with others.
  case key(file: String, key: String, problem: String)
  /// Parameters that the architecture and the weight file do not agree on; every one of them. `architecture`: where it
  /// is stated.
  case parameters(file: String, architecture: String, missing: [String], surplus: [String], misshapen: [String])
  /// Names of one tensor that hold different values.
  case aliases(file: String, differing: [String])

  /// A way out that only the person who asked for the file can take.
  public enum Remedy: Equatable, Sendable {
    /// Say which of several sets of parameters is meant.
    case chooseKey(available: [String])
    /// Say under which key the parameters are; none was found.
    case nameKey
    /// A file without keys was asked for one.
    case leaveKeyOut
  }
}

extension CheckpointError.Remedy: CustomStringConvertible {
  public var description: String {
    switch self {
    case .chooseKey: "choose one of these keys"
    case .nameKey: "name the key that they are under, a.b for b under a"
    case .leaveKeyOut: "leave the key out"
    }
  }
}

extension CheckpointError: CustomStringConvertible {
  public var description: String { line(\.description) }

  /// The error on one line, its remedy in the words of whoever shows it.
  public func line(_ wording: (Remedy) -> String) -> String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .malformed(let file, let reason, let remedy): "\(file): \(reason)" + (remedy.map { "; \(wording($0))" } ?? "")
    case .value(let file, let key, let found, let expected):
      "\(file): \(key.isEmpty ? "" : "\"\(key)\" ")is \(found); expected \(expected)"
    case .key(let file, let key, let problem): "\(file): \(key.isEmpty ? "" : "\"\(key)\" ")\(problem)"
    case .parameters(let file, let architecture, let missing, let surplus, let misshapen):
      "\(file): the weights do not fit the architecture in \(architecture): "
        + [
          Self.listing("missing", missing), Self.listing("surplus", surplus),
          Self.listing("of another shape", misshapen),
        ].compactMap { $0 }.joined(separator: "; ")
    case .aliases(let file, let differing):
      "\(file): \(differing.count) parameters should be one tensor under two names: "
        + "\(differing.joined(separator: ", ")); save the state dict of the network again"
    }
  }

  /// Names of a kind that a line holds; the others are counted.
  private static let mostListed = 3

  private static func listing(_ title: String, _ names: [String]) -> String? {
    guard !names.isEmpty else { return nil }
    let more = names.count > mostListed ? " and \(names.count - mostListed) more" : ""
    return "\(names.count) \(title): \(names.prefix(mostListed).joined(separator: ", "))\(more)"
  }
}

extension CheckpointError: NamesFiles {
  public var namedFiles: [String] {
    switch self {
    case .unreadable(let file, _), .malformed(let file, _, _), .value(let file, _, _, _), .key(let file, _, _),
      .aliases(let file, _):
      [file]
    case .parameters(let file, let architecture, _, _, _): [file, architecture]
    }
  }
}
