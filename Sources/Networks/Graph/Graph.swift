/// A network as a list of named operations, each after the operations it reads; the first node is the input.
struct Graph: Sendable {
  struct Node: Sendable {
    /// The name of the module in the network's origin, such as `model.0.conv`.
    let name: String
    let operation: any Operation
    /// Indices of the nodes read.
    let inputs: [Int]
  }

  var nodes: [Node]
  let inputChannels: Int
  /// The node whose value is the network's output; the last one added unless set.
  var output: Int

  init(inputChannels: Int) {
    self.inputChannels = inputChannels
    nodes = [Node(name: "input", operation: Input(), inputs: [])]
    output = 0
  }

  /// Appends a node and makes it the output.
  @discardableResult mutating func add(_ name: String, _ operation: any Operation, _ inputs: Int...) -> Int {
    add(name, operation, inputs)
  }

  @discardableResult mutating func add(_ name: String, _ operation: any Operation, _ inputs: [Int]) -> Int {
    precondition(inputs.allSatisfy { nodes.indices.contains($0) }, "a node reads earlier nodes only")
    nodes.append(Node(name: name, operation: operation, inputs: inputs))
    output = nodes.count - 1
    return output
  }

  /// The shape [C, D, H, W] of every node for an input of this spatial shape.
  func shapes(spatialShape: [Int]) throws -> [[Int]] {
    var shapes: [[Int]] = []
    for node in nodes {
      do {
        shapes.append(
          node.inputs.isEmpty
            ? [inputChannels] + spatialShape : try node.operation.outputShape(node.inputs.map { shapes[$0] }))
      } catch let NetworkError.input(found, expected) {
        throw NetworkError.input(
          found:
            "an input of \(spatialShape.map(String.init).joined(separator: " × ")) voxels does not fit the network: "
            + found, expected: "\(expected) (\(node.name))")
      }
    }
    return shapes
  }

  /// How many nodes read each node; the network's output counts as one more reader.
  var readerCounts: [Int] {
    var counts = Array(repeating: 0, count: nodes.count)
    for node in nodes { for input in node.inputs { counts[input] += 1 } }
    counts[output] += 1
    return counts
  }
}

/// Layers by the names of their modules.
extension Graph {
  /// The node whose value is that of a module's last call.
  ///
  /// - Throws: ``NetworkError/noLayer(name:convolutions:)`` where the output depends on no module of this name.
  func node(ofLayer name: String) throws -> Int {
    let found = nodes.indices.dropFirst().last { nodes[$0].name == name && dependants(of: $0)[output] }
    guard let found else {
      let convolutions = nodes.filter { $0.operation.convolutionWindow != nil }.map(\.name)
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
