/// What a network cannot do with what it is given.
public enum NetworkError: Error, Equatable {
  /// An input that the network cannot take.
  case input(found: String, expected: String)
  /// An operation without a gradient.
  case noGradient(operation: String, node: String)
  /// A name that no layer of the network has.
  case noLayer(name: String, convolutions: [String])
  /// A call of the neural-network library that failed.
  case library(call: String, status: Int)
}

extension NetworkError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .input(let found, let expected): "\(found); expected \(expected)"
    case .noGradient(let operation, let node):
      "the operation \"\(operation)\" (node \(node)) has no gradient; write its gradient(_:)"
    case .noLayer(let name, let convolutions):
      "the network has no layer \"\(name)\"; its convolutions are \(convolutions.joined(separator: ", "))"
    case .library(let call, let status): "oneDNN: \(call) failed with status \(status)"
    }
  }
}
