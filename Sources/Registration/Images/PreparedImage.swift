import Statistics
import Volumes

/// An image as it is compared: intensities from 0 to 1, missing slices filled, at three resolutions.
struct PreparedImage: Sendable {
  /// Coarse, medium, fine.
  let levels: [ImageLevel]
  let missing: MissingSlices
  /// From world to voxel of the image as it came.
  let toVoxel: Affine

  /// Brighter than this fraction of the brightest tissue, smoothed by the coarsest level, is head and not air.
  static let headThreshold: Float = 0.1
  /// Intensities are cut to these quantiles.
  static let quantiles = 0.001...0.998

  init(_ image: Volume<Float>, _ role: RegistrationError.Image) throws(RegistrationError) {
    try Self.check(image, role)
    var values = image.voxels
    missing = MissingSlices(in: values, shape: image.shape)
    missing.fill(&values, shape: image.shape)
    try Self.rescale(&values, role)
    Shading(of: values, shape: image.shape, affine: image.affine, threshold: Self.headThreshold).remove(
      from: &values, shape: image.shape, affine: image.affine)
    try Self.rescale(&values, role)
    var image = ReducedImage(
      values, shape: image.shape, affine: image.affine, deviation: Level.fine.deviationMillimetres,
      spacing: Level.fine.voxelMillimetres)
    toVoxel = image.affine.inverse
    var levels = [ImageLevel(image)]
    for (level, finer) in [(Level.medium, Level.fine), (Level.coarse, Level.medium)] {
      image = ReducedImage(
        image.values, shape: image.shape, affine: image.affine, deviation: level.deviationMillimetres,
        before: finer.deviationMillimetres, spacing: level.voxelMillimetres)
      levels.append(ImageLevel(image))
    }
    self.levels = levels.reversed()
  }

  private static func check(_ image: Volume<Float>, _ role: RegistrationError.Image) throws(RegistrationError) {
    let (shape, edges) = (image.shape, image.affine.spacingMillimetres)
    let counts = [shape.ni, shape.nj, shape.nk]
    let extent = zip(counts, [edges.0, edges.1, edges.2]).map { Double($0) * $1 }
    guard counts.min()! >= 8, extent.min()! >= 40 else {
      throw .notThreeDimensional(role, shape: shape, extentMillimetres: extent)
    }
    let bad = image.voxels.count { !$0.isFinite }
    guard bad == 0 else { throw .nonFiniteVoxels(role, count: bad, voxelCount: shape.voxelCount) }
  }

  /// Cuts intensities to two quantiles, which become 0 and 1.
  private static func rescale(_ values: inout [Float], _ role: RegistrationError.Image) throws(RegistrationError) {
    let (low, high) = window(values)
    guard high > low else { throw .noContrast(role, value: low) }
    // In double precision the range of any two floats is finite.
    let scale = 1 / (Double(high) - Double(low))
    values.withUnsafeMutableBufferPointer { values in
      for n in values.indices { values[n] = Float(min(max((Double(values[n]) - Double(low)) * scale, 0), 1)) }
    }
  }

  /// The quantiles of up to 200,000 evenly spread voxels.
  private static func window(_ values: [Float]) -> (Float, Float) {
    let step = max(1, values.count / 200_000) | 1
    let sorted = stride(from: 0, to: values.count, by: step).map { values[$0] }.sorted()
    return (
      nearestRankQuantile(quantiles.lowerBound, ofSorted: sorted)!,
      nearestRankQuantile(quantiles.upperBound, ofSorted: sorted)!
    )
  }

  /// Whether a point of the world lies in or near the head: the coarse image is brighter than air there.
  func showsHead(at point: WorldPoint) -> Bool { levels[0].value(at: point).map { $0 > Self.headThreshold } ?? false }

  /// Centre of the head, by intensity.
  var centre: WorldPoint {
    var (sum, x, y, z) = (0.0, 0.0, 0.0, 0.0)
    let coarse = levels[0]
    for n in coarse.values.indices where coarse.values[n] > Self.headThreshold {
      let point = coarse.affine.world(coarse.shape.voxel(at: n))
      let value = Double(coarse.values[n])
      sum += value
      x += value * point.x
      y += value * point.y
      z += value * point.z
    }
    guard sum > 0 else {
      let half = (Double(coarse.shape.ni - 1) / 2, Double(coarse.shape.nj - 1) / 2, Double(coarse.shape.nk - 1) / 2)
      return coarse.affine.world(half.0, half.1, half.2)
    }
    return WorldPoint(x: x / sum, y: y / sum, z: z / sum)
  }
}
