/// What is wrong with a model, its files or the input given to it.
public enum NetworkError: Error, Equatable {
  /// A file that cannot be opened or read.
  case unreadable(file: String, reason: String)
  /// A file whose bytes do not follow its format.
  case malformed(file: String, reason: String)
  /// A key of model.json with a value that cannot be used.
  case description(file: String, key: String, problem: String)
  /// Parameters that the architecture and the weight file do not agree on; every one of them. `architecture`: where it is stated.
  case parameters(file: String, architecture: String, missing: [String], surplus: [String], misshapen: [String])
  /// Parameters that are all there, under one prefix that the architecture does not have, with `others` outside of it.
  case prefixed(file: String, prefix: String, count: Int, others: Int)
  /// Names of one tensor that hold different values.
  case aliases(file: String, differing: [String])
  /// Something the field knows and this engine does not run.
  case unsupported(String)
  /// An input that the network cannot take.
  case input(String)
  /// An operation without a rule in the table of gradients.
  case noGradient(operation: String, node: String)
  /// A name that no layer of the network has.
  case noLayer(name: String, convolutions: [String])
  /// A call of the neural-network library that failed.
  case library(call: String, status: Int)
}

extension NetworkError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .unreadable(let file, let reason): "\(file): cannot be read: \(reason)"
    case .malformed(let file, let reason): "\(file): \(reason)"
    case .description(let file, let key, let problem): "\(file): \(key.isEmpty ? "" : "\"\(key)\" ")\(problem)"
    case .prefixed(let file, let prefix, let count, let others):
      "\(file): the \(count) parameters that the architecture asks for are there under \"\(PrintableName(prefix))\"; "
        + "import them with --prefix \(PrintableName(prefix))"
        + (others == 0 ? "" : ", which leaves \(others) other tensor\(others == 1 ? "" : "s") out")
    case .parameters(let file, let architecture, let missing, let surplus, let misshapen):
      "\(file): the weights do not fit the architecture in \(architecture): "
        + [
          Self.listing("missing", missing), Self.listing("surplus", surplus),
          Self.listing("of another shape", misshapen),
        ].compactMap { $0 }.joined(separator: "; ")
    case .aliases(let file, let differing):
      "\(file): \(differing.count) parameters should be one tensor under two names: "
        + "\(differing.joined(separator: ", ")); save the state dict of the network again"
    case .unsupported(let what): what
    case .input(let what): what
    case .noGradient(let operation, let node):
      "no gradient rule for the operation \"\(operation)\" (node \(node)); add one to GradientRules"
    case .noLayer(let name, let convolutions):
      "the network has no layer \"\(name)\"; its convolutions are \(convolutions.joined(separator: ", "))"
    case .library(let call, let status): "oneDNN: \(call) failed with status \(status)"
    }
  }

  private static func listing(_ title: String, _ names: [String]) -> String? {
    names.isEmpty ? nil : "\(names.count) \(title): \(names.joined(separator: ", "))"
  }
}
