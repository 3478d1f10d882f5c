import Statistics
public import Volumes

/// FLAIR of a region against the same place on the other side of the brain, in robust standard deviations of the brain.
///
/// The mirror plane is that of the stored axis nearest to left–right through the centre of mass of the brain; the value
/// is the mean over the region minus the mean over its mirrored voxels that are brain. Not defined where fewer than
/// half of them are, and where region and mirror image overlap by half or more (a region in the midline). Asymmetry as
/// a sign of a lesion: after Tustison et al., Neuroinformatics 2015.
public struct MirrorContrast: Sendable {
  private let shape: GridShape
  private let axis: Int
  /// Twice the place of the plane, in voxels.
  private let twicePlane: Int

  /// - Returns: nil for an empty brain.
  public init?(brain: Volume<UInt8>) {
    shape = brain.shape
    axis = brain.orientation.directions.firstIndex { $0.worldAxis == 0 }!
    let sizes = [shape.ni, shape.nj, shape.nk]
    let stride = [1, shape.ni, shape.ni * shape.nj][axis]
    var (sum, count) = (0, 0)
    for index in brain.voxels.indices where brain.voxels[index] != 0 {
      sum += index / stride % sizes[axis]
      count += 1
    }
    guard count > 0 else { return nil }
    twicePlane = Int(saturating: (2 * Double(sum) / Double(count)).rounded())
  }

  /// The voxel on the other side; nil outside the grid.
  public func mirrored(_ index: Int) -> Int? {
    let voxel = shape.voxel(at: index)
    var place = [voxel.i, voxel.j, voxel.k]
    place[axis] = twicePlane - place[axis]
    let other = VoxelIndex(place[0], place[1], place[2])
    return shape.contains(other) ? shape.linearIndex(other) : nil
  }

  /// - Parameter voxels: linear indices of the region, not empty.
  public func value(of voxels: [Int], flair: [Float], brain: [UInt8], intensities: BrainIntensities) -> Double? {
    let own = Set(voxels)
    let others = voxels.compactMap(mirrored).filter { brain[$0] != 0 }
    guard 2 * others.count >= voxels.count, 2 * others.count(where: own.contains) < voxels.count else { return nil }
    func mean(_ indices: [Int]) -> Double {
      indices.reduce(0) { $0 + intensities.standardised(flair[$1]) } / Double(indices.count)
    }
    return mean(voxels) - mean(others)
  }
}
