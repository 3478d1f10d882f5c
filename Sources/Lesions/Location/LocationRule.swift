/// Where in the brain a lesion lies, in the regions that a clinical MS report counts.
///
/// Periventricular and juxtacortical mean contact, as in the MAGNIMS guidelines (Filippi et al., Lancet Neurol 2016,
/// doi 10.1016/S1474-4422(15)00393-2): no white matter lies between the lesion and the lateral ventricle or the cortex.
public enum LesionLocation: String, Sendable, Codable, CaseIterable {
  case periventricular
  case juxtacortical
  case infratentorial
  case deepWhiteMatter
  /// The images at hand do not settle it.
  case notAssessed
}

/// The constants of the rule by which a finding gets its location. Lengths in mm, volumes in ml; see `docs/location.md`
/// for where each comes from.
public enum LocationRule {
  /// Longest voxel edge with which a gap of white matter can still be told from contact.
  public static let longestEdge = 3.0
  static let brainMillilitres = 700.0...2200.0

  /// Mean MPRAGE of the classes relative to white matter.
  static let fluidOverWhite = 0.05...0.5
  static let greyOverWhite = 0.5...0.9
  /// Fluid is darker than this share of white matter on FLAIR.
  static let darkOnFlair: Float = 0.6
  /// Smallest share of the brain that each of the three classes takes.
  static let smallestClassShare = 0.03

  /// A voxel of the inside of a fluid space has no other tissue within this distance.
  static let fluidCore: Float = 1.2
  /// The ventricles' bodies lie this deep below the brain's surface, and reach deeper than `ventricleDepth`.
  static let seedDepth: Float = 20
  static let ventricleDepth: Float = 26
  /// Where in the brain's box from left, posterior and bottom the centre of a ventricle's body lies.
  static let ventricleBox = [0.25...0.75, 0.28...0.72, 0.44...0.68]
  /// A lateral ventricle reaches this far from the midline; fissures do not.
  static let besideMidline = 8.0
  static let smallestSeedMillilitres = 0.025
  static let ventricleMillilitres = 1.5...150.0
  /// Smallest share of the ventricles' volume on each side.
  static let smallerSide = 0.1
  /// The horns are followed this far from the bodies, and not nearer to the brain's surface than `hornDepth`.
  static let hornReach = 20.0
  static let hornDepth: Float = 10

  /// Largest distance of voxel centres at which a lesion abuts; the longest voxel edge where that is longer. At 1 mm:
  /// one voxel between, which is the partial volume of the wall.
  static func contact(longestEdge: Double) -> Float { Float(max(2.5, longestEdge * 1.01)) }
  /// Voxels this near to a lesion are partly lesion, and no evidence for grey matter.
  static let lesionRim: Float = 1.8
  /// A sulcus shows where MPRAGE is this share of the way from the darkest grey matter to the mean of grey matter or
  /// darker: most are narrower than a voxel. Cortex lies within `cortexReach` of a sulcus or of the brain's surface,
  /// nuclei do not.
  static let sulcusDarkness: Float = 0.35
  static let cortexReach = 5.0
  /// Grey matter counts as cortex in connected pieces of this size.
  static let smallestCortexMillilitres = 1.0

  /// Grey matter this near to a ventricle is its wall; within `nucleiReach` and deeper than `nucleiDepth` it is a
  /// nucleus.
  static let ventricleWall = 3.0
  static let nucleiReach = 12.0
  static let nucleiDepth: Float = 25

  /// The white matter of the pons is looked for this far below the ventricles' centre, near the midline.
  static let ponsBelow = 38.0
  static let ponsBeside = 8.0
  static let ponsBehindToBefore = -35.0...15.0
  static let smallestPonsMillilitres = 1.0
  /// White matter whose ways to the pons and to the ventricles' level differ by less lies between the regions.
  static let undecidedWay = 15.0
  /// Labels are read within this distance of the lesion, and this share of them has to agree.
  static let surroundings = 5.0
  static let agreement = 0.9
  /// Without a pons in the image: lower than this below the ventricles' centre nothing is located.
  static let surelyAbove = 5.0
  /// Smallest share of white matter in the surroundings of a lesion of the deep white matter.
  static let whiteShare = 0.5

  /// The rule in words, for a report.
  public static let words =
    "Fluid is dark on MPRAGE and FLAIR; the lateral ventricles are its large spaces deep in the brain. Infratentorial: "
    + "the white matter around the finding is joined to the pons by a clearly shorter way than to the hemispheres. "
    + "Otherwise, in this order: periventricular: a voxel centre at most 2.5 mm (one voxel of 1 mm between) from one "
    + "of a lateral ventricle; juxtacortical: the same of cortical grey matter; deep white matter: neither, and mostly "
    + "white matter around it. No atlas and no registration is used; each finding counts once, and findings that run "
    + "together count as one."
}
