import CKernels

/// A convolution with zero padding, followed by a bias and, if absorbed, a leaky activation.
///
/// y[k, o] = leaky(b[k] + Σ_c Σ_t w[k, c, t] · x[c, o·stride + t − padding]), as in PyTorch's `Conv3d`.
struct Convolution: Operation {
  static let kind = "convolution"

  var window: ConvolutionWindow
  /// [K, C, D, H, W]
  var weight: [Float]
  /// [K], or empty.
  var bias: [Float]
  /// Slope of an absorbed activation for negative values; 1: none.
  var slope: Float = 1

  func outputShape(_ inputs: [[Int]]) throws -> [Int] {
    [window.outputChannels] + (try window.reduced(inputs[0], kind: Self.kind))
  }

  func floatingPointOperations(_ inputs: [[Int]], output: [Int]) -> Int {
    2 * weight.count * output.dropFirst().reduce(1, *)
  }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout {
    let isRows = RowsConvolution.suits(window, input: inputs[0], block: block)
    return ChannelLayout(segments: [channels], block: isRows ? 1 : block)
  }

  func absorbing(_ next: any Operation) -> (any Operation)? {
    guard slope == 1 else { return nil }
    var merged = self
    if let norm = next as? BatchNorm {
      let filter = weight.count / window.outputChannels
      merged.bias = norm.shifted(bias)
      for channel in 0..<window.outputChannels {
        for i in channel * filter..<(channel + 1) * filter { merged.weight[i] *= norm.scale[channel] }
      }
      return merged
    }
    if let activation = next as? LeakyActivation, activation.keepsSign {
      merged.slope = activation.slope
      return merged
    }
    return nil
  }

  /// A convolution of single voxels is its own transpose, for which there is a kernel that writes few plain channels.
  func prefersPlainOutput(block: Int) -> Bool {
    slope == 1 && window.isPointwise
      && FewChannelsConvolution.suits(window, channels: window.outputChannels, block: block)
  }

  func forward(_ node: ForwardNode) {
    let output = node.output
    if RowsConvolution.suits(window, input: node.inputs[0].channels, block: node.builder.block) {
      return forwardInRows(node)
    }
    if output.isPlain { return forwardToPlain(node) }
    let bias = bias.isEmpty ? nil : output.channels.spread(bias)
    if node.inputs[0].isPlain
      && FewChannelsConvolution.suits(window, channels: window.inputChannels, block: node.builder.block)
    {
      return forwardFromPlain(node, bias)
    }
    let input = node.builder.blocked(node.inputs[0])
    let weights = window.stored(weight, outer: output.channels, inner: input.channels)
    let geometry = window.geometry(wide: input, narrow: output)
    let (slope, builder) = (slope, node.builder)
    builder.emit("\(node.name) convolution", touching: [input, output]) { arena in
      let primitive = try OneDNNConvolution(
        .forward(slope: slope), geometry, sourceLayout: input.layout, destinationLayout: output.layout,
        weights: weights, bias: bias, source: arena.address(input), destination: arena.address(output),
        scratch: builder.scratch, stream: builder.stream)
      return primitive.run
    }
  }

  private func forwardInRows(_ node: ForwardNode) {
    let input = node.builder.stored(node.inputs[0], as: node.inputs[0].channels.reblocked(1))
    let (output, slope) = (node.output, slope)
    node.builder.emit("\(node.name) convolution", touching: [input, output]) { arena in
      let rows = RowsConvolution(window, weight: weight, bias: bias, extent: input.spatialShape)
      let (source, target) = (arena.address(input), arena.address(output))
      let (channels, n) = (output.channels.count, output.voxelCount)
      return {
        rows.convolve(source, target)
        if slope != 1 { lqc_channel_affine(target, target, nil, nil, slope, channels, n, 1) }
      }
    }
  }

  private func forwardFromPlain(_ node: ForwardNode, _ bias: [Float]?) {
    let (input, output, window, slope) = (node.inputs[0], node.output, window, slope)
    let weights = window.stored(weight, outer: output.channels, inner: input.storedLayout)
    node.builder.emit("\(node.name) convolution", touching: [input, output]) { arena in
      FewChannelsConvolution(
        window, plainRegion: input, blockedRegion: output, weights: weights, bias: bias, slope: slope, arena: arena
      ).convolve
    }
  }

  private func forwardToPlain(_ node: ForwardNode) {
    let (output, bias) = (node.output, bias.isEmpty ? nil : bias)
    let input = node.builder.blocked(node.inputs[0])
    let (window, weights) = (window.transposed, mirroredWeights(like: input))
    node.builder.emit("\(node.name) convolution", touching: [input, output]) { arena in
      FewChannelsConvolution(
        window, plainRegion: output, blockedRegion: input, weights: weights, bias: bias, slope: 1, arena: arena
      ).transpose
    }
  }

  /// [stored C, K] from [K, C] of a convolution of single voxels.
  private func mirroredWeights(like input: Region) -> [Float] {
    let (rows, columns) = (window.outputChannels, window.inputChannels)
    let mirrored = (0..<rows * columns).map { weight[$0 % rows * columns + $0 / rows] }
    return window.transposed.stored(
      mirrored, outer: input.channels, inner: ChannelLayout(segments: [rows], block: 1))
  }

  /// dx[c, i] = Σ_k Σ_t w[k, c, t] · dy'[k, o] over i = o·stride + t − padding, with dy' = dy · leaky'(y).
  static let gradient: GradientRule = { operation, node in
    let convolution = operation as! Convolution
    let cotangent = node.cotangent(throughSlope: convolution.slope).region
    let input = node.inputs[0]
    let (window, builder) = (convolution.window, node.builder)
    if RowsConvolution.suits(window, input: input.channels, block: builder.block) {
      let target = builder.region(input.channels.reblocked(1), input.spatialShape, isPlain: input.isPlain)
      builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
        let rows = RowsConvolution(transposing: window, weight: convolution.weight, extent: input.spatialShape)
        let (source, result) = (arena.address(cotangent), arena.address(target))
        return { rows.convolve(source, result) }
      }
      return node.contribute(target, to: 0)
    }
    if cotangent.isPlain {
      let target = builder.region(input.channels.reblocked(builder.block), input.spatialShape)
      let weights = convolution.mirroredWeights(like: target)
      builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
        FewChannelsConvolution(
          window.transposed, plainRegion: cotangent, blockedRegion: target, weights: weights, bias: nil, slope: 1,
          arena: arena
        ).convolve
      }
      return node.contribute(target, to: 0)
    }
    let isPlain =
      input.isPlain && FewChannelsConvolution.suits(window, channels: window.inputChannels, block: builder.block)
    let target = builder.region(input.channels.reblocked(builder.block), input.spatialShape, isPlain: isPlain)
    let weights = window.stored(convolution.weight, outer: cotangent.channels, inner: target.storedLayout)
    let geometry = window.geometry(wide: target, narrow: cotangent)
    builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
      if isPlain {
        return FewChannelsConvolution(
          window, plainRegion: target, blockedRegion: cotangent, weights: weights, bias: nil, slope: 1, arena: arena
        ).transpose
      }
      let primitive = try OneDNNConvolution(
        .transposed, geometry, sourceLayout: target.layout, destinationLayout: cotangent.layout, weights: weights,
        bias: nil, source: arena.address(target), destination: arena.address(cotangent), scratch: builder.scratch,
        stream: builder.stream)
      return primitive.run
    }
    node.contribute(target, to: 0)
  }
}
