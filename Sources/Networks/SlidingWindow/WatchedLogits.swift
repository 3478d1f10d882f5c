/// What windows say of some voxels: Σ_w g_w[v] · y_w[v] / Σ_w g_w[v] over the windows that
/// were added.
struct WatchedLogits {
  /// D, H, W of every voxel.
  private let positions: [(Int, Int, Int)]
  /// [class][voxel]
  private var sums: [[Float]]
  private var weightSums: [Float]
  private(set) var windows = 0

  /// - Parameter voxels: linear indices into `volume`, last axis fastest.
  init(_ voxels: [Int], volume: [Int], classes: Int) {
    let plane = volume[1] * volume[2]
    positions = voxels.map { ($0 / plane, $0 / volume[2] % volume[1], $0 % volume[2]) }
    weightSums = Array(repeating: 0, count: voxels.count)
    sums = Array(repeating: weightSums, count: classes)
  }

  /// - Parameters:
  ///   - logits: [K, D, H, W] of the window that begins at `start`.
  ///   - weights: g_w, [D, H, W].
  mutating func add(_ logits: UnsafeBufferPointer<Float>, weights: [Float], window: [Int], at start: [Int]) {
    let count = window.reduce(1, *)
    windows += 1
    for (n, position) in positions.enumerated() {
      let (d, h, w) = (position.0 - start[0], position.1 - start[1], position.2 - start[2])
      guard d >= 0, h >= 0, w >= 0, d < window[0], h < window[1], w < window[2] else { continue }
      let place = (d * window[1] + h) * window[2] + w
      weightSums[n] += weights[place]
      for k in sums.indices { sums[k][n] += weights[place] * logits[k * count + place] }
    }
  }

  /// [class][voxel]; not a number where a voxel lies in no window; nil before the first window.
  var mean: [[Float]]? { windows == 0 ? nil : sums.map { zip($0, weightSums).map { $0 / $1 } } }
}
