/// A network with its weights, ready to be run by an ``Executor``.
public struct Network: Sendable {
  let graph: Graph
  public let outputChannels: Int
  /// The spatial shape of a window must be divisible by these, axis by axis.
  public let divisors: [Int]
  /// Learned numbers, as PyTorch counts parameters (running statistics are none).
  public let parameterCount: Int
  /// Names in the weight file of the learned tensors, from the input towards the output.
  var learnedTensors: [String] = []

  public var inputChannels: Int { graph.inputChannels }

  /// Additions and multiplications of the convolutions and matrix products of a forward pass over one window; the input
  /// gradient takes as many.
  ///
  /// - Throws: ``NetworkError/input(_:)`` when the network cannot take the shape.
  public func floatingPointOperations(spatialShape: [Int]) throws -> Int {
    let shapes = try graph.shapes(spatialShape: spatialShape)
    return graph.nodes.indices.dropFirst().reduce(0) { sum, index in
      let node = graph.nodes[index]
      return sum + node.operation.floatingPointOperations(node.inputs.map { shapes[$0] }, output: shapes[index])
    }
  }
}
