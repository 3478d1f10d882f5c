import Volumes

/// Which stored axis of a grid runs along which anatomical direction, by the grid's `Orientation`.
///
/// Every stored axis gets one world axis. An oblique grid is thus shown along its own slices, named by the closest
/// anatomy.
struct AnatomicalAxes: Hashable, Sendable {
  /// Stored axis (0 i, 1 j, 2 k) closest to world x, y and z.
  let storedAxis: [Int]
  /// +1 if the index grows towards +x, +y, +z of the world (right, anterior, superior), else −1.
  let direction: [Int]
  /// Distance of neighbouring voxel centres along the stored axes i, j, k.
  let spacingMillimetres: [Double]

  init(_ affine: Affine) throws(ReportsError) {
    let (di, dj, dk) = affine.spacingMillimetres
    // Relative to a box with these edges, so that small voxels are not mistaken for a flat grid.
    let flatness = affine.determinant / (di * dj * dk)
    guard flatness.isFinite, abs(flatness) > 1e-6 else { throw .affineNotInvertible }
    let directions = Orientation(affine).directions
    let stored = (0..<3).map { world in directions.firstIndex { $0.worldAxis == world }! }
    storedAxis = stored
    direction = stored.map { directions[$0].isPositive ? 1 : -1 }
    spacingMillimetres = [di, dj, dk]
  }
}

/// The three planes of a report, in radiological convention: the reader faces the patient or looks from the feet.
enum SlicePlane: String, CaseIterable, Sendable {
  /// Patient's left on the right of the picture, anterior up.
  case axial
  /// Patient's left on the right of the picture, superior up.
  case coronal
  /// Anterior on the left of the picture, superior up.
  case sagittal

  /// World axis (0 x, 1 y, 2 z, RAS+) that the plane is perpendicular to.
  var normal: Int {
    switch self {
    case .axial: 2
    case .coronal: 1
    case .sagittal: 0
    }
  }

  /// World axis along the picture's rows; it decreases to the right: towards the left, or towards posterior.
  var horizontal: Int { self == .sagittal ? 1 : 0 }

  /// World axis along the picture's columns; it decreases to the bottom: towards posterior, or towards inferior.
  var vertical: Int { self == .axial ? 1 : 2 }
}

/// Letters at the four edges of a slice.
struct EdgeLetters: Hashable, Sendable {
  let left: String
  let right: String
  let top: String
  let bottom: String
}
