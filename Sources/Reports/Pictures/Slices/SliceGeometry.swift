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
    // Read off the affine rather than off the plane, so that a wrong step would show as a wrong letter.
    let right = affine.rows[plane.horizontal][horizontalAxis] * Double(horizontalStep)
    let down = affine.rows[plane.vertical][verticalAxis] * Double(verticalStep)
    letters = EdgeLetters(
      left: Self.letter(plane.horizontal, positive: right < 0),
      right: Self.letter(plane.horizontal, positive: right > 0),
      top: Self.letter(plane.vertical, positive: down < 0), bottom: Self.letter(plane.vertical, positive: down > 0))
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
