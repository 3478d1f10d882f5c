/// A permutation and flipping of the stored axes: the same voxels at the same places in the patient, stored in another
/// order. No value is interpolated, so `inverse` restores every voxel exactly.
public struct Reorientation: Hashable, Sendable {
  /// For each new axis, the old axis it is.
  public let sourceAxes: [Int]
  /// For each new axis, whether it runs against the old one.
  public let isFlipped: [Bool]

  public init(from: Orientation, to: Orientation) {
    sourceAxes = to.directions.map { wanted in from.directions.firstIndex { $0.worldAxis == wanted.worldAxis }! }
    isFlipped = zip(sourceAxes, to.directions).map { from.directions[$0] != $1 }
  }

  private init(sourceAxes: [Int], isFlipped: [Bool]) {
    self.sourceAxes = sourceAxes
    self.isFlipped = isFlipped
  }

  public var isIdentity: Bool { sourceAxes == [0, 1, 2] && !isFlipped.contains(true) }

  public var inverse: Reorientation {
    let axes = (0..<3).map { old in sourceAxes.firstIndex(of: old)! }
    return Reorientation(sourceAxes: axes, isFlipped: axes.map { isFlipped[$0] })
  }

  /// The shape of the grid once reoriented.
  public func applied(to shape: GridShape) -> GridShape {
    let old = [shape.ni, shape.nj, shape.nk]
    return GridShape(old[sourceAxes[0]], old[sourceAxes[1]], old[sourceAxes[2]])
  }

  /// Where a voxel of a grid of `shape` ends up.
  public func applied(to voxel: VoxelIndex, of shape: GridShape) -> VoxelIndex {
    let (old, sizes) = ([voxel.i, voxel.j, voxel.k], [shape.ni, shape.nj, shape.nk])
    let new = (0..<3).map { isFlipped[$0] ? sizes[sourceAxes[$0]] - 1 - old[sourceAxes[$0]] : old[sourceAxes[$0]] }
    return VoxelIndex(new[0], new[1], new[2])
  }

  /// The affine of the reoriented grid. Its inverse restores the old one up to rounding.
  public func applied(to affine: Affine, of shape: GridShape) -> Affine {
    let sizes = [shape.ni, shape.nj, shape.nk]
    return Affine(
      rows: affine.rows.map { row in
        var origin = row[3]
        for new in 0..<3 where isFlipped[new] { origin += row[sourceAxes[new]] * Double(sizes[sourceAxes[new]] - 1) }
        return (0..<3).map { isFlipped[$0] ? -row[sourceAxes[$0]] : row[sourceAxes[$0]] } + [origin]
      })
  }

  public func applied<Element>(to volume: Volume<Element>) -> Volume<Element> {
    if isIdentity { return volume }
    let shape = volume.shape
    let size = applied(to: shape)
    let sizes = [shape.ni, shape.nj, shape.nk]
    let strides = [1, shape.ni, shape.ni * shape.nj]
    // The old linear index of new voxel (0, 0, 0), and what one step along each new axis adds to it.
    var start = 0
    let steps = (0..<3).map { new -> Int in
      let old = sourceAxes[new]
      if isFlipped[new] { start += strides[old] * (sizes[old] - 1) }
      return isFlipped[new] ? -strides[old] : strides[old]
    }
    let (stepI, stepJ, stepK) = (steps[0], steps[1], steps[2])
    let voxels = volume.voxels.withUnsafeBufferPointer { old in
      [Element](unsafeUninitializedCapacity: size.voxelCount) { new, count in
        var target = new.baseAddress!
        for k in 0..<size.nk {
          for j in 0..<size.nj {
            var source = start + j * stepJ + k * stepK
            for _ in 0..<size.ni {
              target.initialize(to: old[source])
              target += 1
              source += stepI
            }
          }
        }
        count = size.voxelCount
      }
    }
    return Volume(shape: size, affine: applied(to: volume.affine, of: shape), voxels: voxels)
  }
}

extension Volume {
  public var orientation: Orientation { Orientation(affine) }

  /// The same volume with its axes stored along `target`.
  public func reoriented(to target: Orientation) -> Volume {
    Reorientation(from: orientation, to: target).applied(to: self)
  }
}
