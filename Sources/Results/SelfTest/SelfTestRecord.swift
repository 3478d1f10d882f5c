/// What became of known lesions and mimics that were inserted into copies of the patient's own images.
///
/// The images were altered for this alone: no other number of the results comes from them.
public struct SelfTestRecord: Codable, Sendable, Equatable {
  /// In the order in which locations were sought.
  public var inserted: [InsertedRecord]
  public var lesions: DetectionCounts
  public var mimics: DetectionCounts
  public var pairs: Pairs
  /// Findings of the altered scan that touch inserted things; these alone were explained and ordered.
  public var findingsOrdered: Int
  /// Least distance of an inserted thing from findings, the reference and other inserted things, between voxel centres.
  public var clearanceMillimetres: Double
  /// Nil when nothing could be inserted.
  public var contrast: InsertedContrast?
  /// Why fewer things were inserted than wanted; nil when all were.
  public var limitation: Limitation?

  /// Why fewer things were inserted than wanted.
  public enum Limitation: String, Codable, Sendable {
    /// The images show the head, not the brain alone.
    case headShown
    /// White matter is told by an MPRAGE, and there is none.
    case noMPRAGE
    /// No white matter could be told by its intensities.
    case noWhiteMatter
    /// White matter that looks even, far enough from findings and other inserted things, had no room for more.
    case noRoom
  }

  /// Things of one kind and how the network detected them.
  public struct DetectionCounts: Codable, Sendable, Equatable {
    public var wanted: Int
    public var inserted: Int
    public var asLesion: Int
    public var asCandidate: Int
    public var missed: Int

    public init(wanted: Int, inserted: Int, asLesion: Int, asCandidate: Int, missed: Int) {
      self.wanted = wanted
      self.inserted = inserted
      self.asLesion = asLesion
      self.asCandidate = asCandidate
      self.missed = missed
    }
  }

  /// Pairs of an inserted lesion and a mimic that were detected as the same kind of finding.
  public struct Pairs: Codable, Sendable, Equatable {
    /// Both as lesion; in order when the mimic is reviewed earlier.
    public var lesions: RankedPairs
    /// Both as candidate; in order when the lesion is reviewed earlier.
    public var candidates: RankedPairs

    public init(lesions: RankedPairs, candidates: RankedPairs) {
      self.lesions = lesions
      self.candidates = candidates
    }
  }

  public struct RankedPairs: Codable, Sendable, Equatable {
    public var count: Int
    public var inOrder: Int

    public init(count: Int, inOrder: Int) {
      self.count = count
      self.inOrder = inOrder
    }
  }

  /// Intensity added to white matter, in robust standard deviations of the patient's own white matter.
  public struct InsertedContrast: Codable, Sendable, Equatable {
    public var flairRobustDeviations: Double
    public var mprageRobustDeviations: Double
    /// Taken from the lesions found in this scan; otherwise fixed.
    public var isOfFoundLesions: Bool

    public init(flairRobustDeviations: Double, mprageRobustDeviations: Double, isOfFoundLesions: Bool) {
      self.flairRobustDeviations = flairRobustDeviations
      self.mprageRobustDeviations = mprageRobustDeviations
      self.isOfFoundLesions = isOfFoundLesions
    }
  }

  public init(
    inserted: [InsertedRecord], lesions: DetectionCounts, mimics: DetectionCounts, pairs: Pairs, findingsOrdered: Int,
    clearanceMillimetres: Double, contrast: InsertedContrast?, limitation: Limitation?
  ) {
    self.inserted = inserted
    self.lesions = lesions
    self.mimics = mimics
    self.pairs = pairs
    self.findingsOrdered = findingsOrdered
    self.clearanceMillimetres = clearanceMillimetres
    self.contrast = contrast
    self.limitation = limitation
  }
}

/// One inserted lesion or mimic.
public struct InsertedRecord: Codable, Sendable, Equatable {
  /// `lesion`, `streak` or `spot`.
  public var kind: String
  public var lengthMillimetres: Double
  public var widthMillimetres: Double
  public var volumeMillimetres3: Double
  public var centreWorldMillimetres: [Double]
  /// `lesion` or `candidate`; nil when no finding touches it.
  public var detectedAs: String?
  /// Maximum lesion probability inside it.
  public var maximumProbability: Double
  /// Position of the finding that marks it among ``SelfTestRecord/findingsOrdered``; 1 is reviewed first.
  public var reviewPosition: Int?

  public init(
    kind: String, lengthMillimetres: Double, widthMillimetres: Double, volumeMillimetres3: Double,
    centreWorldMillimetres: [Double], detectedAs: String?, maximumProbability: Double, reviewPosition: Int?
  ) {
    self.kind = kind
    self.lengthMillimetres = lengthMillimetres
    self.widthMillimetres = widthMillimetres
    self.volumeMillimetres3 = volumeMillimetres3
    self.centreWorldMillimetres = centreWorldMillimetres
    self.detectedAs = detectedAs
    self.maximumProbability = maximumProbability
    self.reviewPosition = reviewPosition
  }
}
