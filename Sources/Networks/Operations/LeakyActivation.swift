import CKernels

/// y = x where x > 0, else slope · x: ReLU (slope 0), leaky ReLU, and PReLU with one slope.
struct LeakyActivation: Operation, LocalGradient {
  static let kind = "leaky activation"

  let slope: Float

  /// Whether y > 0 exactly where x > 0, so that the gradient can be taken from the result alone.
  var keepsSign: Bool { slope >= 0 }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    inputs[0].channelwise(block)
  }

  func forward(_ node: ForwardNode) {
    let (input, output, slope) = (node.builder.stored(node.inputs[0], as: node.output.channels), node.output, slope)
    node.builder.emit("\(node.name) activation", touching: [input, output]) { arena in
      let (source, target) = (arena.address(input), arena.address(output))
      let (blocks, n, block) = (output.blocks, output.voxelCount, output.channels.block)
      return { lqc_channel_affine(source, target, nil, nil, slope, blocks, n, block) }
    }
  }

  /// dx = dy where x > 0, else slope · dy.
  func gradient(_ node: GradientNode) {
    let cotangent = node.cotangent(
      throughSlope: slope, signOf: node.builder.stored(node.inputs[0], as: node.output.channels))
    node.contribute(cotangent.region, to: 0, isOwned: cotangent.isOwned)
  }

  var mask: LocalMask? { LocalMask(slope: slope, signOf: .input) }
}

/// An operation whose output a leaky activation that follows can be part of.
protocol LeakyOperation: Operation {
  /// Slope of the absorbed activation for negative values; 1: none.
  var slope: Float { get set }
}

extension LeakyOperation {
  func absorbing(_ next: any Operation) -> (any Operation)? {
    guard slope == 1, let activation = next as? LeakyActivation else { return nil }
    var merged = self
    merged.slope = activation.slope
    return merged
  }
}
