public import Volumes

/// One thing painted into a phantom: a lesion, which is in the truth mask, or a mimic, which is not.
public struct PhantomFinding: Hashable, Sendable, Codable {
  public let kind: Kind
  public let place: Place

  /// Volume in mm³ of the voxels that are at least half covered.
  public let volumeMillimetres3: Double

  /// Change of FLAIR intensity at full cover, relative to normal white matter (0.4 = 40 % of white matter brighter).
  public let flairContrast: Double

  /// Loss of MPRAGE intensity at full cover, relative to the tissue (0.2 = 20 % darker).
  public let mprageContrast: Double

  /// A lesion so weak that it nears the noise.
  public let faint: Bool

  /// The voxel of the written grid that is nearest to the centre.
  public let centreVoxel: VoxelIndex

  /// Centroid of the covered voxels in mm, RAS+.
  public let centreMillimetres: WorldPoint

  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    case lesion
    /// Frond of vessels in the ventricles: bright, and normal.
    case choroidPlexus
    /// Smooth brightness at the tips of the frontal and occipital horns.
    case periventricularCap
    /// Thin bright lining of the lateral ventricles.
    case periventricularBand
    /// Bright septum between the frontal horns.
    case septum
    /// Fluid that moved during inversion and was not nulled.
    case flowArtefact
    /// Bright vessel on the surface of the brain.
    case vessel
    /// Bright spot in the cortical ribbon.
    case corticalSpot
    /// Fluid around a penetrating vessel, at times with a brighter rim.
    case perivascularSpace
    /// Spot in the white matter that is not demyelination and looks almost like it: the hardest of the mimics.
    case nonspecificSpot
  }

  public enum Place: String, Hashable, Sendable, Codable, CaseIterable {
    case periventricular, juxtacortical, deepWhiteMatter, infratentorial, cortex, ventricles, subarachnoid
  }
}
