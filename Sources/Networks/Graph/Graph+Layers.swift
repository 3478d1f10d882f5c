/// Layers by the names of their modules.
extension Graph {
  /// The node whose value is that of a module's last call.
  ///
  /// - Throws: ``NetworkError/noLayer(name:convolutions:)`` where the output depends on no module of this name.
  func node(ofLayer name: String) throws -> Int {
    let found = nodes.indices.dropFirst().last { nodes[$0].name == name && dependants(of: $0)[output] }
    guard let found else {
      let convolutions = nodes.filter(\.isConvolution).map(\.name)
      throw NetworkError.noLayer(name: name, convolutions: convolutions)
    }
    return found
  }

  /// Which nodes' values depend on a node, itself among them.
  func dependants(of node: Int) -> [Bool] {
    var result = Array(repeating: false, count: nodes.count)
    for index in nodes.indices { result[index] = index == node || nodes[index].inputs.contains { result[$0] } }
    return result
  }
}

extension Graph.Node {
  fileprivate var isConvolution: Bool { operation is Convolution || operation is TransposedConvolution }

  /// Whether a voxel of the result depends on its neighbourhood.
  fileprivate var isSpatialConvolution: Bool {
    switch operation {
    case let convolution as Convolution: !convolution.window.isPointwise
    case let convolution as TransposedConvolution: !convolution.window.isPointwise
    default: false
    }
  }
}

extension Network {
  /// The layer that Grad-CAM++ looks at unless told otherwise: the last spatial convolution on a coarser grid than the logits.
  ///
  /// In the networks known here that is the end of the decoder block at half resolution, such as `model.1.submodule.2.conv` of
  /// a MONAI `UNet`, where features are still specific and maps not yet noisy. Nil for a network of a single resolution.
  ///
  /// - Throws: ``NetworkError/input(_:)`` when the network cannot take windows of this shape.
  public func defaultLayer(spatialShape: [Int]) throws -> String? {
    let shapes = try graph.shapes(spatialShape: spatialShape)
    let fine = shapes[graph.output].dropFirst().reduce(1, *)
    let found = graph.nodes.indices.last {
      graph.nodes[$0].isSpatialConvolution && shapes[$0].dropFirst().reduce(1, *) < fine
        && graph.dependants(of: $0)[graph.output]
    }
    return found.map { graph.nodes[$0].name }
  }
}
