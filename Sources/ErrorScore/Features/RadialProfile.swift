import Statistics

/// Mean saliency by distance to the border of a region, in bins of 1 mm from 3 mm inside to 10 mm outside.
///
/// Distances are those of `Surroundings`: 0 in the outermost layer of the region's voxels, so that the bin from 0 on
/// holds the border. A bin without a voxel is left out. After the paper's own finding of positive saliency inside and
/// negative around (Spagnolo et al., Scientific Reports 2026).
public struct RadialProfile: Hashable, Sendable {
  public struct Bin: Hashable, Sendable, Codable {
    /// The bin begins here and ends 1 mm farther out.
    public let fromMillimetres: Int
    public let voxels: Int
    public let meanDistanceMillimetres: Double
    /// Mean of the map, in logit per standard deviation.
    public var flair: Double
    /// Nil for a network of FLAIR alone.
    public var mprage: Double?
  }

  public static let range = -3..<10
  private static let tolerance = 1e-4

  public let bins: [Bin]

  /// - Parameters:
  ///   - distances: in mm, one per voxel.
  ///   - flair: value of the FLAIR map there.
  ///   - mprage: likewise; nil for a network of FLAIR alone.
  public init(distances: [Float], flair: [Float], mprage: [Float]?) {
    precondition(distances.count == flair.count && mprage.map { $0.count == flair.count } ?? true, "one per voxel")
    var sums = Self.range.map { _ in (voxels: 0, distance: 0.0, flair: 0.0, mprage: 0.0) }
    for index in distances.indices {
      let distance = Double(distances[index])
      let bin = Int(saturating: (distance + Self.tolerance).rounded(.down)) - Self.range.lowerBound
      guard sums.indices.contains(bin) else { continue }
      sums[bin].voxels += 1
      sums[bin].distance += distance
      sums[bin].flair += Double(flair[index])
      if let mprage { sums[bin].mprage += Double(mprage[index]) }
    }
    bins = zip(Self.range, sums).compactMap { lower, sum in
      guard sum.voxels > 0 else { return nil }
      let count = Double(sum.voxels)
      return Bin(
        fromMillimetres: lower, voxels: sum.voxels, meanDistanceMillimetres: sum.distance / count,
        flair: sum.flair / count, mprage: mprage.map { _ in sum.mprage / count })
    }
  }

  /// Where the mean FLAIR saliency turns from positive to negative, in mm from the border, on the straight line between
  /// the two bins; sought outwards from the highest bin up to the border. Not defined where that is not positive, and
  /// where it stays positive within 10 mm.
  public var zeroCrossingMillimetres: Double? {
    guard
      let start = bins.indices.filter({ bins[$0].fromMillimetres <= 0 }).max(by: { bins[$0].flair < bins[$1].flair }),
      bins[start].flair > 0, let end = bins.indices.first(where: { $0 > start && bins[$0].flair <= 0 })
    else { return nil }
    let (before, after) = (bins[end - 1], bins[end])
    let share = before.flair / (before.flair - after.flair)
    return before.meanDistanceMillimetres + share * (after.meanDistanceMillimetres - before.meanDistanceMillimetres)
  }
}
