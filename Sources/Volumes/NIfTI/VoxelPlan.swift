/// How to turn the bytes of a file into voxels; exists only for a header without errors.
struct VoxelPlan: Equatable, Sendable {
  let shape: GridShape
  /// In mm, RAS+.
  let affine: Affine
  /// Volumes stored one after the other (the last axis); 1 for a plain image.
  let channelCount: Int
  let datatype: NIfTIDatatype
  let isBigEndian: Bool
  /// First byte of the first voxel.
  let offset: Int
  /// `value = stored * slope + intercept`; `nil`: as stored.
  let scaling: Scaling?

  struct Scaling: Equatable, Sendable {
    let slope: Double
    let intercept: Double
  }

  var byteCount: Int { shape.voxelCount * channelCount * datatype.byteCount }
}
