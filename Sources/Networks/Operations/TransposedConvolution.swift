import CKernels

/// The transpose of a strided convolution, followed by a bias and, if absorbed, a leaky activation; the output is `stride`
/// times the input (MONAI's and PyTorch's `ConvTranspose3d` with output padding stride + 2·padding − kernel).
///
/// y[k, o] = leaky(b[k] + Σ_c Σ_t w[c, k, t] · x[c, i]) over o = i·stride + t − padding.
struct TransposedConvolution: Operation {
  static let kind = "transposed convolution"

  var window: ConvolutionWindow
  /// [C, K, D, H, W]: the layout of the convolution that this transposes.
  var weight: [Float]
  /// [K], or empty.
  var bias: [Float]
  /// Slope of an absorbed activation for negative values; 1: none.
  var slope: Float = 1

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    try window.requireChannels(inputs[0], kind: Self.kind)
    return [window.outputChannels] + zip(inputs[0].dropFirst(), window.stride).map { $0 * $1 }
  }

  func floatingPointOperations(_ inputs: [[Int]], output: [Int]) -> Int {
    2 * weight.count * inputs[0].dropFirst().reduce(1, *)
  }

  func absorbing(_ next: any Operation) -> (any Operation)? {
    guard slope == 1 else { return nil }
    var merged = self
    if let norm = next as? BatchNorm {
      let taps = window.kernel.reduce(1, *)
      merged.bias = norm.shifted(bias)
      for i in weight.indices { merged.weight[i] *= norm.scale[i / taps % window.outputChannels] }
      return merged
    }
    if let activation = next as? LeakyActivation, activation.keepsSign {
      merged.slope = activation.slope
      return merged
    }
    return nil
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    ChannelLayout(segments: [channels], block: isInRows(block) ? 1 : block)
  }

  private func isInRows(_ block: Int) -> Bool { slope == 1 && RowsConvolution.suits(raising: window, block: block) }

  func prefersPlainOutput(block: Int) -> Bool {
    slope == 1 && FewChannelsConvolution.suits(window, channels: window.outputChannels, block: block)
  }

  func forward(_ node: ForwardNode) {
    let output = node.output
    if isInRows(node.builder.block) {
      let input = node.builder.stored(node.inputs[0], as: node.inputs[0].channels.reblocked(1))
      return node.builder.emit("\(node.name) transposed convolution", touching: [input, output]) { arena in
        let rows = RowsConvolution(raising: window, weight: weight, bias: self.bias, extent: input.spatialShape)
        let (source, target) = (arena.address(input), arena.address(output))
        return { rows.raise(source, target) }
      }
    }
    let input = node.builder.blocked(node.inputs[0])
    let weights = window.stored(weight, outer: input.channels, inner: output.storedLayout)
    if output.isPlain { return forwardToPlain(node, input, weights) }
    let bias = bias.isEmpty ? nil : output.channels.spread(bias)
    let geometry = window.geometry(wide: output, narrow: input)
    let (slope, builder) = (slope, node.builder)
    builder.emit("\(node.name) transposed convolution", touching: [input, output]) { arena in
      let (source, result) = (arena.address(input), arena.address(output))
      let primitive = try OneDNNConvolution(
        .transposed, geometry, sourceLayout: output.layout, destinationLayout: input.layout, weights: weights,
        bias: nil, source: result, destination: source, scratch: builder.scratch, stream: builder.stream)
      if bias == nil && slope == 1 { return primitive.run }
      let (blocks, n, block) = (output.blocks, output.voxelCount, output.channels.block)
      return {
        try primitive.run()
        lqc_channel_affine(result, result, nil, bias, slope, blocks, n, block)
      }
    }
  }

  private func forwardToPlain(_ node: ForwardNode, _ input: Region, _ weights: [Float]) {
    let (output, window, bias) = (node.output, window, bias.isEmpty ? nil : bias)
    node.builder.emit("\(node.name) transposed convolution", touching: [input, output]) { arena in
      FewChannelsConvolution(
        window, plainRegion: output, blockedRegion: input, weights: weights, bias: bias, slope: 1, arena: arena
      ).transpose
    }
  }

  /// dx[c, i] = Σ_k Σ_t w[c, k, t] · dy'[k, i·stride + t − padding], a convolution, with dy' = dy · leaky'(y).
  static let gradient: GradientRule = { operation, node in
    let convolution = operation as! TransposedConvolution
    let cotangent = node.cotangent(throughSlope: convolution.slope).region
    let input = node.inputs[0]
    let (window, builder) = (convolution.window, node.builder)
    if convolution.isInRows(builder.block) {
      let target = builder.region(input.channels.reblocked(1), input.spatialShape, isPlain: input.isPlain)
      builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
        let rows = RowsConvolution(lowering: window, weight: convolution.weight, extent: input.spatialShape)
        let (source, result) = (arena.address(cotangent), arena.address(target))
        return { rows.lower(source, result) }
      }
      return node.contribute(target, to: 0)
    }
    let target = builder.region(input.channels.reblocked(builder.block), input.spatialShape)
    let weights = window.stored(convolution.weight, outer: target.channels, inner: cotangent.storedLayout)
    let geometry = window.geometry(wide: cotangent, narrow: target)
    builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
      if cotangent.isPlain && builder.block > 1 {
        return FewChannelsConvolution(
          window, plainRegion: cotangent, blockedRegion: target, weights: weights, bias: nil, slope: 1, arena: arena
        ).convolve
      }
      let primitive = try OneDNNConvolution(
        .forward(slope: 1), geometry, sourceLayout: cotangent.layout, destinationLayout: target.layout,
        weights: weights, bias: nil, source: arena.address(cotangent), destination: arena.address(target),
        scratch: builder.scratch, stream: builder.stream)
      return primitive.run
    }
    node.contribute(target, to: 0)
  }
}
