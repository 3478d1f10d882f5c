/// The gradient of a target in a small box of the output, computed only where it can be other than zero.
///
/// Between convolutions the cotangent of one voxel lives in boxes that are small at first and grow with every layer on the way to
/// the input, so that most multiplications of a whole gradient are multiplications of zeros. Leaving them out changes nothing but
/// the order of additions. With a normalisation over the window (instance norm, attention) every voxel depends on every other, and
/// there is no such plan.
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
    guard let boxes = LocalBoxes(graph, target: target), Self.masksAreKept(graph, forward),
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
      let box =
        index == 0 ? gradient : builder.region(forward[index].channels.reblocked(block), boxes.extents[index])
      let (grid, mask, isOutput) = (forward[index].spatialShape, Self.mask(node, index, forward), index == graph.output)
      builder.emit("\(node.name) join", touching: parts.map(\.region) + (index == 0 ? [] : [box])) { arena in
        {
          let origins = placement.origins
          let here = index == 0 ? PlacedBox(box, whole) : PlacedBox(box, arena, origin: origins.boxes[index])
          let added =
            isOutput
            ? [PlacedBox(cotangent, whole)]
            : parts.map { PlacedBox($0.region, arena, origin: origins.sent[$0.reader]) }
          here.join(added, grid: grid)
          if let mask { here.multiply(by: mask.slope, whereNotPositive: PlacedBox(mask.sign, whole)) }
        }
      }
      if index > 0 { sent[index] = Self.send(node, box, forward, boxes.sentExtents[index], builder) }
    }
    let arena = Arena(builder.memory)
    self.boxes = boxes
    self.placement = placement
    memory = (arena, builder.scratch)
    steps = try builder.steps.map { try $0.make(arena) }
  }

  /// Where the gradient can be other than zero for a target's box at `origin`; may leave the grid.
  func reach(origin: [Int]) -> VoxelBox {
    let lower = boxes.origins(target: origin).boxes[0]
    return VoxelBox(lower: lower, upper: zip(lower, boxes.extents[0]).map { $0 + $1 })
  }

  /// Computes the gradient for a cotangent that is zero outside of the target's box at `origin`.
  func gradient(origin: [Int]) throws {
    placement.origins = boxes.origins(target: origin)
    for step in steps { try step() }
  }

  /// The activation that a node's cotangent passes first: its slope, and the value whose sign decides.
  private static func mask(_ node: Graph.Node, _ index: Int, _ forward: [Region]) -> (slope: Float, sign: Region)? {
    switch node.operation {
    case let convolution as Convolution where convolution.slope != 1: (convolution.slope, forward[index])
    case let convolution as TransposedConvolution where convolution.slope != 1: (convolution.slope, forward[index])
    case let addition as Addition where addition.slope != 1: (addition.slope, forward[index])
    case let activation as LeakyActivation: (activation.slope, forward[node.inputs[0]])
    default: nil
    }
  }

  /// Whether the values whose signs are needed are those that the whole gradient needs too, which a plan keeps.
  private static func masksAreKept(_ graph: Graph, _ forward: [Region]) -> Bool {
    graph.nodes.indices.allSatisfy { index in
      guard graph.nodes[index].operation is LeakyActivation else { return true }
      let input = forward[graph.nodes[index].inputs[0]]
      return !input.isPlain && input.channels == forward[index].channels
    }
  }

  /// Emits what a node does with its cotangent, and returns what each of its inputs gets.
  private static func send(
    _ node: Graph.Node, _ box: Region, _ forward: [Region], _ extent: [Int], _ builder: PlanBuilder
  ) -> [Region] {
    switch node.operation {
    case let convolution as Convolution:
      return [transposed(node.name, convolution, box, forward[node.inputs[0]], extent, builder)]
    case let convolution as TransposedConvolution:
      let target = builder.region(forward[node.inputs[0]].channels.reblocked(builder.block), extent)
      let window = convolution.window.unpadded
      let weights = window.stored(convolution.weight, outer: target.channels, inner: box.channels)
      let geometry = window.geometry(wide: box, narrow: target)
      builder.emit("\(node.name) local gradient", touching: [box, target]) { arena in
        try OneDNNConvolution(
          .forward(slope: 1), geometry, sourceLayout: box.layout, destinationLayout: target.layout, weights: weights,
          bias: nil, source: arena.address(box), destination: arena.address(target), scratch: builder.scratch,
          stream: builder.stream
        ).run
      }
      return [target]
    case is Concatenation: return Concatenation.slices(of: box, like: node.inputs.map { forward[$0] })
    default: return node.inputs.map { _ in box }
    }
  }

  private static func transposed(
    _ name: String, _ convolution: Convolution, _ box: Region, _ input: Region, _ extent: [Int], _ builder: PlanBuilder
  ) -> Region {
    let window = convolution.window.unpadded
    let isPlain =
      input.isPlain && FewChannelsConvolution.suits(window, channels: window.inputChannels, block: builder.block)
    let target = builder.region(input.channels.reblocked(builder.block), extent, isPlain: isPlain)
    let weights = window.stored(convolution.weight, outer: box.channels, inner: target.storedLayout)
    let geometry = window.geometry(wide: target, narrow: box)
    builder.emit("\(name) local gradient", touching: [box, target]) { arena in
      if isPlain {
        return FewChannelsConvolution(
          window, plainRegion: target, blockedRegion: box, weights: weights, bias: nil, slope: 1, arena: arena
        ).transpose
      }
      return try OneDNNConvolution(
        .transposed, geometry, sourceLayout: target.layout, destinationLayout: box.layout, weights: weights, bias: nil,
        source: arena.address(target), destination: arena.address(box), scratch: builder.scratch, stream: builder.stream
      ).run
    }
    return target
  }

  /// Multiplications in the boxes as a share of those on the whole grids.
  private static func share(_ graph: Graph, _ forward: [Region], _ boxes: LocalBoxes) -> Double {
    var (local, whole) = (0.0, 0.0)
    for (index, node) in graph.nodes.enumerated() {
      switch node.operation {
      case let convolution as Convolution:
        local += Double(convolution.weight.count * boxes.extents[index].reduce(1, *))
        whole += Double(convolution.weight.count * forward[index].voxelCount)
      case let convolution as TransposedConvolution:
        local += Double(convolution.weight.count * boxes.sentExtents[index].reduce(1, *))
        whole += Double(convolution.weight.count * forward[node.inputs[0]].voxelCount)
      default: break
      }
    }
    return whole > 0 ? local / whole : 1
  }
}
