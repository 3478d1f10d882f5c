import Foundation
import Results
import Statistics
import Volumes

/// What all pictures of one patient share: windows, colour scale, planes and the brain's box. Computed once.
struct PatientLook: Sendable {
  let affine: Affine
  let shape: GridShape
  let windowing: Windowing
  let saliencyScale: SaliencyScale
  /// Around the brain mask; the whole grid if the mask is empty.
  let brain: GridBox
  private let geometries: [SliceGeometry]

  /// - Throws: `ReportsError` if the volumes are not on one grid or the affine has no inverse.
  init(images: PatientImages, results: PatientResults) throws(ReportsError) {
    let shape = images.flair.shape
    let others = [
      ("MPRAGE", images.mprage?.shape ?? shape), ("brain mask", images.brainMask.shape),
      ("lesion labels", images.lesionLabels.shape), ("candidate labels", images.candidateLabels.shape),
      ("reference segmentation", images.reference?.shape ?? shape),
    ]
    for (name, other) in others where other != shape { throw .gridDiffers(volume: name, shape: other, expected: shape) }
    self.shape = shape
    affine = images.flair.affine
    let axes = try AnatomicalAxes(affine)
    geometries = SlicePlane.allCases.map { [affine] in SliceGeometry($0, affine: affine, axes: axes) }
    windowing = Windowing(
      flair: IntensityWindow(images.flair, brainMask: images.brainMask),
      mprage: images.mprage.map { IntensityWindow($0, brainMask: images.brainMask) })
    saliencyScale = SaliencyScale(results.findings)
    brain = GridBox(enclosing: images.brainMask) ?? GridBox(images.brainMask.shape)
  }

  func geometry(_ plane: SlicePlane) -> SliceGeometry { geometries[SlicePlane.allCases.firstIndex(of: plane)!] }

  /// A square view of the slice through a voxel, with that voxel's centre in the middle.
  func view(_ plane: SlicePlane, through voxel: VoxelIndex, sideMillimetres: Double, pixels: Int) -> SliceView {
    let geometry = geometry(plane)
    return SliceView(
      geometry: geometry, shape: shape, index: voxel.along(geometry.normalAxis),
      centre: (Double(voxel.along(geometry.horizontalAxis)), Double(voxel.along(geometry.verticalAxis))),
      millimetresPerPixel: sideMillimetres / Double(pixels), width: pixels, height: pixels)
  }

  /// A view of a whole slice, the brain's box in the middle.
  func view(_ plane: SlicePlane, slice: Int, millimetresPerPixel: Double, width: Int, height: Int) -> SliceView {
    let geometry = geometry(plane)
    func middle(_ axis: Int) -> Double { Double(brain.lower.along(axis) + brain.upper.along(axis) - 1) / 2 }
    return SliceView(
      geometry: geometry, shape: shape, index: slice,
      centre: (middle(geometry.horizontalAxis), middle(geometry.verticalAxis)),
      millimetresPerPixel: millimetresPerPixel, width: width, height: height)
  }

  /// Size of the brain's box in mm along the rows and the columns of a plane's pictures.
  func brainMillimetres(_ plane: SlicePlane) -> (width: Double, height: Double) {
    let geometry = geometry(plane)
    func voxels(_ axis: Int) -> Double { Double(brain.upper.along(axis) - brain.lower.along(axis)) }
    return (
      voxels(geometry.horizontalAxis) * geometry.horizontalSpacingMillimetres,
      voxels(geometry.verticalAxis) * geometry.verticalSpacingMillimetres
    )
  }
}

extension PatientLook {
  /// What a reader of positions has to know of slices that are not those of the anatomy; nil on a straight grid.
  var obliqueNote: String? {
    let oblique = SlicePlane.allCases.map(geometry).filter(\.isOblique)
    guard !oblique.isEmpty else { return nil }
    let angles = oblique.map { "\($0.plane.rawValue) by \(Int(saturating: $0.obliqueDegrees.rounded()))°" }
    return
      "The slices lie oblique in the patient: \(angles.joined(separator: ", ")). A position x, y or z beside a slice "
      + "is that of the voxel in the cross-hair, in the pages of all slices that of the middle, and not of the whole "
      + "slice."
  }
}
