import Volumes

/// Separable Gaussian smoothing; the border's values continue outside.
struct GaussianBlur {
  private let weights: [Float]
  private var radius: Int { weights.count - 1 }

  /// - Parameter deviation: in voxels.
  init(deviation: Float) {
    let reach = max(1, Int((3 * deviation).rounded(.up)))
    let raw = (0...reach).map { exponential(-Float($0 * $0) / (2 * max(deviation * deviation, 1e-4))) }
    let total = raw[0] + 2 * raw.dropFirst().reduce(0, +)
    weights = raw.map { $0 / total }
  }

  func apply(_ image: [Float], shape: GridShape) -> [Float] {
    var current = image
    for (count, stride) in [(shape.ni, 1), (shape.nj, shape.ni), (shape.nk, shape.ni * shape.nj)] {
      var next = [Float](repeating: 0, count: current.count)
      current.withUnsafeBufferPointer { source in
        next.withUnsafeMutableBufferPointer { target in
          for n in source.indices {
            let at = (n / stride) % count
            var sum = weights[0] * source[n]
            for w in 1..<weights.count {
              sum += weights[w] * (source[n - min(w, at) * stride] + source[n + min(w, count - 1 - at) * stride])
            }
            target[n] = sum
          }
        }
      }
      current = next
    }
    return current
  }
}
