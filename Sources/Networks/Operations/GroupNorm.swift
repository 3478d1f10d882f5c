import CKernels

/// Group normalisation: x̂ = (x − mean) / √(variance + ε) with the statistics of each group of neighbouring channels
/// over all its voxels (biased variance), y = leaky(γ · x̂ + β) with γ and β of each channel.
///
/// Source: Wu, He, *Group Normalization*, ECCV 2018; PyTorch's `GroupNorm`.
struct GroupNorm: LeakyOperation {
  static let kind = "group normalisation"

  /// How many groups of one size the channels make.
  let groups: Int
  /// γ and β per channel; empty stands for 1 and 0.
  let weight: [Float]
  let bias: [Float]
  let epsilon: Float
  /// Slope of an absorbed activation for negative values; 1: none.
  var slope: Float = 1

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0][0] % groups == 0 else {
      throw NetworkError.input(
        found: "group normalisation of \(inputs[0][0]) channels", expected: "a multiple of \(groups) channels")
    }
    guard inputs[0].reduce(1, *) > groups else {
      throw NetworkError.input(found: "group normalisation of single numbers", expected: "a larger window")
    }
    return inputs[0]
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    inputs[0].channelwise(block)
  }

  func forward(_ node: ForwardNode) {
    let (output, builder, slope, epsilon) = (node.output, node.builder, slope, epsilon)
    let input = builder.stored(node.inputs[0], as: output.channels)
    let statistics = builder.region(
      ChannelLayout(segments: [4 * output.storedChannels], block: output.channels.block), [1, 1, 1])
    node.saved.region = statistics
    let members = members(output)
    let weight = weight.isEmpty ? nil : output.channels.spread(weight)
    let bias = bias.isEmpty ? nil : output.channels.spread(bias)
    builder.emit("\(node.name) statistics", touching: [input, statistics]) { arena in
      let (source, result) = (arena.address(input), arena.address(statistics))
      let (blocks, n, block, groups) = (output.blocks, output.voxelCount, output.channels.block, groups)
      return { lqc_group_statistics(source, result, members, groups, weight, bias, epsilon, blocks, n, block) }
    }
    builder.emit("\(node.name) group normalisation", touching: [input, output, statistics]) { arena in
      let term = term(input, statistics, gradient: nil, arena)
      let target = arena.address(output)
      let (blocks, n, block) = (output.blocks, output.voxelCount, output.channels.block)
      return { lqc_normalised_sum([term], 1, target, slope, blocks, n, block) }
    }
  }

  /// dx = (γ · g − mean(γ · g) − x̂ · mean(γ · g · x̂)) / √(variance + ε) with g = dy · leaky'(y) and the means over
  /// the group. The sign of y is found from the input again, so that y need not be kept.
  func gradient(_ node: GradientNode) {
    let (builder, slope) = (node.builder, slope)
    let cotangent = node.cotangent()
    let input = builder.stored(node.inputs[0], as: node.output.channels)
    let statistics = node.saved.region!
    let target = cotangent.isOwned ? cotangent.region : builder.region(like: node.output)
    let members = members(node.output)
    builder.emit("\(node.name) gradient", touching: [input, target, cotangent.region, statistics]) { arena in
      var term = term(input, statistics, gradient: target, arena)
      let source = arena.address(cotangent.region)
      let (blocks, n, block, groups) = (target.blocks, target.voxelCount, target.channels.block, groups)
      return { lqc_group_norm_gradient(&term, members, groups, source, slope, blocks, n, block) }
    }
    node.contribute(target, to: 0)
  }

  /// The group of every stored channel; −1 where a channel only fills up a block.
  private func members(_ value: Region) -> [Int32] {
    var result = [Int32](repeating: -1, count: value.storedChannels)
    let size = value.channels.count / groups
    for (channel, position) in value.channels.positions.enumerated() { result[position] = Int32(channel / size) }
    return result
  }

  private func term(_ input: Region, _ statistics: Region, gradient: Region?, _ arena: Arena) -> lqc_norm_term {
    lqc_norm_term(
      values: UnsafePointer(arena.address(input)), statistics: UnsafePointer(arena.address(statistics)),
      gradient: gradient.map { arena.address($0) })
  }
}
