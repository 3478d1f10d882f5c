/// A linear layer on the channels of every voxel, as PyTorch's `Linear` on tokens: y[k, v] = b[k] + Σ_c w[k, c] · x[c,
/// v].
struct Linear: Operation {
  static let kind = "linear layer"

  let inputChannels: Int
  let outputChannels: Int
  /// [K, C]
  let weight: [Float]
  /// [K], or empty.
  let bias: [Float]

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    guard inputs[0][0] == inputChannels else {
      throw NetworkError.input(found: "\(inputs[0][0]) channels for a \(Self.kind)", expected: "\(inputChannels)")
    }
    return [outputChannels] + inputs[0].dropFirst()
  }

  func floatingPointOperations(_ inputs: [[Int]], output: [Int]) -> Int {
    2 * weight.count * output.dropFirst().reduce(1, *)
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout { .tokens(channels) }

  func forward(_ node: ForwardNode) {
    let (input, output, builder) = (node.builder.tokens(node.inputs[0]), node.output, node.builder)
    builder.emit("\(node.name) linear", touching: [input, output]) { arena in
      try OneDNNMatmul(
        .init(rows: input.voxelCount, inner: inputChannels, columns: outputChannels), weights: weight, order: .columns,
        bias: bias.isEmpty ? nil : bias, source: arena.address(input), destination: arena.address(output),
        scratch: builder.scratch
      ).run
    }
  }

  /// dx[c, v] = Σ_k w[k, c] · dy[k, v].
  func gradient(_ node: GradientNode) {
    let (cotangent, builder) = (node.cotangent().region, node.builder)
    let target = builder.region(.tokens(inputChannels), cotangent.spatialShape)
    builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
      try OneDNNMatmul(
        .init(rows: target.voxelCount, inner: outputChannels, columns: inputChannels), weights: weight, order: .rows,
        bias: nil, source: arena.address(cotangent), destination: arena.address(target), scratch: builder.scratch
      ).run
    }
    node.contribute(target, to: 0)
  }
}
