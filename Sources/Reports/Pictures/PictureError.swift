import Volumes

/// Why a picture cannot be drawn.
enum PictureError: Error, Equatable, CustomStringConvertible {
  /// A volume is not on the grid of the FLAIR.
  case gridDiffers(volume: String, shape: GridShape, expected: GridShape)
  /// The affine maps the grid onto a plane, a line or nothing, or holds values that are not numbers.
  case affineNotInvertible
  /// A stored finding names a voxel that the grid does not have.
  case voxelOutsideGrid(finding: String, voxel: VoxelIndex, shape: GridShape)
  /// libpng refused; the text is its own.
  case encoding(String)

  var description: String {
    switch self {
    case .gridDiffers(let volume, let shape, let expected):
      "\(volume) has \(text(shape)) voxels, the FLAIR has \(text(expected)); pictures need all volumes on one grid"
    case .affineNotInvertible:
      "the affine of the FLAIR has no inverse, so left and right of the patient are unknown; correct the header"
    case .voxelOutsideGrid(let finding, let voxel, let shape):
      "\(finding) has its peak at voxel (\(voxel.i), \(voxel.j), \(voxel.k)), outside the grid of \(text(shape)) voxels; "
        + "results and images are not from the same patient or run"
    case .encoding(let message):
      "a picture could not be written as PNG: \(message)"
    }
  }

  private func text(_ shape: GridShape) -> String { "\(shape.ni) x \(shape.nj) x \(shape.nk)" }
}
