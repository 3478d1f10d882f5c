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
  func gradient() throws { for step in gradientSteps { try step.run() } }
}
