import Lesions
import Results
import Volumes

/// The pixels that a finding's contours go around.
struct FindingMarks {
  let this: PixelMask
  let others: PixelMask
  let reference: PixelMask?

  init(_ finding: FindingRecord, images: PatientImages, _ view: SliceView) {
    let number = Int32(clamping: finding.id.number)
    // A missed lesion of the reference lies on a candidate, or on nothing.
    let own =
      switch finding.kind {
      case .lesion: images.lesionLabels.voxels
      case .candidate: images.candidateLabels.voxels
      case .missedReference, .readerMark: images.missedLabels?.voxels ?? []
      }
    let isOwn = { (voxel: Int) in !own.isEmpty && own[voxel] == number }
    let lesions = images.lesionLabels.voxels
    let candidates = images.candidateLabels.voxels
    this = view.mask(where: isOwn)
    others = view.mask { (lesions[$0] != 0 || candidates[$0] != 0) && !isOwn($0) }
    reference = images.reference.map { reference in view.mask { reference.voxels[$0] != 0 } }
  }
}

extension TilePainter {
  /// Contours of findings to lie over an image, outside their borders.
  func contours(_ marks: FindingMarks, _ view: SliceView) -> Layer {
    var layer = Layer(width: view.width, height: view.height)
    for mask in [marks.others, marks.this] { shade(mask.halo, on: &layer) }
    trace(marks.others.outerContour, ContourColour.other, on: &layer)
    trace(marks.this.outerContour, ContourColour.finding, on: &layer)
    return layer
  }

  /// The reference's contour, inside its border, so that equal outlines are both seen; nil without one.
  func referenceContours(_ reference: PixelMask?, _ view: SliceView) -> Layer? {
    guard let reference else { return nil }
    var layer = Layer(width: view.width, height: view.height)
    shade(reference.outerContour, on: &layer)
    trace(reference.innerContour, ContourColour.reference, on: &layer)
    return layer
  }

  /// The same for whole slices, as a line alone.
  func referenceLine(_ view: SliceView) -> Layer? {
    images.reference.map { reference in
      var layer = Layer(width: view.width, height: view.height)
      trace(view.mask { reference.voxels[$0] != 0 }.innerContour, ContourColour.reference, on: &layer)
      return layer
    }
  }

  /// The contour of one set.
  func outline(_ mask: PixelMask, _ colour: RGB, alpha: Double = 1, _ view: SliceView) -> Layer {
    var layer = Layer(width: view.width, height: view.height)
    shade(mask.halo, on: &layer)
    trace(mask.outerContour, colour, alpha: alpha, on: &layer)
    return layer
  }

  /// A dark line on the far side of a contour: on white tissue it is what shows the contour, and what lies inside stays
  /// as it is.
  private func shade(_ pixels: [(x: Int, y: Int)], on layer: inout Layer) {
    trace(pixels, RGB(0, 0, 0), alpha: 0.6, on: &layer)
  }
}
