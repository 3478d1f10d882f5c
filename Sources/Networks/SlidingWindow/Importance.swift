import Glibc
import Statistics

/// How much each voxel of a window counts in the average over windows.
public enum Importance: String, Hashable, Sendable, CaseIterable {
  /// A Gaussian with sigma = a share of the window per axis, 0.125 by default, the product of the axes, floored at
  /// 0.001.
  case gaussian
  /// nnU-Net v2's Gaussian: sigma = 0.125 × window around voxel ⌊window/2⌋, 10 at its highest, in half precision.
  case nnunetGaussian = "nnunet-gaussian"
  /// 1 everywhere.
  case constant

  /// MONAI's `sigma_scale`: the standard deviation of ``gaussian`` along each axis, in windows.
  public static let defaultSigmaScale = [0.125, 0.125, 0.125]

  /// The weights [D, H, W].
  ///
  /// - Parameter sigmaScale: of ``gaussian`` alone.
  func weights(window: [Int], sigmaScale: [Double] = Importance.defaultSigmaScale) -> [Float] {
    switch self {
    case .gaussian: Self.monaiGaussian(window, sigmaScale)
    case .nnunetGaussian: Self.halfPrecisionGaussian(window)
    case .constant: Array(repeating: 1, count: window.reduce(1, *))
    }
  }

  /// As MONAI's `compute_importance_map`.
  private static func monaiGaussian(_ window: [Int], _ sigmaScale: [Double]) -> [Float] {
    let axes = zip(window, sigmaScale).map { extent, scale -> [Float] in
      let sigma = scale * Double(extent)
      return (0..<extent).map { index in
        let distance = Float(index) - Float(extent - 1) / 2
        return exp(distance * distance / Float(-2 * sigma * sigma))
      }
    }
    return product(axes) { max($0, 1e-3) }
  }

  /// As `compute_gaussian` of nnunetv2 2.8 (`inference/sliding_window_prediction.py`): an impulse filtered with a
  /// Gaussian that ends 4 sigma from its centre, scaled to 10 and rounded to half precision; what is 0 then gets the
  /// smallest weight that is not.
  private static func halfPrecisionGaussian(_ window: [Int]) -> [Float] {
    let axes = window.map { extent -> [Double] in
      let sigma = 0.125 * Double(extent)
      let radius = Int(saturating: 4 * sigma + 0.5)
      return (0..<extent).map { index in
        let distance = index - extent / 2
        return abs(distance) > radius ? 0 : exp(-0.5 * Double(distance * distance) / (sigma * sigma))
      }
    }
    // In this order, so that it rounds as nnU-Net does.
    let weights = product([axes[0].map { 10 * $0 }, axes[1], axes[2]]) { Float(Float16($0)) }
    let smallest = weights.reduce(Float.infinity) { $1 > 0 ? min($0, $1) : $0 }
    return weights.map { $0 == 0 ? smallest : $0 }
  }

  /// [D, H, W]: the product of a number of each axis, changed.
  private static func product<Number: FloatingPoint>(_ axes: [[Number]], _ change: (Number) -> Float) -> [Float] {
    axes[0].flatMap { i in axes[1].flatMap { j in axes[2].map { k in change(i * j * k) } } }
  }
}
