import CKernels

/// A convolution with zero padding, followed by a bias and, if absorbed, a leaky activation.
///
/// y[k, o] = leaky(b[k] + Σ_c Σ_t w[k, c, t] · x[c, o·stride + t − padding]), as in PyTorch's `Conv3d`.
struct Convolution: Operation, LocalGradient {
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

  var convolutionWindow: ConvolutionWindow? { window }

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
    let (input, output, builder) = (node.inputs[0], node.output, node.builder)
    let label = "\(node.name) convolution"
    if RowsConvolution.suits(window, input: input.channels, block: builder.block) { return forwardInRows(node) }
    if output.isPlain {
      return builder.emitTransposed(
        label, window.transposed, weight: mirroredWeight, bias: bias, from: builder.blocked(input), to: output)
    }
    builder.emitConvolution(
      label, window, weight: weight, bias: bias, slope: slope,
      from: isFewPlain(input, builder) ? input : builder.blocked(input), to: output)
  }

  /// Whether an input stays plain, because padding its few channels to a block would cost more.
  private func isFewPlain(_ input: Region, _ builder: PlanBuilder) -> Bool {
    input.isPlain && FewChannelsConvolution.suits(window, channels: window.inputChannels, block: builder.block)
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

  /// [C, K] from [K, C] of a convolution of single voxels.
  private var mirroredWeight: [Float] {
    let (rows, columns) = (window.outputChannels, window.inputChannels)
    return (0..<rows * columns).map { weight[$0 % rows * columns + $0 / rows] }
  }

  /// dx[c, i] = Σ_k Σ_t w[k, c, t] · dy'[k, o] over i = o·stride + t − padding, with dy' = dy · leaky'(y).
  func gradient(_ node: GradientNode) {
    let cotangent = node.cotangent(throughSlope: slope).region
    let (input, builder) = (node.inputs[0], node.builder)
    if RowsConvolution.suits(window, input: input.channels, block: builder.block) {
      let target = builder.region(input.channels.reblocked(1), input.spatialShape, isPlain: input.isPlain)
      builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
        let rows = RowsConvolution(transposing: window, weight: weight, extent: input.spatialShape)
        let (source, result) = (arena.address(cotangent), arena.address(target))
        return { rows.convolve(source, result) }
      }
      return node.contribute(target, to: 0)
    }
    if cotangent.isPlain {
      let target = builder.region(input.channels.reblocked(builder.block), input.spatialShape)
      builder.emitConvolution(
        "\(node.name) gradient", window.transposed, weight: mirroredWeight, from: cotangent, to: target)
      return node.contribute(target, to: 0)
    }
    let target = builder.region(
      input.channels.reblocked(builder.block), input.spatialShape, isPlain: isFewPlain(input, builder))
    builder.emitTransposed("\(node.name) gradient", window, weight: weight, from: cotangent, to: target)
    node.contribute(target, to: 0)
  }

  // MARK: Local gradient

  var mask: LocalMask? { LocalMask(slope: slope, signOf: .output) }

  func period(axis: Int) -> Int { window.stride[axis] }

  /// Outputs [o, o + n) reach inputs [o·stride − padding, (o + n − 1)·stride − padding + kernel).
  func localStart(_ start: Int, axis: Int) -> (kept: Int, sent: Int) {
    (start, start * window.stride[axis] - window.padding[axis])
  }

  func localLength(_ length: Int, starts: [Int], axis: Int) -> (kept: Int, sent: Int) {
    (length, (length - 1) * window.stride[axis] + window.kernel[axis])
  }

  func localGradient(_ node: LocalNode) -> [Region] {
    let (input, builder) = (node.inputs[0], node.builder)
    let target = builder.region(
      input.channels.reblocked(builder.block), node.extent, isPlain: isFewPlain(input, builder))
    builder.emitTransposed("\(node.name) local gradient", window.unpadded, weight: weight, from: node.box, to: target)
    return [target]
  }
}
