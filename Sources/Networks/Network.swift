/// A network with its weights, ready to be run by an ``Executor``.
public struct Network: Sendable {
  let graph: Graph
  public let outputChannels: Int
  /// The spatial shape of a window must be divisible by these, axis by axis.
  public let divisors: [Int]
  /// Learned numbers, as PyTorch counts parameters (running statistics are none).
  public let parameterCount: Int

  public var inputChannels: Int { graph.inputChannels }
}
