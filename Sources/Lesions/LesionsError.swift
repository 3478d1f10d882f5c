public import Volumes

/// What can be wrong with the input of lesion analysis. Each description is one line: what is wrong, what was expected,
/// the way out.
public enum LesionsError: Error, Equatable, Sendable, CustomStringConvertible {
  /// Two volumes that must lie on one voxel grid have different shapes.
  case shapesDiffer(what: String, expected: GridShape, found: GridShape)
  /// A probability outside [0, 1], or not a number.
  case notAProbability(value: Float, voxel: VoxelIndex)
  /// A parameter outside its meaningful range.
  case parameterOutOfRange(name: String, value: String, expected: String)

  public var description: String {
    switch self {
    case .shapesDiffer(let what, let expected, let found):
      "the \(what) has \(found.ni)×\(found.nj)×\(found.nk) voxels, expected "
        + "\(expected.ni)×\(expected.nj)×\(expected.nk): resample it onto the grid of the scan"
    case .notAProbability(let value, let voxel):
      "the probability map holds \(value) at voxel (\(voxel.i), \(voxel.j), \(voxel.k)), expected values from 0 to 1: "
        + "give the softmax of the lesion class, not logits"
    case .parameterOutOfRange(let name, let value, let expected): "\(name) is \(value), expected \(expected)"
    }
  }

  static func requireSameShape(_ what: String, _ found: GridShape, as expected: GridShape) throws(LesionsError) {
    guard found == expected else { throw .shapesDiffer(what: what, expected: expected, found: found) }
  }
}
