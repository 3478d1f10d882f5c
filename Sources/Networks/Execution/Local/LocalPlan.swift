/// The gradient of a target in a small box of the output, computed only where it can be other than zero.
///
/// Between convolutions the cotangent of one voxel lives in boxes that are small at first and grow with every layer on
/// the way to the input, so that most multiplications of a whole gradient are multiplications of zeros. Leaving them
/// out changes nothing but the order of additions. With a normalisation over the window (instance norm, attention)
/// every voxel depends on every other, and there is no such plan.
final class LocalPlan {
  /// Share of the multiplications of a whole gradient above which leaving out zeros does not pay.
  private static let worthwhileShare = 0.5

  /// Where the boxes of the gradient that is being computed begin.
  private final class Placement {
    var origins: LocalBoxes.Origins
    init(_ origins: LocalBoxes.Origins) { self.origins = origins }
  }

  private let boxes: LocalBoxes
  private let placement: Placement
  private let steps: [Step]
  /// The steps work in them; primitives know only where they are.
  private let memory: (boxes: Arena, scratch: OneDNNScratch)

  /// - Parameters:
  ///   - forward: where every node's values are after a forward pass.
  ///   - cotangent: of the output, [K][voxels], in the same memory.
  ///   - gradient: [C][voxels], which is written.
  ///   - whole: that memory.
  ///   - target: size of the target's box.
  /// - Returns: Nil where an operation has no local gradient, or where it would save little.
  init?(
    _ graph: Graph, forward: [Region], cotangent: Region, gradient: Region, memory whole: Arena, target: [Int],
    stream: OneDNNStream, block: Int
  ) throws {
    guard let boxes = LocalBoxes(graph, target: target), Self.masksAreKept(graph, boxes.operations, forward),
      Self.share(graph, forward, boxes) < Self.worthwhileShare
    else { return nil }
    let placement = Placement(boxes.origins(target: [0, 0, 0]))
    let builder = PlanBuilder(stream: stream, block: block)
    // What each node hands to each of its inputs.
    var sent: [[Region]] = Array(repeating: [], count: graph.nodes.count)
    for index in graph.nodes.indices.reversed() {
      let node = graph.nodes[index]
      let parts = boxes.readers[index].flatMap { reader in
        graph.nodes[reader].inputs.indices.filter { graph.nodes[reader].inputs[$0] == index }.map {
          (reader: reader, region: sent[reader][$0])
        }
      }
      let box = index == 0 ? gradient : builder.region(forward[index].channels.reblocked(block), boxes.extents[index])
      let mask = Self.mask(boxes.operations[index], node, index, forward)
      let (grid, isOutput) = (forward[index].spatialShape, index == graph.output)
      builder.emit("\(node.name) join", touching: parts.map(\.region) + (index == 0 ? [] : [box])) { arena in
        {
          let origins = placement.origins
          let here = index == 0 ? PlacedBox(box, whole) : PlacedBox(box, arena, origin: origins.boxes[index])
          let added =
            isOutput
            ? [PlacedBox(cotangent, whole)] : parts.map { PlacedBox($0.region, arena, origin: origins.sent[$0.reader]) }
          here.join(added, grid: grid)
          if let mask { here.multiply(by: mask.slope, whereNotPositive: PlacedBox(mask.sign, whole)) }
        }
      }
      if let function = boxes.operations[index].localFunction {
        let input = forward[node.inputs[0]]
        let values = builder.region(like: box)
        builder.emit("\(node.name) values", touching: [values]) { arena in
          {
            let here = PlacedBox(values, arena, origin: placement.origins.boxes[index])
            here.join([PlacedBox(input, whole)], grid: grid)
          }
        }
        function.emitGradient("\(node.name) derivative", at: values, of: box, to: box, builder)
      }
      if index > 0 {
        sent[index] = boxes.operations[index].localGradient(
          LocalNode(
            name: node.name, box: box, inputs: node.inputs.map { forward[$0] }, extent: boxes.sentExtents[index],
            builder: builder))
      }
    }
    let arena = Arena(builder.memory)
    self.boxes = boxes
    self.placement = placement
    memory = (arena, builder.scratch)
    steps = try builder.make(in: arena).map(\.run)
  }

  /// Where the gradient can be other than zero for a target's box at `origin`; may leave the grid.
  func reach(origin: [Int]) -> VoxelBox {
    VoxelBox(lower: boxes.origins(target: origin).boxes[0], shape: boxes.extents[0])
  }

  /// Computes the gradient for a cotangent that is zero outside of the target's box at `origin`.
  func gradient(origin: [Int]) throws {
    placement.origins = boxes.origins(target: origin)
    for step in steps { try step() }
  }

  /// The activation that a node's cotangent passes first: its slope, and the value whose sign decides.
  private static func mask(_ operation: any LocalGradient, _ node: Graph.Node, _ index: Int, _ forward: [Region]) -> (
    slope: Float, sign: Region
  )? { operation.mask.map { ($0.slope, forward[$0.sign == .output ? index : node.inputs[0]]) } }

  /// Whether the inputs whose signs or values are needed are those that the whole gradient needs too, which a plan
  /// keeps.
  private static func masksAreKept(_ graph: Graph, _ operations: [any LocalGradient], _ forward: [Region]) -> Bool {
    graph.nodes.indices.allSatisfy { index in
      guard operations[index].mask?.sign == .input || operations[index].localFunction != nil else { return true }
      let input = forward[graph.nodes[index].inputs[0]]
      return !input.isPlain && input.channels == forward[index].channels
    }
  }

  /// Multiplications in the boxes as a share of those on the whole grids.
  private static func share(_ graph: Graph, _ forward: [Region], _ boxes: LocalBoxes) -> Double {
    var (local, whole) = (0, 0)
    for (index, node) in graph.nodes.enumerated() {
      let inputs = node.inputs.map { forward[$0] }
      func count(sent: (Region) -> [Int], kept: [Int]) -> Int {
        node.operation.floatingPointOperations(
          inputs.map { [$0.channels.count] + sent($0) }, output: [forward[index].channels.count] + kept)
      }
      local += count(sent: { _ in boxes.sentExtents[index] }, kept: boxes.extents[index])
      whole += count(sent: \.spatialShape, kept: forward[index].spatialShape)
    }
    return whole > 0 ? Double(local) / Double(whole) : 1
  }
}
