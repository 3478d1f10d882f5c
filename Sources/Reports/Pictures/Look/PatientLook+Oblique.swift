import Foundation

extension PatientLook {
  /// What a reader of positions has to know of slices that are not those of the anatomy; nil on a straight grid.
  var obliqueNote: String? {
    let oblique = SlicePlane.allCases.map(geometry).filter(\.isOblique)
    guard !oblique.isEmpty else { return nil }
    let angles = oblique.map { "\($0.plane.rawValue) by \(Int($0.obliqueDegrees.rounded()))°" }
    return
      "The slices lie oblique in the patient: \(angles.joined(separator: ", ")). A position x, y or z beside a slice is that "
      + "of the voxel in the cross-hair, in the pages of all slices that of the middle, and not of the whole slice."
  }
}
