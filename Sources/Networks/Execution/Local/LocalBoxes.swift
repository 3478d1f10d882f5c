/// Where the gradient of a target that fills a small box of the output can be other than zero: one box for every node of a graph.
///
/// The cotangent of a convolution of kernel k, stride s and padding p in outputs [o, o + e) reaches inputs
/// [o·s − p, (o + e − 1)·s − p + k); that of a transposed one reaches inputs ⌈(o + p − k + 1)/s⌉ … ⌊(o + e − 1 + p)/s⌋. Sizes
/// are the largest that any place of the target asks for, so that primitives can be made once; boxes may leave the grid.
struct LocalBoxes {
  /// Size of each node's box, per axis.
  let extents: [[Int]]
  /// Size of the box that a node hands to its inputs.
  let sentExtents: [[Int]]
  /// The nodes that read each node.
  let readers: [[Int]]
  private let graph: Graph

  /// First voxels of boxes along the three axes.
  struct Origins {
    var boxes: [[Int]]
    var sent: [[Int]]
  }

  /// - Parameter target: size of the target's box.
  /// - Returns: Nil where an operation has no local gradient.
  init?(_ graph: Graph, target: [Int]) {
    guard graph.nodes.dropFirst().allSatisfy({ Self.isLocal($0.operation) }) else { return nil }
    var readers: [[Int]] = Array(repeating: [], count: graph.nodes.count)
    for (index, node) in graph.nodes.enumerated() {
      for input in Set(node.inputs) { readers[input].append(index) }
    }
    guard graph.nodes.indices.allSatisfy({ $0 == graph.output ? readers[$0].isEmpty : !readers[$0].isEmpty }) else {
      return nil
    }
    (self.graph, self.readers) = (graph, readers)
    let none = Array(repeating: [0, 0, 0], count: graph.nodes.count)
    var (extents, sent) = (none, none)
    for axis in 0..<3 {
      let windows = graph.nodes.map { Self.window(of: $0.operation) }
      let period = windows.reduce(1) { $0 * ($1?.stride[axis] ?? 1) }
      let places = (0..<period).map { Self.places(graph, readers, $0, axis) }
      for index in graph.nodes.indices.reversed() {
        var extent = target[axis]
        if index != graph.output {
          extent = places.map { place in
            readers[index].map { place.sent[$0] + sent[$0][axis] }.max()! - readers[index].map { place.sent[$0] }.min()!
          }.max()!
        }
        (extents[index][axis], sent[index][axis]) = (extent, extent)
        guard let window = windows[index] else { continue }
        let (k, s, p) = (window.kernel[axis], window.stride[axis], window.padding[axis])
        if graph.nodes[index].operation is Convolution {
          sent[index][axis] = (extent - 1) * s + k
        } else {
          let narrow = places.map { place in
            Self.floorDivided(place.joined[index] + extent - 1 + p, s) - place.sent[index] + 1
          }.max()!
          sent[index][axis] = narrow
          extents[index][axis] = (narrow - 1) * s + k
        }
      }
    }
    (self.extents, sentExtents) = (extents, sent)
  }

  /// Where the boxes begin for a target whose box begins at `target`.
  func origins(target: [Int]) -> Origins {
    let axes = (0..<3).map { Self.places(graph, readers, target[$0], $0) }
    return Origins(
      boxes: graph.nodes.indices.map { index in axes.map { $0.boxes[index] } },
      sent: graph.nodes.indices.map { index in axes.map { $0.sent[index] } })
  }

  private static func isLocal(_ operation: any Operation) -> Bool {
    operation is Convolution || operation is TransposedConvolution || operation is Concatenation
      || operation is Addition || operation is LeakyActivation
  }

  private static func window(of operation: any Operation) -> ConvolutionWindow? {
    (operation as? Convolution)?.window ?? (operation as? TransposedConvolution)?.window
  }

  /// Along one axis: where what the readers send begins, where each node's own box begins, and what it sends to its inputs.
  private static func places(
    _ graph: Graph, _ readers: [[Int]], _ target: Int, _ axis: Int
  ) -> (joined: [Int], boxes: [Int], sent: [Int]) {
    var joined = Array(repeating: 0, count: graph.nodes.count)
    var (boxes, sent) = (joined, joined)
    for index in graph.nodes.indices.reversed() {
      let start = index == graph.output ? target : readers[index].map { sent[$0] }.min()!
      (joined[index], boxes[index], sent[index]) = (start, start, start)
      guard let window = window(of: graph.nodes[index].operation) else { continue }
      let (k, s, p) = (window.kernel[axis], window.stride[axis], window.padding[axis])
      if graph.nodes[index].operation is Convolution {
        sent[index] = start * s - p
      } else {
        sent[index] = -floorDivided(-(start + p - k + 1), s)
        boxes[index] = sent[index] * s - p
      }
    }
    return (joined, boxes, sent)
  }

  private static func floorDivided(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }
}
