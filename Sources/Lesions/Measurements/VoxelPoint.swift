public import Volumes

/// A fractional position along the three stored axes of a grid, in voxels.
public struct VoxelPoint: Hashable, Sendable, Codable {
  public let i: Double
  public let j: Double
  public let k: Double

  public init(i: Double, j: Double, k: Double) {
    self.i = i
    self.j = j
    self.k = k
  }
}

/// The smallest box of voxels around a set; both corners belong to it.
public struct VoxelBounds: Hashable, Sendable, Codable {
  public let lower: VoxelIndex
  public let upper: VoxelIndex

  public init(lower: VoxelIndex, upper: VoxelIndex) {
    self.lower = lower
    self.upper = upper
  }

  /// - Parameter voxels: linear indices, not empty.
  public init(of voxels: [Int], shape: GridShape) {
    precondition(!voxels.isEmpty, "bounds need at least one voxel")
    let first = shape.voxel(at: voxels[0])
    var (lowI, lowJ, lowK) = (first.i, first.j, first.k)
    var (highI, highJ, highK) = (first.i, first.j, first.k)
    for index in voxels {
      let voxel = shape.voxel(at: index)
      (lowI, highI) = (min(lowI, voxel.i), max(highI, voxel.i))
      (lowJ, highJ) = (min(lowJ, voxel.j), max(highJ, voxel.j))
      (lowK, highK) = (min(lowK, voxel.k), max(highK, voxel.k))
    }
    self.init(lower: VoxelIndex(lowI, lowJ, lowK), upper: VoxelIndex(highI, highJ, highK))
  }
}
