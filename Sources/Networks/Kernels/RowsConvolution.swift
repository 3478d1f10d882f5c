import CKernels

/// The kernels for convolutions between plain volumes, bound to weights: for numbers of channels that would leave a
/// good part of a block empty, such as 24 in blocks of 16.
final class RowsConvolution {
  private let weights: AlignedBytes
  private let bias: [Float]
  private let stride: [Int]
  private var shape = lqc_rows()

  /// Whether a convolution of a value stored like `input` is better done in rows.
  static func suits(_ window: ConvolutionWindow, input: ChannelLayout, block: Int) -> Bool {
    window.stride == [1, 1, 1] && window.kernel.allSatisfy { $0 % 2 == 1 && $0 <= LQC_ROWS_KERNEL }
      && window.padding == window.kernel.map { $0 / 2 } && isWasteful(window.outputChannels, block)
      && (input.isRows || input.segments.allSatisfy { isWasteful($0, block) })
  }

  /// Whether a transposed convolution is better done in rows: its kernel is its stride, so that no results overlap.
  static func suits(raising window: ConvolutionWindow, block: Int) -> Bool {
    window.kernel == window.stride && window.padding == [0, 0, 0] && isWasteful(window.outputChannels, block)
      && window.outputChannels > LQC_FEW
  }

  /// Whether a quarter of the stored channels, or more, would be zeros.
  private static func isWasteful(_ channels: Int, _ block: Int) -> Bool {
    block > 1 && (channels + block - 1) / block * block * 3 >= channels * 4
  }

  /// - Parameter weight: [K, C, taps]
  convenience init(_ window: ConvolutionWindow, weight: [Float], bias: [Float], extent: [Int]) {
    let (c, taps) = (window.inputChannels, window.kernel.reduce(1, *))
    self.init(
      inputs: c, outputs: window.outputChannels, kernel: window.kernel, stride: window.stride, extent: extent,
      bias: bias
    ) { weight[($0 * c + $1) * taps + $2] }
  }

  /// The transpose of a convolution, which is the convolution with reversed taps. `weight`: [K, C, taps] of the
  /// convolution.
  convenience init(transposing window: ConvolutionWindow, weight: [Float], extent: [Int]) {
    let (c, taps) = (window.inputChannels, window.kernel.reduce(1, *))
    self.init(
      inputs: window.outputChannels, outputs: c, kernel: window.kernel, stride: window.stride, extent: extent, bias: []
    ) { weight[($1 * c + $0) * taps + taps - 1 - $2] }
  }

  /// A transposed convolution. `weight`: [C, K, taps]; `extent`: that of its input.
  convenience init(raising window: ConvolutionWindow, weight: [Float], bias: [Float], extent: [Int]) {
    let outputs = window.outputChannels * window.kernel.reduce(1, *)
    let taps = window.kernel.reduce(1, *)
    self.init(
      inputs: window.inputChannels, outputs: outputs, kernel: [1, 1, 1], stride: window.stride, extent: extent,
      bias: bias.flatMap { Array(repeating: $0, count: taps) }
    ) { output, input, _ in weight[input * outputs + output] }
  }

  /// The transpose of that; `extent`: that of its result.
  convenience init(lowering window: ConvolutionWindow, weight: [Float], extent: [Int]) {
    let inputs = window.outputChannels * window.kernel.reduce(1, *)
    self.init(
      inputs: inputs, outputs: window.inputChannels, kernel: [1, 1, 1], stride: window.stride, extent: extent, bias: []
    ) { output, input, _ in weight[output * inputs + input] }
  }

  /// - Parameter weight: Of an output, an input and a tap.
  private init(
    inputs: Int, outputs: Int, kernel: [Int], stride: [Int], extent: [Int], bias: [Float],
    weight: (_ output: Int, _ input: Int, _ tap: Int) -> Float
  ) {
    let (group, taps) = (Int(LQC_ROWS_GROUP), kernel.reduce(1, *))
    let groups = (outputs + group - 1) / group
    let count = groups * inputs * taps * group
    weights = AlignedBytes(count: count * 4)
    let packed = weights.start.bindMemory(to: Float.self, capacity: count)
    packed.initialize(repeating: 0, count: count)
    for output in 0..<outputs {
      for input in 0..<inputs {
        for tap in 0..<taps {
          packed[((output / group * inputs + input) * taps + tap) * group + output % group] = weight(output, input, tap)
        }
      }
    }
    (self.bias, self.stride) = (bias, stride)
    (shape.inputs, shape.outputs) = (inputs, outputs)
    (shape.extent, shape.kernel) = (extent.triple, kernel.triple)
    shape.weights = UnsafePointer(packed)
  }

  func convolve(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    withShape { lqc_convolve_rows($0, source, target) }
  }

  func raise(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    withShape { lqc_raise_rows($0, stride, source, target) }
  }

  func lower(_ source: UnsafePointer<Float>, _ target: UnsafeMutablePointer<Float>) {
    withShape { lqc_lower_rows($0, stride, source, target) }
  }

  private func withShape(_ body: (UnsafePointer<lqc_rows>) -> Void) {
    bias.withUnsafeBufferPointer {
      shape.bias = bias.isEmpty ? nil : $0.baseAddress
      body(&shape)
      shape.bias = nil
    }
  }
}
