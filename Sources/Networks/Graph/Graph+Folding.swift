extension Graph {
  /// The same function with fewer passes over memory: an operation takes over what follows it, or what precedes it,
  /// where that is exact up to rounding (batch normalisation into the weights of a convolution, an activation into the
  /// operation before it, normalisations into the residual connection that adds them).
  ///
  /// - Parameter tapped: a node whose value is wanted: nothing that follows it is taken over into it, nor is it taken
  ///   over.
  func folded(keeping tapped: Int? = nil) -> (graph: Graph, tapped: Int?) {
    var readers = readerCounts
    if let tapped { readers[tapped] += 1 }
    var result = Graph(inputChannels: inputChannels)
    var place = [0]
    for node in nodes.dropFirst() {
      if node.inputs.count == 1, readers[node.inputs[0]] == 1, node.inputs[0] != 0 {
        let before = place[node.inputs[0]]
        if let merged = result.nodes[before].operation.absorbing(node.operation) {
          result.nodes[before] = Node(
            name: result.nodes[before].name, operation: merged, inputs: result.nodes[before].inputs)
          place.append(before)
          continue
        }
      }
      let inputs = node.inputs.map { place[$0] }
      let before = node.inputs.map { $0 != 0 && readers[$0] == 1 ? result.nodes[place[$0]].operation : nil }
      if let (merged, taken) = node.operation.taking(before) {
        place.append(result.add(node.name, merged, zip(inputs, taken).map { $1 ? result.nodes[$0].inputs[0] : $0 }))
      } else {
        place.append(result.add(node.name, node.operation, inputs))
      }
    }
    result.output = place[output]
    return result.pruned(following: tapped.map { place[$0] })
  }

  /// Without the nodes that the output does not depend on, and the new place of one that it does.
  private func pruned(following tapped: Int?) -> (graph: Graph, tapped: Int?) {
    var isNeeded = Array(repeating: false, count: nodes.count)
    isNeeded[0] = true
    isNeeded[output] = true
    for index in nodes.indices.reversed() where isNeeded[index] {
      for input in nodes[index].inputs { isNeeded[input] = true }
    }
    var result = Graph(inputChannels: inputChannels)
    var place = Array(repeating: 0, count: nodes.count)
    for index in nodes.indices.dropFirst() where isNeeded[index] {
      place[index] = result.add(nodes[index].name, nodes[index].operation, nodes[index].inputs.map { place[$0] })
    }
    result.output = place[output]
    return (result, tapped.map { place[$0] })
  }
}
