public import Volumes

/// The figures of a registration and of its check, the same on every run of the same input.
public struct RegistrationReport: Hashable, Sendable, Codable {
  /// Normalised mutual information (H(A) + H(B)) / H(A, B) of the two images inside the region, as they came and as
  /// they were registered; 1 where neither says anything of the other.
  public let normalisedMutualInformationBefore: Double
  public let normalisedMutualInformationAfter: Double
  /// How far from where they were the region's points come back after the transform from FLAIR to MPRAGE and that from
  /// MPRAGE to FLAIR, each found without the other.
  public let forwardBackward: Displacement
  /// What the figures are taken over.
  public let region: Region
  /// Fraction of the region that lies within both images.
  public let overlap: Double
  /// Angle of the rotation, and how far it moved the region's points.
  public let rotationDegrees: Double
  public let movement: Displacement
  /// One entry for each pass and level and each of the two directions.
  public let stages: [Stage]
  /// Slices without signal, which were not compared.
  public let missingSlicesOfFixed: Int
  public let missingSlicesOfMoving: Int

  public enum Region: String, Hashable, Sendable, Codable {
    case brainMask
    /// No mask was given: what lies some 8 mm below the skin, as far down as a brain reaches.
    case innerHead
  }

  /// What an optimisation took.
  public struct Stage: Hashable, Sendable, Codable {
    /// Of MPRAGE to FLAIR, or the check in the other direction.
    public let isForward: Bool
    /// 1 coarse to 3 fine.
    public let level: Int
    /// Whether only points of the region were compared.
    public let isSecondPass: Bool
    public let samples: Int
    public let iterations: Int
    public let evaluations: Int
  }
}

/// A transform that passed its check, or did not (`RegistrationError.refused`).
public struct RegistrationResult: Hashable, Sendable {
  /// Maps a point of the fixed image (FLAIR) to the moving one (MPRAGE).
  public let fixedToMoving: RigidTransform
  public let report: RegistrationReport

  /// The moving image on another grid of the fixed image's world, interpolated once (`Resampling.cubic`).
  public func resampled(_ moving: Volume<Float>, onto shape: GridShape, _ affine: Affine) -> Volume<Float> {
    let moved = Volume(
      shape: moving.shape, affine: fixedToMoving.inverse.affine.composed(with: moving.affine), voxels: moving.voxels)
    return Resampling.cubic(moved, onto: shape, affine)
  }
}

/// The figures of a transform that was found elsewhere: by another program, or by hand.
public struct TransformExamination: Hashable, Sendable {
  public let normalisedMutualInformationBefore: Double
  public let normalisedMutualInformationAfter: Double
  /// Nil where there is no transform in the other direction.
  public let forwardBackward: Displacement?
  public let region: RegistrationReport.Region
  /// Fraction of the region that lies within both images.
  public let overlap: Double
  /// How far the region's points are moved.
  public let movement: Displacement
  /// What is beyond its limit; empty for one that may be used.
  public let failures: [RegistrationError.Failure]
}
