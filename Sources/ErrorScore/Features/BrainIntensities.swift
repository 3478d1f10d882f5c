import Statistics

/// Centre and spread of an image over the patient's own brain, by which its intensities are compared with others'.
///
/// (x − median) / (1.4826 × MAD) over the voxels of the brain that are not 0.
public struct BrainIntensities: Hashable, Sendable {
  public let median: Double
  public let deviation: Double

  /// - Parameters:
  ///   - image: one value per voxel.
  ///   - brain: non-zero inside.
  /// - Returns: nil where nothing varies.
  public init?(_ image: [Float], brain: [UInt8]) {
    precondition(image.count == brain.count, "one value per voxel")
    let values = image.indices.filter { brain[$0] != 0 && image[$0] != 0 }.map { image[$0] }
    guard let centre = upperMedian(values), let spread = robustSpread(values, around: centre), spread > 0 else {
      return nil
    }
    (median, deviation) = (Double(centre), Double(spread))
  }

  public func standardised(_ value: Float) -> Double { (Double(value) - median) / deviation }
}
