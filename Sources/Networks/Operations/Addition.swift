import CKernels

/// y = leaky(a + b, slope): a residual connection with the activation it may have absorbed.
struct Addition: Operation, LocalGradient {
  static let kind = "addition"

  /// Slope of an absorbed activation for negative values; 1: none.
  var slope: Float = 1

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0] == inputs[1] else {
      throw NetworkError.input(found: "a residual connection adds \(inputs[0]) and \(inputs[1])", expected: "one shape")
    }
    return inputs[0]
  }

  /// That of the first input.
  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout { inputs[0] }

  func absorbing(_ next: any Operation) -> (any Operation)? {
    guard slope == 1, let activation = next as? LeakyActivation, activation.keepsSign else { return nil }
    return Addition(slope: activation.slope)
  }

  func taking(_ before: [(any Operation)?]) -> (operation: any Operation, taken: [Bool])? {
    guard slope == 1, let sum = InstanceNorm.sum(before.map { $0 as? InstanceNorm }) else { return nil }
    return (sum, sum.terms.map { $0 != nil })
  }

  func forward(_ node: ForwardNode) {
    let output = node.output
    let parts = node.inputs.map { node.builder.stored($0, as: output.channels) }
    let slope = slope
    node.builder.emit("\(node.name) addition", touching: parts + [output]) { arena in
      let (a, b, target) = (arena.address(parts[0]), arena.address(parts[1]), arena.address(output))
      let count = output.count
      return { lqc_add(a, b, target, slope, count) }
    }
  }

  /// Both inputs receive the cotangent; neither may overwrite it.
  func gradient(_ node: GradientNode) {
    let cotangent = node.cotangent(throughSlope: slope).region
    node.contribute(cotangent, to: 0, isOwned: false)
    node.contribute(cotangent, to: 1, isOwned: false)
  }

  var mask: LocalMask? { LocalMask(slope: slope, signOf: .output) }
}
