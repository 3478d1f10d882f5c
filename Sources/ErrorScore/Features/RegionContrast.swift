import Statistics

/// How a region looks against the tissue around it in one image, in robust standard deviations of the brain
/// (``BrainIntensities``).
///
/// - `inside`: mean over the region.
/// - `contrast`: `inside` minus the mean over the ring 2–5 mm around it, other lesions and what is no brain left out.
/// - `ringSpread`: standard deviation (n − 1) in that ring: how uneven the surroundings are.
///
/// The last two are not defined with fewer than two voxels in the ring.
public struct RegionContrast: Hashable, Sendable {
  public let inside: Double
  public let contrast: Double?
  public let ringSpread: Double?

  /// - Parameters:
  ///   - inside: intensities of the region, not empty.
  ///   - ring: of the ring.
  public init(inside: [Float], ring: [Float], brain: BrainIntensities) {
    precondition(!inside.isEmpty, "a region has a voxel")
    func mean(_ values: [Float]) -> Double { values.reduce(0) { $0 + brain.standardised($1) } / Double(values.count) }
    self.inside = mean(inside)
    guard ring.count > 1 else {
      (contrast, ringSpread) = (nil, nil)
      return
    }
    let around = mean(ring)
    contrast = self.inside - around
    let squares = ring.reduce(0.0) { $0 + (brain.standardised($1) - around) * (brain.standardised($1) - around) }
    ringSpread = (squares / Double(ring.count - 1)).squareRoot()
  }
}
