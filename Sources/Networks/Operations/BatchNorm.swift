import CKernels

/// Batch normalisation in evaluation mode: y = scale[c] · x + shift[c] with scale = γ / √(variance + ε) and
/// shift = β − mean · scale. Absorbed by a convolution before it.
struct BatchNorm: Operation {
  static let kind = "batch normalisation"

  let scale: [Float]
  let shift: [Float]

  /// Empty `weight` and `bias` mean 1 and 0.
  init(mean: [Float], variance: [Float], weight: [Float], bias: [Float], epsilon: Double) {
    let scale = variance.indices.map {
      Double(weight.isEmpty ? 1 : weight[$0]) / (Double(variance[$0]) + epsilon).squareRoot()
    }
    self.scale = scale.map(Float.init)
    shift = mean.indices.map { Float(Double(bias.isEmpty ? 0 : bias[$0]) - Double(mean[$0]) * scale[$0]) }
  }

  /// The bias of a convolution that has absorbed this; empty stands for zeros.
  func shifted(_ bias: [Float]) -> [Float] {
    shift.indices.map { Float(Double(bias.isEmpty ? 0 : bias[$0]) * Double(scale[$0]) + Double(shift[$0])) }
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    inputs[0].channelwise(block)
  }

  func forward(_ node: ForwardNode) {
    let (input, output) = (node.builder.stored(node.inputs[0], as: node.output.channels), node.output)
    let (scale, shift) = (output.channels.spread(scale), output.channels.spread(shift))
    node.builder.emit("\(node.name) batch normalisation", touching: [input, output]) { arena in
      let (source, target) = (arena.address(input), arena.address(output))
      let (blocks, n, block) = (output.blocks, output.voxelCount, output.channels.block)
      return { lqc_channel_affine(source, target, scale, shift, 1, blocks, n, block) }
    }
  }

  /// dx = scale[c] · dy.
  func gradient(_ node: GradientNode) {
    let cotangent = node.cotangent().region
    let target = node.builder.region(like: cotangent)
    let scale = cotangent.channels.spread(scale)
    node.builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
      let (source, result) = (arena.address(cotangent), arena.address(target))
      let (blocks, n, block) = (target.blocks, target.voxelCount, target.channels.block)
      return { lqc_channel_affine(source, result, scale, nil, 1, blocks, n, block) }
    }
    node.contribute(target, to: 0)
  }
}
