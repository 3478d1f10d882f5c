import CKernels

/// The transpose of a strided convolution, followed by a bias and, if absorbed, a leaky activation; the output is
/// `stride` times the input (MONAI's and PyTorch's `ConvTranspose3d` with output padding stride + 2·padding − kernel).
///
/// y[k, o] = leaky(b[k] + Σ_c Σ_t w[c, k, t] · x[c, i]) over o = i·stride + t − padding.
struct TransposedConvolution: Operation, LocalGradient {
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

  var convolutionWindow: ConvolutionWindow? { window }

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
    node.builder.emitTransposed(
      "\(node.name) transposed convolution", window, weight: weight, bias: bias, slope: slope,
      from: node.builder.blocked(node.inputs[0]), to: output)
  }

  /// dx[c, i] = Σ_k Σ_t w[c, k, t] · dy'[k, i·stride + t − padding], a convolution, with dy' = dy · leaky'(y).
  func gradient(_ node: GradientNode) {
    let cotangent = node.cotangent(throughSlope: slope).region
    let (input, builder) = (node.inputs[0], node.builder)
    if isInRows(builder.block) {
      let target = builder.region(input.channels.reblocked(1), input.spatialShape, isPlain: input.isPlain)
      builder.emit("\(node.name) gradient", touching: [cotangent, target]) { arena in
        let rows = RowsConvolution(lowering: window, weight: weight, extent: input.spatialShape)
        let (source, result) = (arena.address(cotangent), arena.address(target))
        return { rows.lower(source, result) }
      }
      return node.contribute(target, to: 0)
    }
    let target = builder.region(input.channels.reblocked(builder.block), input.spatialShape)
    builder.emitConvolution("\(node.name) gradient", window, weight: weight, from: cotangent, to: target)
    node.contribute(target, to: 0)
  }

  // MARK: Local gradient

  var mask: LocalMask? { LocalMask(slope: slope, signOf: .output) }

  func period(axis: Int) -> Int { window.stride[axis] }

  /// Outputs [o, o + n) reach inputs ⌈(o + padding − kernel + 1) / stride⌉ … ⌊(o + n − 1 + padding) / stride⌋; the box
  /// that is kept holds all that the convolution of these reads.
  func localStart(_ start: Int, axis: Int) -> (kept: Int, sent: Int) {
    let (kernel, stride, padding) = (window.kernel[axis], window.stride[axis], window.padding[axis])
    let sent = -Self.floorDivided(-(start + padding - kernel + 1), stride)
    return (sent * stride - padding, sent)
  }

  func localLength(_ length: Int, starts: [Int], axis: Int) -> (kept: Int, sent: Int) {
    let (stride, padding) = (window.stride[axis], window.padding[axis])
    let sent = starts.map { start in
      Self.floorDivided(start + length - 1 + padding, stride) - localStart(start, axis: axis).sent + 1
    }.max()!
    return ((sent - 1) * stride + window.kernel[axis], sent)
  }

  func localGradient(_ node: LocalNode) -> [Region] {
    let target = node.builder.region(node.inputs[0].channels.reblocked(node.builder.block), node.extent)
    node.builder.emitConvolution(
      "\(node.name) local gradient", window.unpadded, weight: weight, from: node.box, to: target)
    return [target]
  }

  private static func floorDivided(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }
}
