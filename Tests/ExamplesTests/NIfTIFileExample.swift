import Testing
import Volumes

/// The example of `Sources/Volumes/Volumes.docc`.
@Test func readAMask() throws {
  let path = SampleData.path("derivatives/truth/sub-01/anat/sub-01_label-L_mask.nii.gz")
  // snippet
  let mask = try NIfTIFile.read(path)
  for problem in mask.problems { print(problem) }
  try mask.requireFinite()

  // The grid and where it lies in the patient.
  let volume = mask.volume
  let corner = volume.affine.world(VoxelIndex(0, 0, 0))  // mm, RAS+
  let lesionVoxels = volume.voxels.count { $0 > 0 }
  let millilitres = Double(lesionVoxels) * volume.affine.voxelVolumeMillimetres3 / 1000
  print("corner at \(corner.x), \(corner.y), \(corner.z) mm; lesions of \(millilitres) ml")
  // end of snippet
  #expect(volume.shape == GridShape(144, 176, 144))
  #expect(millilitres > 0 && millilitres < 200)
}
