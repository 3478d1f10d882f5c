import Glibc

/// How much each voxel of a window counts in the average over windows.
public enum Importance: String, Hashable, Sendable, CaseIterable {
  /// A Gaussian with sigma = 0.125 × window per axis, the product of the axes, floored at 0.001.
  case gaussian
  /// 1 everywhere.
  case constant

  /// The weights [D, H, W], as MONAI's `compute_importance_map`.
  func weights(window: [Int]) -> [Float] {
    guard self == .gaussian else { return Array(repeating: 1, count: window.reduce(1, *)) }
    let axes = window.map { extent -> [Float] in
      let sigma = 0.125 * Double(extent)
      return (0..<extent).map { index in
        let distance = Float(index) - Float(extent - 1) / 2
        return exp(distance * distance / Float(-2 * sigma * sigma))
      }
    }
    var weights: [Float] = []
    weights.reserveCapacity(window.reduce(1, *))
    for i in axes[0] { for j in axes[1] { for k in axes[2] { weights.append(max(i * j * k, 1e-3)) } } }
    return weights
  }
}
