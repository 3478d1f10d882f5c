/// Trilinear interpolation from one grid to another over the same extent: voxel centres at half-integer places, the
/// border value continued outwards, as PyTorch's `interpolate(mode="trilinear", align_corners=False)`.
struct TrilinearEnlargement {
  private struct Axis {
    let low: [Int]
    let high: [Int]
    /// Weight of `high`.
    let fraction: [Float]

    init(from: Int, to: Int) {
      let places = (0..<to).map { max((Double($0) + 0.5) * Double(from) / Double(to) - 0.5, 0) }
      low = places.map { min(Int($0), from - 1) }
      high = low.map { min($0 + 1, from - 1) }
      fraction = zip(places, low).map { Float($0 - Double($1)) }
    }
  }

  private let source: [Int]
  private let target: [Int]
  private let axes: [Axis]

  init(from source: [Int], to target: [Int]) {
    precondition(source.count == 3 && target.count == 3 && (source + target).allSatisfy { $0 > 0 })
    self.source = source
    self.target = target
    axes = zip(source, target).map { Axis(from: $0, to: $1) }
  }

  /// - Parameter values: [D, H, W] of the source, last axis fastest.
  func applied(to values: [Float]) -> [Float] {
    precondition(values.count == source.reduce(1, *))
    var (values, shape) = (values, source)
    // The shortest arrays first: the last axis, then the others.
    for axis in [2, 1, 0] {
      let (outer, inner) = (shape[..<axis].reduce(1, *), shape[(axis + 1)...].reduce(1, *))
      let (old, new, line) = (shape[axis], target[axis], axes[axis])
      var next = [Float](repeating: 0, count: outer * new * inner)
      for o in 0..<outer {
        for i in 0..<new {
          let (low, high, t) = ((o * old + line.low[i]) * inner, (o * old + line.high[i]) * inner, line.fraction[i])
          let to = (o * new + i) * inner
          for x in 0..<inner { next[to + x] = values[low + x] + (values[high + x] - values[low + x]) * t }
        }
      }
      (values, shape[axis]) = (next, new)
    }
    return values
  }
}
