public import Volumes

/// One lesion instance on the patient's grid.
public struct Lesion: Hashable, Sendable {
  /// 1-based: by voxels descending, then lowest linear index.
  public let number: Int
  /// Linear indices, axis 0 fastest, ascending.
  public let voxels: [Int]
  public let measurements: Measurements

  public var id: FindingID { FindingID(kind: .lesion, number: number) }

  public init(number: Int, voxels: [Int], measurements: Measurements) {
    self.number = number
    self.voxels = voxels
    self.measurements = measurements
  }

  /// The kept components as numbered and measured lesions.
  ///
  /// - Parameters:
  ///   - probability: lesion probability on the same grid, for a prediction as well as for a truth mask; nil when there
  ///     is none, which leaves the probability measurements nil.
  ///   - affine: the grid's affine, mm, RAS+.
  public static func measured(
    in components: Components, affine: Affine, probability: Volume<Float>?
  ) throws(LesionsError) -> [Lesion] {
    if let probability {
      try LesionsError.requireSameShape("probability map", probability.shape, as: components.shape)
    }
    return components.kept.enumerated().map { index, voxels in
      Lesion(
        number: index + 1, voxels: voxels,
        measurements: Measurements(
          voxels: voxels, shape: components.shape, affine: affine, probability: probability?.voxels))
    }
  }
}
