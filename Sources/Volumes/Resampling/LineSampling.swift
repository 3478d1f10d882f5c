import Statistics

/// The samples of a line at the centres of another number of equal cells over the same extent.
///
/// New sample k lies at old coordinate (k + ½) · old/new − ½; beyond the first and last sample the line goes on with
/// their values. This is `scipy.ndimage.zoom(mode="nearest", grid_mode=True)`, hence
/// `skimage.transform.resize(mode="edge")`.
struct LineSampling: Hashable, Sendable {
  let oldCount: Int
  let newCount: Int
  let interpolation: Interpolation
  /// Taps of a new sample: 1, 2 or 4.
  let tapCount: Int
  /// Index of every tap, new sample by new sample: into the line, for cubic interpolation into its padded coefficients.
  let indices: [Int]
  let weights: [Double]

  /// Values by which SciPy continues a line at both ends before it computes cubic coefficients.
  static let cubicPadding = 12

  init(from oldCount: Int, to newCount: Int, _ interpolation: Interpolation) {
    self.oldCount = oldCount
    self.newCount = newCount
    self.interpolation = interpolation
    var indices: [Int] = []
    var weights: [Double] = []
    for k in 0..<newCount {
      let x = Self.oldCoordinate(of: Double(k), old: oldCount, new: newCount)
      let inside = min(max(x, 0), Double(oldCount - 1))
      switch interpolation {
      case .nearest:
        indices.append(Int(saturating: (inside + 0.5).rounded(.down)))
        weights.append(1)
      case .linear:
        let low = inside.rounded(.down)
        indices += [Int(low), min(Int(low) + 1, oldCount - 1)]
        weights += [1 - (inside - low), inside - low]
      case .cubic:
        let low = x.rounded(.down)
        let first = Int(low) - 1 + Self.cubicPadding
        indices += [first, first + 1, first + 2, first + 3]
        weights += Self.cubicWeights(x - low)
      }
    }
    tapCount = newCount == 0 ? 1 : indices.count / newCount
    self.indices = indices
    self.weights = weights
  }

  /// Where a coordinate of the new line lies on the old one.
  static func oldCoordinate(of k: Double, old: Int, new: Int) -> Double {
    (k + 0.5) * (Double(old) / Double(new)) - 0.5
  }

  /// Values at t, 1 + t, 2 + t, 3 + t from the left end of the cubic B-spline, in reverse: the weights of the four
  /// coefficients.
  private static func cubicWeights(_ t: Double) -> [Double] {
    let s = 1 - t
    let (first, last) = (s * s * s / 6, t * t * t / 6)
    let second = (t * t * (t - 2) * 3 + 4) / 6
    return [first, second, 1 - first - second - last, last]
  }
}
