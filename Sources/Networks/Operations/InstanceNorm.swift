import CKernels

/// Instance normalisation: x̂ = (x − mean) / √(variance + ε) with the statistics of each channel over its voxels (biased
/// variance), y = leaky(γ · x̂ + β).
struct InstanceNorm: Operation {
  static let kind = "instance normalisation"

  /// γ and β per channel; empty stands for 1 and 0.
  let weight: [Float]
  let bias: [Float]
  let epsilon: Float
  /// Slope of an absorbed activation for negative values; 1: none.
  var slope: Float = 1

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0].dropFirst().reduce(1, *) > 1 else {
      throw NetworkError.input("instance normalisation of a single voxel is undefined; use a larger window")
    }
    return inputs[0]
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout { inputs[0] }

  func absorbing(_ next: any Operation) -> (any Operation)? {
    guard slope == 1, let activation = next as? LeakyActivation, activation.keepsSign else { return nil }
    var merged = self
    merged.slope = activation.slope
    return merged
  }

  func forward(_ node: ForwardNode) {
    let (input, output) = (node.builder.blocked(node.inputs[0]), node.output)
    let statistics = node.builder.region(
      ChannelLayout(segments: [2 * output.storedChannels], block: output.channels.block), [1, 1, 1])
    node.saved.region = statistics
    let weight = weight.isEmpty ? nil : output.channels.spread(weight)
    let bias = bias.isEmpty ? nil : output.channels.spread(bias)
    let (epsilon, slope) = (epsilon, slope)
    node.builder.emit("\(node.name) instance normalisation", touching: [input, output, statistics]) { arena in
      let (source, target) = (arena.address(input), arena.address(output))
      let moments = arena.address(statistics)
      let (blocks, n, block) = (output.blocks, output.voxelCount, output.channels.block)
      return { lqc_instance_norm(source, target, moments, weight, bias, epsilon, slope, blocks, n, block) }
    }
  }

  /// dx = γ / √(variance + ε) · (dy' − mean(dy') − x̂ · mean(dy' · x̂)) with dy' = dy · leaky'(y).
  static let gradient: GradientRule = { operation, node in
    let norm = operation as! InstanceNorm
    let cotangent = node.cotangent(throughSlope: norm.slope).region
    let input = node.builder.blocked(node.inputs[0])
    let statistics = node.saved.region!
    let target = node.builder.region(like: cotangent)
    let weight = norm.weight.isEmpty ? nil : cotangent.channels.spread(norm.weight)
    node.builder.emit("\(node.name) gradient", touching: [input, cotangent, statistics, target]) { arena in
      let (values, source) = (arena.address(input), arena.address(cotangent))
      let (moments, result) = (arena.address(statistics), arena.address(target))
      let (blocks, n, block) = (target.blocks, target.voxelCount, target.channels.block)
      return { lqc_instance_norm_gradient(values, source, moments, weight, result, blocks, n, block) }
    }
    node.contribute(target, to: 0)
  }
}
