/// Where the gradient of a target that fills a small box of the output can be other than zero: one box for every node
/// of a graph.
///
/// How an operation moves boxes is its own affair, see ``LocalGradient``. Sizes are the largest that any place of the
/// target asks for, so that primitives can be made once; boxes may leave the grid.
struct LocalBoxes {
  /// Size of each node's box, per axis.
  let extents: [[Int]]
  /// Size of the box that a node hands to its inputs.
  let sentExtents: [[Int]]
  /// The nodes that read each node.
  let readers: [[Int]]
  /// What each node does, the input among them.
  let operations: [any LocalGradient]
  private let output: Int

  /// First voxels of boxes along the three axes.
  struct Origins {
    var boxes: [[Int]]
    var sent: [[Int]]
  }

  /// - Parameter target: size of the target's box.
  /// - Returns: Nil where an operation has no local gradient.
  init?(_ graph: Graph, target: [Int]) {
    let (operations, output) = (graph.nodes.compactMap { $0.operation as? any LocalGradient }, graph.output)
    guard operations.count == graph.nodes.count else { return nil }
    var readers: [[Int]] = Array(repeating: [], count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() { for input in Set(node.inputs) { readers[input].append(index) } }
    guard graph.nodes.indices.allSatisfy({ $0 == output ? readers[$0].isEmpty : !readers[$0].isEmpty }) else {
      return nil
    }
    let none = Array(repeating: [0, 0, 0], count: operations.count)
    var (extents, sent) = (none, none)
    for axis in 0..<3 {
      let period = operations.reduce(1) { $0 * $1.period(axis: axis) }
      let places = (0..<period).map { Self.places(operations, readers, output, $0, axis) }
      for index in operations.indices.reversed() {
        var length = target[axis]
        if index != output {
          length = places.map { place in
            readers[index].map { place.sent[$0] + sent[$0][axis] }.max()! - readers[index].map { place.sent[$0] }.min()!
          }.max()!
        }
        (extents[index][axis], sent[index][axis]) = operations[index].localLength(
          length, starts: places.map { $0.joined[index] }, axis: axis)
      }
    }
    (self.operations, self.readers, self.output) = (operations, readers, output)
    (self.extents, sentExtents) = (extents, sent)
  }

  /// Where the boxes begin for a target whose box begins at `target`.
  func origins(target: [Int]) -> Origins {
    let axes = (0..<3).map { Self.places(operations, readers, output, target[$0], $0) }
    return Origins(
      boxes: operations.indices.map { index in axes.map { $0.boxes[index] } },
      sent: operations.indices.map { index in axes.map { $0.sent[index] } })
  }

  /// Along one axis: where what the readers send begins, where each node's own box begins, and what it sends to its
  /// inputs.
  private static func places(
    _ operations: [any LocalGradient], _ readers: [[Int]], _ output: Int, _ target: Int, _ axis: Int
  ) -> (joined: [Int], boxes: [Int], sent: [Int]) {
    var joined = Array(repeating: 0, count: operations.count)
    var (boxes, sent) = (joined, joined)
    for index in operations.indices.reversed() {
      joined[index] = index == output ? target : readers[index].map { sent[$0] }.min()!
      (boxes[index], sent[index]) = operations[index].localStart(joined[index], axis: axis)
    }
    return (joined, boxes, sent)
  }
}
