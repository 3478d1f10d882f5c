public import Volumes

/// What can go wrong while a report is made. Each description is one line: what is wrong, what was expected, the
/// remedy.
public enum ReportsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// No folder with `report.mustache` at any of the places that were looked at.
  case templatesNotFound(searched: [String])
  case templateUnreadable(template: String, reason: String)
  /// A tag that is not closed, not known or not allowed in this product's templates.
  case templateSyntax(template: String, line: Int, reason: String)
  /// A tag whose key the page does not provide at that depth.
  case unknownKey(template: String, key: String, line: Int)
  /// A picture that every report must have is missing.
  case missingPicture(finding: String)
  /// libpng refused to write a picture.
  case pngFailed(reason: String)
  /// A volume is not on the grid of the FLAIR.
  case gridDiffers(volume: String, shape: GridShape, expected: GridShape)
  /// The affine maps the grid onto a plane, a line or nothing, or holds values that are not numbers.
  case affineNotInvertible
  /// A stored finding names a voxel that the grid does not have.
  case voxelOutsideGrid(finding: String, voxel: VoxelIndex, shape: GridShape)

  public var description: String {
    switch self {
    case .templatesNotFound(let searched):
      "no report templates found; looked for report.mustache in " + searched.joined(separator: ", ")
        + ": set LESIONQC_TEMPLATES to the templates folder of the installation"
    case .templateUnreadable(let template, let reason):
      "template \(template) cannot be read (\(reason)): restore it from the installation"
    case .templateSyntax(let template, let line, let reason): "template \(template), line \(line): \(reason)"
    case .unknownKey(let template, let key, let line):
      "template \(template), line \(line): the page has no '\(key)' here: correct the key or the section it stands in"
    case .missingPicture(let finding):
      "no picture of \(finding), expected one for every finding: draw it before the page is rendered"
    case .pngFailed(let reason): "a picture could not be encoded as PNG (\(reason))"
    case .gridDiffers(let volume, let shape, let expected):
      "\(volume) has \(text(shape)) voxels, the FLAIR has \(text(expected)): pictures need all volumes on one grid"
    case .affineNotInvertible:
      "the affine of the FLAIR has no inverse, so left and right of the patient are unknown: correct the header"
    case .voxelOutsideGrid(let finding, let voxel, let shape):
      "\(finding) has its peak at voxel (\(voxel.i), \(voxel.j), \(voxel.k)), outside the grid of \(text(shape)) "
        + "voxels: give results and images of the same patient and run"
    }
  }

  private func text(_ shape: GridShape) -> String { "\(shape.ni) x \(shape.nj) x \(shape.nk)" }
}
