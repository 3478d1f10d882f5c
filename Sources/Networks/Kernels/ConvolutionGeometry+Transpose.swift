/// A convolution of stride 1 is the transpose of another one: with as many zeros around as are missing from the whole
/// kernel, its taps in reverse order and the two sides' channels exchanged.
extension ConvolutionGeometry {
  /// Whether the library's transpose comes closer to the exact result than its convolution.
  ///
  /// Its forward kernel for AVX2 (2.6) adds all products of a sum up one after another in single precision: over 27
  /// taps of 384 channels it is five times as far from the exact sum as the kernel for the transpose.
  func isCloserTransposed(block: Int) -> Bool {
    block == 8 && stride == [1, 1, 1] && kernel != [1, 1, 1] && zip(kernel, padding).allSatisfy { $0 > $1 }
  }

  /// The convolution that this one is the transpose of.
  var transposed: ConvolutionGeometry {
    ConvolutionGeometry(
      source: destination, destination: source, kernel: kernel, stride: stride,
      padding: zip(kernel, padding).map { $0 - 1 - $1 })
  }

  /// Its weights [C, K, taps] from this one's [K, C, taps].
  func transposed(_ weights: [Float]) -> [Float] {
    let (rows, columns, taps) = (destination[0], source[0], kernel.reduce(1, *))
    var result = [Float](repeating: 0, count: weights.count)
    for row in 0..<rows {
      for column in 0..<columns {
        let (from, to) = ((row * columns + column) * taps, (column * rows + row) * taps)
        for tap in 0..<taps { result[to + tap] = weights[from + taps - 1 - tap] }
      }
    }
    return result
  }
}
