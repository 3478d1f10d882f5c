/// Number of voxels along the three axes of a voxel grid, in the order in which NIfTI stores them.
///
/// Axis 0 (`i`) is the fastest in memory. The linear index of voxel (i, j, k) is `i + ni * (j + nj * k)`; it is the
/// "linear index" of every ordering rule in the product (lesion numbering, ties between peaks, noise).
public struct GridShape: Hashable, Sendable {
  public let ni: Int
  public let nj: Int
  public let nk: Int

  public init(_ ni: Int, _ nj: Int, _ nk: Int) {
    precondition(ni > 0 && nj > 0 && nk > 0, "a grid has at least one voxel along each axis")
    self.ni = ni
    self.nj = nj
    self.nk = nk
  }

  public var voxelCount: Int { ni * nj * nk }

  public func linearIndex(_ voxel: VoxelIndex) -> Int { voxel.i + ni * (voxel.j + nj * voxel.k) }

  public func voxel(at linearIndex: Int) -> VoxelIndex {
    VoxelIndex(linearIndex % ni, (linearIndex / ni) % nj, linearIndex / (ni * nj))
  }

  public func contains(_ voxel: VoxelIndex) -> Bool {
    voxel.i >= 0 && voxel.i < ni && voxel.j >= 0 && voxel.j < nj && voxel.k >= 0 && voxel.k < nk
  }
}

/// Zero-based index of a voxel along the three stored axes of its grid.
public struct VoxelIndex: Hashable, Sendable, Codable {
  public let i: Int
  public let j: Int
  public let k: Int

  public init(_ i: Int, _ j: Int, _ k: Int) {
    self.i = i
    self.j = j
    self.k = k
  }

  public static func + (a: VoxelIndex, b: VoxelIndex) -> VoxelIndex { VoxelIndex(a.i + b.i, a.j + b.j, a.k + b.k) }

  public static func - (a: VoxelIndex, b: VoxelIndex) -> VoxelIndex { VoxelIndex(a.i - b.i, a.j - b.j, a.k - b.k) }
}
