/// A network compiled for one input shape: buffers placed, weights reordered, primitives made. Running it allocates nothing.
final class Plan {
  let spatialShape: [Int]
  /// [C][voxels] of the image, written before ``forward()``.
  let input: UnsafeMutableBufferPointer<Float>
  /// [K][voxels] of the logits, valid after ``forward()``.
  let output: UnsafeMutableBufferPointer<Float>
  /// [K][voxels], written before ``gradient()``.
  let cotangent: UnsafeMutableBufferPointer<Float>
  /// [C][voxels] of the value that gradients are taken with respect to, valid after ``forward()``: the input or a layer.
  let source: UnsafeMutableBufferPointer<Float>
  /// [C, D, H, W] of it.
  let sourceShape: [Int]
  /// [C][voxels] of the gradient with respect to it, valid after ``gradient()``.
  let sourceGradient: UnsafeMutableBufferPointer<Float>
  /// What the steps are called, forward and gradient, for profiling.
  let forwardSteps: [(label: String, run: Step)]
  let gradientSteps: [(label: String, run: Step)]
  private let arena: Arena
  /// The steps work in it; primitives know only where it is.
  private let scratch: OneDNNScratch
  private let graph: Graph
  private let stream: OneDNNStream
  private let block: Int
  /// Where the values of nodes are, the cotangent of the output and the gradient.
  private let regions: (forward: [Region], cotangent: Region, gradient: Region)
  private let isOfInput: Bool
  /// Plans for small targets by the size of the target's box; nil where there is none.
  private var localPlans: [[Int]: LocalPlan?] = [:]
  /// How many gradients were computed where they are not zero, and only there.
  private(set) var localGradientCount = 0

  var workingBytes: Int { arena.byteCount }

  /// - Parameter source: the node that gradients are taken with respect to; 0 is the input.
  /// - Throws: ``NetworkError/input(_:)`` for a shape that does not fit, ``NetworkError/noGradient(operation:node:)``.
  init(_ graph: Graph, source: Int = 0, spatialShape: [Int], rules: GradientRules, stream: OneDNNStream, block: Int)
    throws
  {
    let shapes = try graph.shapes(spatialShape: spatialShape)
    let builder = PlanBuilder(stream: stream, block: block)
    let values = PlacedValues(graph, shapes: shapes, builder: builder)

    let nodes = graph.nodes.indices.map { index in
      ForwardNode(
        name: graph.nodes[index].name, inputs: graph.nodes[index].inputs.map { values.regions[$0] },
        output: values.regions[index], builder: builder, saved: SavedState())
    }
    for (index, node) in graph.nodes.enumerated() { try node.operation.forward(nodes[index]) }
    let result = builder.plain(values.regions[graph.output])
    let tapped = builder.plain(values.regions[source])
    let boundary = builder.steps.count

    let cotangent = builder.region(result.channels, result.spatialShape, isPlain: true)
    var pieces: [[GradientNode.Piece]] = Array(repeating: [], count: graph.nodes.count)
    pieces[graph.output] = [GradientNode.Piece(region: cotangent, isOwned: false)]
    let depends = graph.dependants(of: source)
    for index in graph.nodes.indices.reversed() where index > source && depends[index] && !pieces[index].isEmpty {
      let node = graph.nodes[index]
      let gradientNode = GradientNode(nodes[index], pieces: pieces[index])
      try rules.rule(for: node)(node.operation, gradientNode)
      for (input, piece) in gradientNode.contributions { pieces[node.inputs[input]].append(piece) }
    }
    let joined = builder.plain(
      GradientNode.joined(pieces[source], output: values.regions[source], sign: nil, slope: 1, builder).region)
    builder.keepForward(before: boundary)
    for region in [values.regions[0], tapped, result, cotangent, joined] {
      builder.retain(region, until: builder.steps.count)
    }

    let arena = Arena(builder.memory)
    let steps = try builder.steps.map { (label: $0.label, run: try $0.make(arena)) }
    func span(_ region: Region) -> UnsafeMutableBufferPointer<Float> {
      UnsafeMutableBufferPointer(start: arena.address(region), count: region.count)
    }
    self.arena = arena
    scratch = builder.scratch
    (self.graph, self.stream, self.block, isOfInput) = (graph, stream, block, source == 0)
    regions = (values.regions, cotangent, joined)
    self.spatialShape = spatialShape
    (input, output) = (span(values.regions[0]), span(result))
    (self.cotangent, sourceGradient) = (span(cotangent), span(joined))
    (self.source, sourceShape) = (span(tapped), shapes[source])
    forwardSteps = Array(steps[..<boundary])
    gradientSteps = Array(steps[boundary...])
  }

  /// Computes ``output`` from ``input`` and keeps what the gradient needs.
  func forward() throws { for step in forwardSteps { try step.run() } }

  /// Computes ``sourceGradient`` for ``cotangent`` at the input of the last ``forward()``; may be called again and again.
  ///
  /// A cotangent of a few neighbouring voxels takes the short way if there is one, see ``LocalPlan``.
  func gradient() throws {
    if isOfInput, let box = smallBox(), let local = try localPlan(target: box.size) {
      localGradientCount += 1
      return try local.gradient(origin: box.lower)
    }
    for step in gradientSteps { try step.run() }
  }

  /// The plan for targets in boxes of this size, made at its first use; nil where there is none.
  func localPlan(target: [Int]) throws -> LocalPlan? {
    if let known = localPlans[target] { return known }
    let made = try LocalPlan(
      graph, forward: regions.forward, cotangent: regions.cotangent, gradient: regions.gradient, memory: arena,
      target: target, stream: stream, block: block)
    localPlans[target] = .some(made)
    return made
  }

  /// The box of one voxel, or of two along every axis, that holds all of the cotangent that is not zero; nil if it does not fit:
  /// a voxel of the patient's grid, brought to the network's, is no larger.
  private func smallBox() -> (lower: [Int], size: [Int])? {
    let n = regions.cotangent.spatialShape
    let rows = cotangent.count / n[2]
    var (lower, upper) = ([Int.max, Int.max, Int.max], [-1, -1, -1])
    for row in 0..<rows {
      let start = row * n[2]
      // Bits instead of comparisons, so that the loop runs on vectors; the sign is left out, since −0 is 0.
      var bits: UInt32 = 0
      for w in 0..<n[2] { bits |= cotangent[start + w].bitPattern << 1 }
      if bits == 0 { continue }
      let (d, h) = (row / n[1] % n[0], row % n[1])
      for w in 0..<n[2] where cotangent[start + w] != 0 {
        for (axis, place) in [d, h, w].enumerated() {
          (lower[axis], upper[axis]) = (min(lower[axis], place), max(upper[axis], place))
        }
      }
      if (0..<3).contains(where: { upper[$0] - lower[$0] > 1 }) { return nil }
    }
    guard upper[0] >= 0 else { return nil }
    return Self.smallBox(lower, upper)
  }

  private static func smallBox(_ lower: [Int], _ last: [Int]) -> (lower: [Int], size: [Int])? {
    guard zip(lower, last).allSatisfy({ $1 - $0 <= 1 }) else { return nil }
    let size = lower == last ? 1 : 2
    return (lower, [size, size, size])
  }

  /// The box outside which the gradient of a target in `box` is exactly zero, because it is computed only there.
  func reach(of box: VoxelBox) throws -> VoxelBox {
    let whole = VoxelBox(lower: [0, 0, 0], upper: spatialShape)
    guard isOfInput, let small = Self.smallBox(box.lower, box.upper.map { $0 - 1 }),
      let reached = try localPlan(target: small.size)?.reach(origin: small.lower)
    else { return whole }
    return whole.intersection(reached)
  }
}
