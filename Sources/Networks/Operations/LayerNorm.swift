import CKernels

/// Layer normalisation over the channels of every voxel: y = γ · (x − mean) / √(variance + ε) + β, biased variance.
struct LayerNorm: Operation {
  static let kind = "layer normalisation"

  /// γ and β per channel; empty stands for 1 and 0.
  let weight: [Float]
  let bias: [Float]
  let epsilon: Float

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout { .tokens(channels) }

  func forward(_ node: ForwardNode) {
    let (input, output, epsilon) = (node.builder.tokens(node.inputs[0]), node.output, epsilon)
    let weight = weight.isEmpty ? nil : weight
    let bias = bias.isEmpty ? nil : bias
    node.builder.emit("\(node.name) layer normalisation", touching: [input, output]) { arena in
      let (source, target) = (arena.address(input), arena.address(output))
      let (n, channels) = (output.voxelCount, output.channels.count)
      return { lqc_layer_norm(source, target, weight, bias, epsilon, n, channels) }
    }
  }

  /// dx = (dy' − mean(dy') − x̂ · mean(dy' · x̂)) / √(variance + ε) with dy' = γ · dy and x̂ = (x − mean) / √(variance
  /// + ε).
  func gradient(_ node: GradientNode) {
    let (cotangent, epsilon) = (node.cotangent(), epsilon)
    let input = node.builder.tokens(node.inputs[0])
    let target = cotangent.isOwned ? cotangent.region : node.builder.region(like: cotangent.region)
    let weight = weight.isEmpty ? nil : weight
    node.builder.emit("\(node.name) gradient", touching: [input, cotangent.region, target]) { arena in
      let (values, source, result) = (arena.address(input), arena.address(cotangent.region), arena.address(target))
      let (n, channels) = (target.voxelCount, target.channels.count)
      return { lqc_layer_norm_gradient(values, source, weight, epsilon, result, n, channels) }
    }
    node.contribute(target, to: 0)
  }
}
