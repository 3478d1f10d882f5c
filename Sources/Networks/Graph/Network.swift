/// A network with its weights, ready to be run by an ``Executor``.
public struct Network: Sendable {
  let graph: Graph
  public let outputChannels: Int
  /// The spatial shape of a window must be divisible by these, axis by axis.
  public let divisors: [Int]
  /// Learned numbers, as PyTorch counts parameters (running statistics are none).
  public let parameterCount: Int
  /// Names in the weight file of the learned tensors, from the input towards the output.
  package internal(set) var learnedTensors: [String] = []
  /// Names in the weight file of the weights of the convolutions that read the image; their second axis is that of its
  /// channels. Nil where something else reads it.
  package internal(set) var imageTensors: [String]?

  public var inputChannels: Int { graph.inputChannels }

  /// Additions and multiplications of the convolutions and matrix products of a forward pass over one window; the input
  /// gradient takes as many.
  ///
  /// - Throws: ``NetworkError/input(found:expected:)`` when the network cannot take the shape.
  public func floatingPointOperations(spatialShape: [Int]) throws -> Int {
    let shapes = try graph.shapes(spatialShape: spatialShape)
    return graph.nodes.indices.dropFirst().reduce(0) { sum, index in
      let node = graph.nodes[index]
      return sum + node.operation.floatingPointOperations(node.inputs.map { shapes[$0] }, output: shapes[index])
    }
  }
}

extension Network {
  /// The layer that Grad-CAM++ looks at unless told otherwise: the last spatial convolution on a coarser grid than the
  /// logits.
  ///
  /// In the networks known here that is the end of the decoder block at half resolution, such as
  /// `model.1.submodule.2.conv` of a MONAI `UNet`, where features are still specific and maps not yet noisy. Nil for a
  /// network of a single resolution.
  ///
  /// - Throws: ``NetworkError/input(found:expected:)`` when the network cannot take windows of this shape.
  public func defaultLayer(spatialShape: [Int]) throws -> String? {
    let shapes = try graph.shapes(spatialShape: spatialShape)
    let fine = shapes[graph.output].dropFirst().reduce(1, *)
    let found = graph.nodes.indices.last {
      graph.nodes[$0].operation.convolutionWindow.map { !$0.isPointwise } ?? false
        && shapes[$0].dropFirst().reduce(1, *) < fine && graph.dependants(of: $0)[graph.output]
    }
    return found.map { graph.nodes[$0].name }
  }
}
