import Results
import Volumes

/// What all pictures of one patient share: windows, colour scale, planes and the brain's box. Computed once.
struct PatientLook: Sendable {
  let affine: Affine
  let shape: GridShape
  let windowing: WindowingFacts
  let saliencyScale: SaliencyScale
  /// Half-open box of the brain mask, in voxels along the stored axes; the whole grid if the mask is empty.
  let brainLower: VoxelIndex
  let brainUpper: VoxelIndex
  private let geometries: [SliceGeometry]

  /// - Throws: `ReportsError` if the volumes are not on one grid or the affine has no inverse.
  init(images: PatientImages, results: PatientResults) throws(ReportsError) {
    let shape = images.flair.shape
    let others = [
      ("MPRAGE", images.mprage.shape), ("brain mask", images.brainMask.shape),
      ("lesion labels", images.lesionLabels.shape), ("candidate labels", images.candidateLabels.shape),
      ("ground truth", images.truth?.shape ?? shape),
    ]
    for (name, other) in others where other != shape {
      throw .gridDiffers(volume: name, shape: other, expected: shape)
    }
    self.shape = shape
    affine = images.flair.affine
    let axes = try AnatomicalAxes(affine)
    geometries = SlicePlane.allCases.map { [affine] in SliceGeometry($0, affine: affine, axes: axes) }
    windowing = WindowingFacts(
      flair: IntensityWindow(images.flair, brainMask: images.brainMask),
      mprage: IntensityWindow(images.mprage, brainMask: images.brainMask))
    saliencyScale = SaliencyScale(results.lesions + results.candidates)
    let brain = GridBox(enclosing: images.brainMask) ?? GridBox(images.brainMask.shape)
    (brainLower, brainUpper) = (brain.lower, brain.upper)
  }

  func geometry(_ plane: SlicePlane) -> SliceGeometry {
    geometries[SlicePlane.allCases.firstIndex(of: plane)!]
  }

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
    func middle(_ axis: Int) -> Double { Double(brainLower.along(axis) + brainUpper.along(axis) - 1) / 2 }
    return SliceView(
      geometry: geometry, shape: shape, index: slice,
      centre: (middle(geometry.horizontalAxis), middle(geometry.verticalAxis)),
      millimetresPerPixel: millimetresPerPixel, width: width, height: height)
  }

  /// Size of the brain's box in mm along the rows and the columns of a plane's pictures.
  func brainMillimetres(_ plane: SlicePlane) -> (width: Double, height: Double) {
    let geometry = geometry(plane)
    func voxels(_ axis: Int) -> Double { Double(brainUpper.along(axis) - brainLower.along(axis)) }
    return (
      voxels(geometry.horizontalAxis) * geometry.horizontalSpacingMillimetres,
      voxels(geometry.verticalAxis) * geometry.verticalSpacingMillimetres
    )
  }
}
