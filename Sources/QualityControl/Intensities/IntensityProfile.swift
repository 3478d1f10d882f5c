import ErrorScore
import Volumes

/// How the intensities of one image are spread inside the brain, whatever their unit.
struct IntensityProfile: Equatable {
  /// Shares of the brain's voxels below each quantile.
  static let levels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

  /// Quantiles at ``levels`` in standard deviations from the mean of the brain's voxels: MRI has no unit, and a network that is
  /// given z-scores sees just these.
  let quantiles: [Double]

  /// - Parameter tissue: not 0 where the brain is; on the grid of the image.
  /// - Returns: nil where nothing varies inside.
  init?(_ image: Volume<Float>, inside tissue: Volume<UInt8>) {
    let values = zip(image.voxels, tissue.voxels).lazy.filter { $0.1 != 0 }.map { Double($0.0) }.sorted()
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    guard variance > 0 else { return nil }
    quantiles = Self.levels.map { (quantile($0, ofSorted: values)! - mean) / variance.squareRoot() }
  }
}
