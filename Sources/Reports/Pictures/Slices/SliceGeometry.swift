import Foundation
import Volumes

/// How a plane's pictures lie in a grid: which stored axis runs along the rows, the columns and through the slices.
struct SliceGeometry: Hashable, Sendable {
  let plane: SlicePlane
  /// Stored axis (0 i, 1 j, 2 k) through the slices.
  let normalAxis: Int
  /// Stored axis along the picture's rows, and +1 if its index grows to the right.
  let horizontalAxis: Int
  let horizontalStep: Int
  /// Stored axis along the picture's columns, and +1 if its index grows downwards.
  let verticalAxis: Int
  let verticalStep: Int
  let horizontalSpacingMillimetres: Double
  let verticalSpacingMillimetres: Double
  /// Angle between the slices and the anatomical plane they are named after.
  let obliqueDegrees: Double
  let letters: EdgeLetters

  init(_ plane: SlicePlane, affine: Affine, axes: AnatomicalAxes) {
    self.plane = plane
    normalAxis = axes.storedAxis[plane.normal]
    horizontalAxis = axes.storedAxis[plane.horizontal]
    verticalAxis = axes.storedAxis[plane.vertical]
    horizontalStep = -axes.direction[plane.horizontal]
    verticalStep = -axes.direction[plane.vertical]
    horizontalSpacingMillimetres = axes.spacingMillimetres[horizontalAxis]
    verticalSpacingMillimetres = axes.spacingMillimetres[verticalAxis]
    obliqueDegrees = Self.angle(
      affine.rows.map { $0[axes.storedAxis[plane.horizontal]] },
      affine.rows.map { $0[axes.storedAxis[plane.vertical]] }, to: plane.normal)
    // Read off the affine rather than off the plane, so that a wrong step would show as a wrong letter.
    let right = affine.rows[plane.horizontal][horizontalAxis] * Double(horizontalStep)
    let down = affine.rows[plane.vertical][verticalAxis] * Double(verticalStep)
    letters = EdgeLetters(
      left: Self.letter(plane.horizontal, positive: right < 0),
      right: Self.letter(plane.horizontal, positive: right > 0), top: Self.letter(plane.vertical, positive: down < 0),
      bottom: Self.letter(plane.vertical, positive: down > 0))
  }

  /// Whether a position along the plane's axis holds for one voxel and not for the whole slice.
  var isOblique: Bool { obliqueDegrees >= 2 }

  /// Degrees between a world axis and the normal of the plane that two directions span.
  private static func angle(_ a: [Double], _ b: [Double], to axis: Int) -> Double {
    let normal = (0..<3).map { axis -> Double in
      let (next, last) = ((axis + 1) % 3, (axis + 2) % 3)
      return a[next] * b[last] - a[last] * b[next]
    }
    let length = normal.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return acos(min(1, abs(normal[axis]) / length)) * 180 / Double.pi
  }

  /// Name of the index that counts the slices: i, j or k.
  var indexName: String { ["i", "j", "k"][normalAxis] }

  private static func letter(_ worldAxis: Int, positive: Bool) -> String {
    [["L", "R"], ["P", "A"], ["I", "S"]][worldAxis][positive ? 1 : 0]
  }
}

extension VoxelIndex {
  /// The index along a stored axis: 0 i, 1 j, 2 k.
  func along(_ axis: Int) -> Int { axis == 0 ? i : axis == 1 ? j : k }
}

extension GridShape {
  /// The number of voxels along a stored axis: 0 i, 1 j, 2 k.
  func count(along axis: Int) -> Int { axis == 0 ? ni : axis == 1 ? nj : nk }

  /// Steps in the linear index from a voxel to its neighbour along a stored axis.
  func stride(along axis: Int) -> Int { axis == 0 ? 1 : axis == 1 ? ni : ni * nj }
}
