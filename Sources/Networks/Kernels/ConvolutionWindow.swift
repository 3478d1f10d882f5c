/// Channels, kernel, stride and padding of a convolution or of a transposed convolution.
struct ConvolutionWindow: Hashable, Sendable {
  let inputChannels: Int
  let outputChannels: Int
  /// One number per axis D, H, W, as all below.
  let kernel: [Int]
  let stride: [Int]
  let padding: [Int]

  /// Odd kernel, padding of half of it: MONAI's `same_padding`.
  static func centred(inputChannels: Int, outputChannels: Int, kernel: [Int], stride: [Int]) -> ConvolutionWindow {
    ConvolutionWindow(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: stride,
      padding: kernel.map { ($0 - 1) / 2 })
  }

  /// A transposed convolution whose results do not overlap: the kernel is the stride.
  static func raising(inputChannels: Int, outputChannels: Int, by stride: [Int]) -> ConvolutionWindow {
    ConvolutionWindow(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: stride, stride: stride, padding: [0, 0, 0])
  }

  /// Whether every voxel of the result depends on one voxel, at the same place.
  var isPointwise: Bool { kernel == [1, 1, 1] && stride == [1, 1, 1] && padding == [0, 0, 0] }

  /// The same window on a grid that already holds what lies around it.
  var unpadded: ConvolutionWindow {
    ConvolutionWindow(
      inputChannels: inputChannels, outputChannels: outputChannels, kernel: kernel, stride: stride, padding: [0, 0, 0])
  }

  /// The same window from outputs to inputs.
  var transposed: ConvolutionWindow {
    ConvolutionWindow(
      inputChannels: outputChannels, outputChannels: inputChannels, kernel: kernel, stride: stride, padding: padding)
  }

  /// The spatial shape after a convolution: ⌊(n + 2·padding − kernel) / stride⌋ + 1 per axis.
  func reduced(_ input: [Int], kind: String) throws -> [Int] {
    try requireChannels(input, kind: kind)
    return try (0..<3).map { axis in
      let room = input[axis + 1] + 2 * padding[axis] - kernel[axis]
      guard room >= 0 else {
        throw NetworkError.input(
          found: "axis \(axis) of \(input[axis + 1]) voxels",
          expected: "one not shorter than the kernel \(kernel[axis]) of a \(kind)")
      }
      return room / stride[axis] + 1
    }
  }

  func requireChannels(_ input: [Int], kind: String) throws {
    guard input[0] == inputChannels else {
      throw NetworkError.input(found: "\(input[0]) channels for a \(kind)", expected: "\(inputChannels)")
    }
  }

  /// Weights [outer, inner, kernel] spread to the stored channels of both sides, zeros elsewhere.
  func stored(_ weight: [Float], outer: ChannelLayout, inner: ChannelLayout) -> [Float] {
    let taps = kernel.reduce(1, *)
    precondition(weight.count == outer.count * inner.count * taps, "one weight per channel pair and tap")
    if outer.storedCount == outer.count && inner.storedCount == inner.count { return weight }
    var result = Array(repeating: Float(0), count: outer.storedCount * inner.storedCount * taps)
    var next = 0
    for row in outer.positions {
      for column in inner.positions {
        let start = (row * inner.storedCount + column) * taps
        for tap in 0..<taps { result[start + tap] = weight[next + tap] }
        next += taps
      }
    }
    return result
  }

  /// The geometry of the convolution from the wide side (before striding) to the narrow side.
  func geometry(wide: Region, narrow: Region) -> ConvolutionGeometry {
    ConvolutionGeometry(
      source: [wide.storedChannels] + wide.spatialShape, destination: [narrow.storedChannels] + narrow.spatialShape,
      kernel: kernel, stride: stride, padding: padding)
  }
}

extension [Int] {
  /// One number per axis D, H, W, as the kernels in C want them.
  var triple: (Int, Int, Int) { (self[0], self[1], self[2]) }
}
