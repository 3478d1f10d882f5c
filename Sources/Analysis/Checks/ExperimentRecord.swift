import Saliency

/// The experiments of the paper on this model and scan (method §9).
public struct ExperimentRecord: Codable, Sendable, Equatable {
  /// How much of the surroundings a lesion needs to be found.
  public var perilesional: [PerilesionalCurve]
  /// How these lesions were chosen.
  public var perilesionalChoice: String
  public var synthetic: [SyntheticTrial]
  /// Where the synthetic lesions were written, or why there are none.
  public var syntheticPlace: String

  init(_ scan: CheckedScan, _ settings: CheckSettings, _ progress: (SanityCheck) -> Void) throws {
    progress(.perilesionalContext)
    (perilesional, perilesionalChoice) = try PerilesionalContext.curves(scan, count: min(settings.lesions, 3))
    progress(.syntheticLesion)
    (synthetic, syntheticPlace) = try SyntheticLesions.trials(scan, settings)
  }
}

/// Mean lesion probability inside a lesion when only it and so much around it is left of the images.
public struct PerilesionalCurve: Codable, Sendable, Equatable {
  public struct Point: Codable, Sendable, Equatable {
    /// Times the lesion's mask was dilated.
    public var dilations: Int
    /// Dilations times the network's mean voxel size.
    public var millimetres: Double
    public var meanProbability: Double
    /// Whether a voxel of the lesion stays above the model's threshold.
    public var detected: Bool
  }

  public var lesion: String
  public var voxelCount: Int
  /// With the whole image.
  public var meanProbability: Double
  public var points: [Point]
  /// The least distance from which the mean probability stays within 5 % of that with the whole image.
  public var saturationMillimetres: Double?
}

/// A lesion written into the normalised images, and what the network made of it.
public struct SyntheticTrial: Codable, Sendable, Equatable {
  public var variant: String
  public var voxelCount: Int
  public var meanProbability: Double
  public var maximumProbability: Double
  /// Whether a voxel is above the model's threshold.
  public var detected: Bool
  /// Mean probability at the same voxels before.
  public var meanProbabilityBefore: Double
}
