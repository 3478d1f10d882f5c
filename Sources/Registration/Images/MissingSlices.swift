import Volumes

/// Slices without signal between slices that have some.
struct MissingSlices: Sendable {
  /// Indices along each axis, ascending.
  let indices: [[Int]]

  var count: Int { indices.reduce(0) { $0 + $1.count } }

  /// A slice has no signal where its mean above the image's minimum is below this fraction of that of slices on both
  /// sides.
  static let signalFraction = 0.1
  /// Up to two missing slices beside each other are found.
  static let reach = 2

  init(in values: [Float], shape: GridShape) {
    let counts = [shape.ni, shape.nj, shape.nk]
    let lowest = values.min() ?? 0
    indices = (0..<3).map { axis in
      let inner = counts[..<axis].reduce(1, *)
      var sums = [Double](repeating: 0, count: counts[axis])
      values.withUnsafeBufferPointer { values in
        for run in 0..<(values.count / inner) {
          var sum: Float = 0
          for n in (run * inner)..<((run + 1) * inner) { sum += values[n] - lowest }
          sums[run % counts[axis]] += Double(sum)
        }
      }
      return sums.indices.filter { k in
        guard k > 0, k < sums.count - 1 else { return false }
        let before = sums[max(0, k - Self.reach)..<k].max()!
        let after = sums[(k + 1)...min(sums.count - 1, k + Self.reach)].max()!
        return sums[k] < Self.signalFraction * min(before, after)
      }
    }
  }

  /// Fills each missing slice with the mean of the nearest others, weighted by distance.
  func fill(_ values: inout [Float], shape: GridShape) {
    let counts = [shape.ni, shape.nj, shape.nk]
    for axis in 0..<3 {
      let inner = counts[..<axis].reduce(1, *)
      for k in indices[axis] {
        let low = stride(from: k - 1, through: 0, by: -1).first { !indices[axis].contains($0) } ?? k
        let high = ((k + 1)..<counts[axis]).first { !indices[axis].contains($0) } ?? k
        let share = Float(k - low) / Float(max(1, high - low))
        for outer in 0..<(values.count / (inner * counts[axis])) {
          let base = outer * counts[axis]
          for x in 0..<inner {
            let (a, b) = (values[(base + low) * inner + x], values[(base + high) * inner + x])
            values[(base + k) * inner + x] = a + (b - a) * share
          }
        }
      }
    }
  }
}
