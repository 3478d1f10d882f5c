public import Volumes

/// A synthetic patient: two contrasts, the truth, and an account of everything that was painted.
public struct PhantomPatient: Sendable {
  /// Brain-extracted intensities, whole numbers, at least 1 in the brain and exactly 0 outside.
  public let flair: Volume<Float>
  public let mprage: Volume<Float>

  /// 1 in lesions, 0 elsewhere.
  public let truth: Volume<UInt8>
  public let lesions: [PhantomFinding]
  public let mimics: [PhantomFinding]

  /// Volumes in ml before lesions were painted.
  public let tissue: TissueVolumes

  /// Volumes in ml of what is inside the brain mask.
  public struct TissueVolumes: Hashable, Sendable, Codable {
    public let whiteMillilitres: Double
    public let greyMillilitres: Double
    public let fluidMillilitres: Double
  }
}
