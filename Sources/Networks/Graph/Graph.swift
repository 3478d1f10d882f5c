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
  @discardableResult
  mutating func add(_ name: String, _ operation: any Operation, _ inputs: Int...) -> Int {
    add(name, operation, inputs)
  }

  @discardableResult
  mutating func add(_ name: String, _ operation: any Operation, _ inputs: [Int]) -> Int {
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
      } catch let NetworkError.input(reason) {
        throw NetworkError.input(
          "an input of \(spatialShape.map(String.init).joined(separator: " × ")) voxels does not fit the network: "
            + "\(reason) (\(node.name))")
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
