import Volumes

/// Which voxels a finding's contours go around.
struct FindingMarks {
  let images: PatientImages
  let kind: FindingKind
  let number: Int32

  init(_ finding: FindingFacts, images: PatientImages) {
    self.images = images
    kind = finding.kind
    number = Int32(clamping: finding.number)
  }

  func isThisFinding(_ linear: Int) -> Bool {
    (kind == .lesion ? images.lesionLabels : images.candidateLabels).voxels[linear] == number
  }

  func isOtherFinding(_ linear: Int) -> Bool {
    (images.lesionLabels.voxels[linear] != 0 || images.candidateLabels.voxels[linear] != 0) && !isThisFinding(linear)
  }

  func isTruth(_ linear: Int) -> Bool { images.truth.map { $0.voxels[linear] != 0 } ?? false }
}

extension TilePainter {
  /// The contours of a view: truth inside its border, findings outside theirs, so that equal outlines are both seen.
  func contours(_ marks: FindingMarks, _ view: SliceView, on raster: inout Raster) {
    if images.truth != nil {
      trace(view.mask(where: marks.isTruth).innerContour, ContourColour.truth, on: &raster)
    }
    trace(view.mask(where: marks.isOtherFinding).outerContour, ContourColour.other, on: &raster)
    trace(view.mask(where: marks.isThisFinding).outerContour, ContourColour.finding, on: &raster)
  }
}
