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

  /// The smallest box around the voxels of a mask that are not 0; nil where all are.
  public init?(enclosing mask: Volume<UInt8>) {
    let shape = mask.shape
    var lower = [Int.max, Int.max, Int.max]
    var upper = [0, 0, 0]
    var linear = 0
    for k in 0..<shape.nk {
      for j in 0..<shape.nj {
        for i in 0..<shape.ni {
          if mask.voxels[linear] != 0 {
            lower = [min(lower[0], i), min(lower[1], j), min(lower[2], k)]
            upper = [max(upper[0], i + 1), max(upper[1], j + 1), max(upper[2], k + 1)]
          }
          linear += 1
        }
      }
    }
    guard upper[0] > 0 else { return nil }
    self.init(
      lower: VoxelIndex(lower[0], lower[1], lower[2]), upper: VoxelIndex(upper[0], upper[1], upper[2]))
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
