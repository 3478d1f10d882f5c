extension Graph {
  /// The same function with fewer passes over memory: an operation takes over what follows it where that is exact up to
  /// rounding (batch normalisation into the weights of a convolution, an activation into the operation before it).
  func folded() -> Graph {
    let readers = readerCounts
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
      place.append(result.add(node.name, node.operation, node.inputs.map { place[$0] }))
    }
    result.output = place[output]
    return result
  }
}
