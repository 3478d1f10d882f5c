/// One of the three resolutions at which images are compared.
struct Level: Sendable {
  /// 1 coarse to 3 fine.
  let number: Int
  /// Gaussian deviation of both images.
  let deviationMillimetres: Double
  /// Voxels are left out up to this distance.
  let voxelMillimetres: Double
  /// Distance of the points that are compared.
  let sampleMillimetres: Double
  /// Of the joint histogram, along each axis.
  let bins: Int
  /// A search ends when no point of a head moves further.
  let toleranceMillimetres: Double

  static let coarse = Level(
    number: 1, deviationMillimetres: 4, voxelMillimetres: 4, sampleMillimetres: 8, bins: 32, toleranceMillimetres: 0.05)
  static let medium = Level(
    number: 2, deviationMillimetres: 2, voxelMillimetres: 2, sampleMillimetres: 4, bins: 48, toleranceMillimetres: 0.02)
  static let fine = Level(
    number: 3, deviationMillimetres: 1, voxelMillimetres: 1, sampleMillimetres: 2.5, bins: 64,
    toleranceMillimetres: 0.002)
  /// The fine level over a part of the head: points lie closer.
  static let masked = Level(
    number: 3, deviationMillimetres: 1, voxelMillimetres: 1, sampleMillimetres: 2, bins: 64, toleranceMillimetres: 0.002
  )
}
