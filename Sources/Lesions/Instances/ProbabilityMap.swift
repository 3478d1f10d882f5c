public import Volumes

/// Checks and cuts of a lesion probability map.
public enum ProbabilityMap {
  /// Throws at the first voxel that does not hold a number from 0 to 1.
  public static func check(_ probability: Volume<Float>) throws(LesionsError) {
    guard let index = probability.voxels.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) else { return }
    throw .notAProbability(value: probability.voxels[index], voxel: probability.shape.voxel(at: index))
  }

  /// 1 where the probability exceeds `threshold` (strictly, as the paper's scripts cut), 0 elsewhere.
  public static func mask(of probability: Volume<Float>, above threshold: Float) throws(LesionsError) -> Volume<UInt8> {
    guard threshold >= 0 && threshold < 1 else {
      throw .parameterOutOfRange(name: "the lesion threshold", value: "\(threshold)", expected: "from 0 to below 1")
    }
    try check(probability)
    return Volume(
      shape: probability.shape, affine: probability.affine, voxels: probability.voxels.map { $0 > threshold ? 1 : 0 })
  }
}
