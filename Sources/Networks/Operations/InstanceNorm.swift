import CKernels

/// Instance normalisation: x̂ = (x − mean) / √(variance + ε) with the statistics of each channel over its voxels
/// (biased variance), y = leaky(γ · x̂ + β); or, with the residual connection it may have absorbed, y = leaky(γ · x̂ +
/// β + r), where r is normalised too or added as it is.
struct InstanceNorm: LeakyOperation {
  static let kind = "instance normalisation"

  struct Scaling: Hashable {
    /// γ and β per channel; empty stands for 1 and 0.
    let weight: [Float]
    let bias: [Float]
    let epsilon: Float
  }

  /// How each input is normalised; nil: added as it is.
  let terms: [Scaling?]
  /// Slope of an absorbed activation for negative values; 1: none.
  var slope: Float = 1

  init(weight: [Float], bias: [Float], epsilon: Float) {
    terms = [Scaling(weight: weight, bias: bias, epsilon: epsilon)]
  }

  private init(terms: [Scaling?]) { self.terms = terms }

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0].dropFirst().reduce(1, *) > 1 else {
      throw NetworkError.input(found: "instance normalisation of a single voxel", expected: "a larger window")
    }
    return inputs.count == 1 ? inputs[0] : try Addition().outputShape(inputs)
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    inputs[0].channelwise(block)
  }

  /// A residual connection that takes over the normalisations in front of it, nil where there is another operation.
  static func sum(_ before: [InstanceNorm?]) -> InstanceNorm? {
    guard before.count == 2, before.contains(where: { $0 != nil }) else { return nil }
    let terms = before.map { $0.map { $0.terms.count == 1 && $0.slope == 1 ? $0.terms[0] : nil } ?? nil }
    return terms[0] == nil && terms[1] == nil ? nil : InstanceNorm(terms: terms)
  }

  func forward(_ node: ForwardNode) {
    let (output, builder, slope) = (node.output, node.builder, slope)
    let inputs = node.inputs.map { builder.stored($0, as: output.channels) }
    let statistics = builder.region(
      ChannelLayout(segments: [4 * terms.count * output.storedChannels], block: output.channels.block), [1, 1, 1])
    node.saved.region = statistics
    for (index, (term, input)) in zip(terms, inputs).enumerated() {
      guard let term else { continue }
      let weight = term.weight.isEmpty ? nil : output.channels.spread(term.weight)
      let bias = term.bias.isEmpty ? nil : output.channels.spread(term.bias)
      builder.emit("\(node.name) statistics", touching: [input, statistics]) { arena in
        let source = arena.address(input)
        let result = arena.address(statistics) + 4 * index * output.storedChannels
        let (blocks, n, block) = (output.blocks, output.voxelCount, output.channels.block)
        return { lqc_instance_statistics(source, result, weight, bias, term.epsilon, blocks, n, block) }
      }
    }
    builder.emit("\(node.name) instance normalisation", touching: inputs + [output, statistics]) { arena in
      let sum = places(inputs, statistics, gradients: [], arena)
      let target = arena.address(output)
      let (blocks, n, block) = (output.blocks, output.voxelCount, output.channels.block)
      return { lqc_normalised_sum(sum, sum.count, target, slope, blocks, n, block) }
    }
  }

  /// For a normalised term dx = γ / √(variance + ε) · (g − mean(g) − x̂ · mean(g · x̂)), for one added as it is dx = g,
  /// with g = dy · leaky'(y). The sign of y is found from the inputs again, so that y need not be kept.
  func gradient(_ node: GradientNode) {
    let (builder, slope) = (node.builder, slope)
    let cotangent = node.cotangent()
    let inputs = node.inputs.map { builder.stored($0, as: node.output.channels) }
    let statistics = node.saved.region!
    let first = cotangent.isOwned ? cotangent.region : builder.region(like: node.output)
    let targets = inputs.indices.map { $0 == 0 ? first : builder.region(like: node.output) }
    builder.emit("\(node.name) gradient", touching: inputs + targets + [cotangent.region, statistics]) { arena in
      let sum = places(inputs, statistics, gradients: targets, arena)
      let source = arena.address(cotangent.region)
      let (blocks, n, block) = (first.blocks, first.voxelCount, first.channels.block)
      return { lqc_normalised_sum_gradient(sum, sum.count, source, slope, blocks, n, block) }
    }
    for (index, target) in targets.enumerated() { node.contribute(target, to: index) }
  }

  private func places(_ inputs: [Region], _ statistics: Region, gradients: [Region], _ arena: Arena) -> [lqc_norm_term]
  {
    inputs.indices.map { index in
      let rows = arena.address(statistics) + 4 * index * inputs[0].storedChannels
      return lqc_norm_term(
        values: UnsafePointer(arena.address(inputs[index])),
        statistics: terms[index] == nil ? nil : UnsafePointer(rows),
        gradient: gradients.isEmpty ? nil : arena.address(gradients[index]))
    }
  }
}
