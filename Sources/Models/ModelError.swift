import Checkpoints

/// What is wrong with a model folder, with what one is to be made from, or with the place it is to be written to.
public enum ModelError: Error, Equatable {
  /// A file or folder without something that a model or its origin has.
  case missing(file: String, what: String, remedy: Remedy? = nil)
  /// Something that other programs know and this one does not run.
  case unsupported(file: String, found: String, expected: String? = nil, remedy: Remedy? = nil)
  /// What a person stated of a model, and where, that cannot be used.
  case statement(origin: String, problem: String)
  /// A setting of a bundle that cannot be read, and that may be stated instead.
  case setting(file: String, key: String, problem: String, remedy: Remedy)
  /// Parameters that are all there, under one prefix that the architecture does not have, with `others` outside of it.
  case prefixed(file: String, prefix: String, count: Int, others: Int)
  /// A probe of the network's origin that the model does not agree with.
  case disagreement(file: String, problem: String)
  /// A folder that a model cannot be written to.
  case output(folder: String, problem: String, remedy: Remedy? = nil)

  /// A way out that only the person who asked for the model can take.
  public enum Remedy: Equatable, Sendable {
    /// Name a probe file.
    case nameProbe
    /// Name the folds to take; none of those that are looked for is there.
    case nameFolds
    /// Say which of the classes is the lesion.
    case nameLesionClass(classes: Int)
    /// Take the parameters under this prefix alone.
    case takePrefix(String)
    /// State what a bundle does not say.
    case state(Setting)
    /// Replace the folder, or choose another one.
    case replace
  }

  /// What a person may state in place of a bundle.
  public enum Setting: String, Sendable { case window, overlap, importance }
}

extension ModelError.Remedy: CustomStringConvertible {
  public var description: String {
    switch self {
    case .nameProbe: "name another probe"
    case .nameFolds: "name the folds that there are, such as all"
    case .nameLesionClass: "say which is the lesion"
    case .takePrefix(let prefix): "import those under the prefix \(prefix) alone"
    case .state(let setting): "state the \(setting.rawValue)"
    case .replace: "ask for it to be replaced"
    }
  }
}

extension ModelError: CustomStringConvertible {
  public var description: String { line(\.description) }

  /// The way out, where only the person who asked can take it.
  public var remedy: Remedy? {
    switch self {
    case .missing(_, _, let remedy), .unsupported(_, _, _, let remedy), .output(_, _, let remedy): remedy
    case .setting(_, _, _, let remedy): remedy
    case .prefixed(_, let prefix, _, _): .takePrefix("\(PrintableName(prefix))")
    case .statement, .disagreement: nil
    }
  }

  /// Whether the place to write to is at fault, not the model.
  public var isOfOutput: Bool { if case .output = self { true } else { false } }

  /// The error on one line, its remedy in the words of whoever shows it.
  public func line(_ wording: (Remedy) -> String) -> String {
    let way = remedy.map(wording)
    return switch self {
    case .missing(let file, let what, _): "\(file): cannot be read: \(what)\(way.map { ", or \($0)" } ?? "")"
    case .unsupported(let file, let found, let expected, _):
      "\(file): \(found)\(expected.map { "; expected \($0)" } ?? "")\(way.map { "; \($0)" } ?? "")"
    case .statement(let origin, let problem): "\(origin) \(problem)"
    case .setting(let file, let key, let problem, _): "\(file): \"\(key)\" \(problem); or \(way ?? "")"
    case .prefixed(let file, let prefix, let count, let others):
      "\(file): the \(count) parameters that the architecture asks for are there under \"\(PrintableName(prefix))\"; "
        + (way ?? "") + (others == 0 ? "" : ", which leaves \(others) other tensor\(others == 1 ? "" : "s") out")
    case .disagreement(let file, let problem): "\(file): \(problem)"
    case .output(let folder, let problem, _): "\(folder): \(problem)\(way.map { ", or \($0)" } ?? "")"
    }
  }
}
