/// A network compiled for one input shape: buffers placed, weights reordered, primitives made. Running it allocates
/// nothing.
final class Plan {
  let spatialShape: [Int]
  /// [C][voxels] of the image, written before ``forward()``.
  let input: UnsafeMutableBufferPointer<Float>
  /// [K][voxels] of the logits, valid after ``forward()``.
  let output: UnsafeMutableBufferPointer<Float>
  /// [K][voxels], written before ``gradient()``.
  let cotangent: UnsafeMutableBufferPointer<Float>
  /// [C][voxels] of the value that gradients are taken with respect to, valid after ``forward()``: the input or a
  /// layer.
  let source: UnsafeMutableBufferPointer<Float>
  /// [C, D, H, W] of it.
  let sourceShape: [Int]
  /// [C][voxels] of the gradient with respect to it, valid after ``gradient()``.
  let sourceGradient: UnsafeMutableBufferPointer<Float>
  /// What the steps are called, forward and gradient, for profiling.
  let forwardSteps: [(label: String, run: Step)]
  let gradientSteps: [(label: String, run: Step)]
  let arena: Arena
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
  /// - Throws: ``NetworkError/input(found:expected:)`` for a shape that does not fit,
  ///   ``NetworkError/noGradient(operation:node:)``.
  init(_ graph: Graph, source: Int = 0, spatialShape: [Int], stream: OneDNNStream, block: Int) throws {
    let draft = try PlanDraft(graph, source: source, spatialShape: spatialShape, stream: stream, block: block)
    let (builder, values, boundary) = (draft.builder, draft.values, draft.boundary)
    let (result, tapped, cotangent, joined) = (draft.result, draft.tapped, draft.cotangent, draft.joined)
    let shapes = draft.shapes
    let arena = Arena(builder.memory)
    let steps = try builder.make(in: arena)
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

  /// Computes ``sourceGradient`` for ``cotangent`` at the input of the last ``forward()``; may be called again and
  /// again.
  ///
  /// A cotangent of a few neighbouring voxels takes the short way if there is one, see ``LocalPlan``.
  func gradient() throws {
    if isOfInput, let box = smallBox(), let local = try localPlan(target: box.shape) {
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

  /// The box of one voxel, or of two along every axis, that holds all of the cotangent that is not zero; nil if it does
  /// not fit: a voxel of the patient's grid, brought to the network's, is no larger.
  private func smallBox() -> VoxelBox? {
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
    return Self.small(VoxelBox(lower: lower, upper: upper.map { $0 + 1 }))
  }

  /// The box itself if it is one voxel, the cube of two voxels per axis that holds it, or nil for a larger one.
  private static func small(_ box: VoxelBox) -> VoxelBox? {
    guard box.shape.allSatisfy({ $0 <= 2 }) else { return nil }
    return box.voxelCount == 1 ? box : VoxelBox(lower: box.lower, shape: [2, 2, 2])
  }

  /// The box outside which the gradient of a target in `box` is exactly zero, because it is computed only there.
  func reach(of box: VoxelBox) throws -> VoxelBox {
    let whole = VoxelBox(shape: spatialShape)
    guard isOfInput, let small = Self.small(box),
      let reached = try localPlan(target: small.shape)?.reach(origin: small.lower)
    else { return whole }
    return whole.intersection(reached)
  }
}

/// The steps of a plan and the memory that they will need, before any of it is allocated.
struct PlanDraft {
  let builder: PlanBuilder
  let values: PlacedValues
  /// [C, D, H, W] of every node.
  let shapes: [[Int]]
  /// Steps of the forward pass; those of the gradient follow.
  let boundary: Int
  let result: Region
  let tapped: Region
  let cotangent: Region
  let joined: Region

  /// Bytes of the one allocation.
  var workingBytes: Int { builder.memory.placed().total * 4 }

  /// - Parameter source: the node that gradients are taken with respect to; 0 is the input.
  /// - Throws: ``NetworkError/input(found:expected:)`` for a shape that does not fit,
  ///   ``NetworkError/noGradient(operation:node:)``.
  init(_ graph: Graph, source: Int = 0, spatialShape: [Int], stream: OneDNNStream, block: Int) throws {
    shapes = try graph.shapes(spatialShape: spatialShape)
    builder = PlanBuilder(stream: stream, block: block)
    values = PlacedValues(graph, shapes: shapes, builder: builder)
    let (builder, values) = (builder, values)

    let nodes = graph.nodes.indices.map { index in
      ForwardNode(
        name: graph.nodes[index].name, inputs: graph.nodes[index].inputs.map { values.regions[$0] },
        output: values.regions[index], builder: builder, saved: SavedState())
    }
    for (index, node) in graph.nodes.enumerated() { try node.operation.forward(nodes[index]) }
    result = builder.plain(values.regions[graph.output])
    tapped = builder.plain(values.regions[source])
    boundary = builder.steps.count

    cotangent = builder.region(result.channels, result.spatialShape, isPlain: true)
    var parts: [[GradientNode.Contribution]] = Array(repeating: [], count: graph.nodes.count)
    parts[graph.output] = [GradientNode.Contribution(region: cotangent, isOwned: false)]
    let depends = graph.dependants(of: source)
    for index in graph.nodes.indices.reversed() where index > source && depends[index] && !parts[index].isEmpty {
      let node = graph.nodes[index]
      let gradientNode = GradientNode(nodes[index], parts: parts[index])
      try node.operation.gradient(gradientNode)
      for (input, part) in gradientNode.contributions { parts[node.inputs[input]].append(part) }
    }
    joined = builder.plain(
      GradientNode.joined(parts[source], output: values.regions[source], sign: nil, slope: 1, builder).region)
    builder.keepForward(before: boundary)
    for region in [values.regions[0], tapped, result, cotangent, joined] {
      builder.retain(region, until: builder.steps.count)
    }
  }
}

/// The memory of every value of a graph. What a concatenation joins is placed inside of it.
struct PlacedValues {
  private(set) var regions: [Region] = []

  init(_ graph: Graph, shapes: [[Int]], builder: PlanBuilder) {
    var layouts: [ChannelLayout] = []
    for (index, node) in graph.nodes.enumerated() {
      let inputs = node.inputs.map { layouts[$0] }
      layouts.append(
        inputs.isEmpty
          ? ChannelLayout(segments: [shapes[index][0]], block: builder.block)
          : node.operation.outputLayout(inputs, channels: shapes[index][0], block: builder.block))
    }

    var placed: [Region?] = Array(repeating: nil, count: graph.nodes.count)
    placed[0] = builder.region(layouts[0], Array(shapes[0].dropFirst()), isPlain: true)
    if graph.output != 0, graph.readerCounts[graph.output] == 1,
      graph.nodes[graph.output].operation.prefersPlainOutput(block: builder.block)
    {
      placed[graph.output] = builder.region(
        layouts[graph.output], Array(shapes[graph.output].dropFirst()), isPlain: true)
    }
    for index in graph.nodes.indices.dropFirst().reversed() {
      let node = graph.nodes[index]
      let whole = placed[index] ?? builder.region(layouts[index], Array(shapes[index].dropFirst()))
      placed[index] = whole
      let places = node.operation.places(of: node.inputs.map { layouts[$0] }, inside: whole) ?? []
      for (input, place) in zip(node.inputs, places) where placed[input] == nil && layouts[input] == place.channels {
        placed[input] = place
      }
    }
    regions = placed.map { $0! }
  }
}
