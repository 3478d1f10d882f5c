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
