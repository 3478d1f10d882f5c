/// A box of voxels of a grid, half-open: `lower` is in it, `upper` is just outside along every axis.
public struct GridBox: Hashable, Sendable {
  public let lower: VoxelIndex
  public let upper: VoxelIndex

  /// - Precondition: at least one voxel along each axis.
  public init(lower: VoxelIndex, upper: VoxelIndex) {
    precondition(upper.i > lower.i && upper.j > lower.j && upper.k > lower.k, "a box holds at least one voxel")
    self.lower = lower
    self.upper = upper
  }

  /// All of a grid.
  public init(_ shape: GridShape) {
    self.init(lower: VoxelIndex(0, 0, 0), upper: VoxelIndex(shape.ni, shape.nj, shape.nk))
  }

  public var shape: GridShape { GridShape(upper.i - lower.i, upper.j - lower.j, upper.k - lower.k) }

  public func contains(_ voxel: VoxelIndex) -> Bool {
    (lower.i..<upper.i).contains(voxel.i) && (lower.j..<upper.j).contains(voxel.j)
      && (lower.k..<upper.k).contains(voxel.k)
  }

  /// The box grown by `margin` voxels on every side and cut to the grid.
  public func expanded(by margin: Int, within shape: GridShape) -> GridBox {
    GridBox(
      lower: VoxelIndex(max(0, lower.i - margin), max(0, lower.j - margin), max(0, lower.k - margin)),
      upper: VoxelIndex(
        min(shape.ni, upper.i + margin), min(shape.nj, upper.j + margin), min(shape.nk, upper.k + margin)))
  }

  func lies(within shape: GridShape) -> Bool {
    lower.i >= 0 && lower.j >= 0 && lower.k >= 0 && upper.i <= shape.ni && upper.j <= shape.nj && upper.k <= shape.nk
  }
}
