import CKernels

/// y = x · Φ(x) with the normal distribution function Φ: PyTorch's exact GELU.
struct GELU: Operation {
  static let kind = "GELU"

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout { inputs[0] }

  func forward(_ node: ForwardNode) {
    let (output, builder) = (node.output, node.builder)
    let input = builder.stored(node.inputs[0], as: output.channels)
    builder.emit("\(node.name) GELU", touching: [input, output]) { arena in
      let (source, target, count) = (arena.address(input), arena.address(output), output.count)
      return { lqc_gelu(source, nil, target, count) }
    }
  }

  /// dx = dy · (Φ(x) + x · φ(x)) with the normal density φ.
  func gradient(_ node: GradientNode) {
    let cotangent = node.cotangent()
    let input = node.builder.stored(node.inputs[0], as: node.output.channels)
    let target = cotangent.isOwned ? cotangent.region : node.builder.region(like: cotangent.region)
    node.builder.emit("\(node.name) gradient", touching: [input, cotangent.region, target]) { arena in
      let (values, source) = (arena.address(input), arena.address(cotangent.region))
      let (result, count) = (arena.address(target), target.count)
      return { lqc_gelu(values, source, result, count) }
    }
    node.contribute(target, to: 0)
  }
}
