import CKernels

/// The kernels for convolutions between a few plain channels and many blocked ones (first and last layers and their
/// gradients), bound to weights and buffers.
final class FewChannelsConvolution {
  private let weights: AlignedBytes
  private let bias: [Float]?
  private let rows: AlignedBytes
  private var shape = lqc_few_channels()
  private let plain: UnsafeMutablePointer<Float>
  private let blocked: UnsafeMutablePointer<Float>

  /// Whether a side with this many channels is better kept plain: padding it to a block would cost more.
  static func suits(_ window: ConvolutionWindow, channels: Int, block: Int) -> Bool {
    block >= 8 && channels * 2 <= block && channels <= LQC_FEW && window.kernel.allSatisfy { $0 <= LQC_FEW_KERNEL }
  }

  /// - Parameters:
  ///   - weights: [K, C, taps] of the convolution from the plain side of C to the blocked side of K stored channels.
  ///   - bias: One per stored channel of the result.
  init(
    _ window: ConvolutionWindow, plainRegion: Region, blockedRegion: Region, weights plainWeights: [Float],
    bias: [Float]?, slope: Float, arena: Arena
  ) {
    let (few, many, taps) = (plainRegion.channels.count, blockedRegion.storedChannels, window.kernel.reduce(1, *))
    precondition(plainWeights.count == few * many * taps)
    weights = AlignedBytes(count: plainWeights.count * 4)
    rows = AlignedBytes(count: few * plainRegion.spatialShape[0] * plainRegion.spatialShape[1])
    self.bias = bias
    let packed = weights.start.bindMemory(to: Float.self, capacity: plainWeights.count)
    for k in 0..<many {
      for c in 0..<few {
        for tap in 0..<taps { packed[(tap * few + c) * many + k] = plainWeights[(k * few + c) * taps + tap] }
      }
    }
    plain = arena.address(plainRegion)
    blocked = arena.address(blockedRegion)

    shape.few = few
    shape.block = blockedRegion.channels.block
    shape.blocks = blockedRegion.blocks
    shape.wide = plainRegion.spatialShape.triple
    shape.narrow = blockedRegion.spatialShape.triple
    shape.kernel = window.kernel.triple
    shape.stride = window.stride.triple
    shape.padding = window.padding.triple
    shape.slope = slope
    shape.weights = UnsafePointer(packed)
  }

  /// blocked = leaky(convolution(plain) + bias).
  func convolve() {
    withBias { lqc_convolve_few(&shape, plain, blocked, rows.start.assumingMemoryBound(to: UInt8.self)) }
  }

  /// plain = transposed convolution(blocked) + bias.
  func transpose() { withBias { lqc_transposed_few(&shape, blocked, plain) } }

  private func withBias(_ body: () -> Void) {
    guard let bias else { return body() }
    bias.withUnsafeBufferPointer {
      shape.bias = $0.baseAddress
      body()
      shape.bias = nil
    }
  }
}
