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
      guard node.operation is Concatenation else { continue }
      var offset = whole.offset
      for input in node.inputs {
        let slice = Region(
          buffer: whole.buffer, offset: offset, channels: layouts[input].reblocked(whole.channels.block),
          spatialShape: whole.spatialShape, isPlain: false)
        if placed[input] == nil && layouts[input] == slice.channels { placed[input] = slice }
        offset += slice.count
      }
    }
    regions = placed.map { $0! }
  }
}
