/// What became of known lesions and mimics that were written into copies of the patient's own images.
///
/// The images were altered for this alone: no other number of the results comes from them.
public struct SelfTestFacts: Codable, Sendable, Equatable {
  /// In the order in which places were sought.
  public var planted: [PlantedFacts]
  public var lesions: MarkedCounts
  public var mimics: MarkedCounts
  /// Pairs of a planted lesion and a mimic that were both marked as lesion; in order when the mimic is reviewed earlier.
  public var lesionPairs: RankedPairs
  /// Pairs of a planted lesion and a mimic that were both marked as candidate; in order when the lesion is reviewed earlier.
  public var candidatePairs: RankedPairs
  /// Findings of the altered scan that touch planted things; these alone were explained and ordered.
  public var findingsOrdered: Int
  /// Least distance of a planted thing from findings, truth and other planted things, between voxel centres.
  public var clearanceMillimetres: Double
  /// Nil when nothing could be planted.
  public var contrast: PlantedContrastFacts?
  /// Why fewer things were planted than wanted; nil when all were.
  public var limitation: String?

  /// Things of one kind and how the network marked them.
  public struct MarkedCounts: Codable, Sendable, Equatable {
    public var wanted: Int
    public var planted: Int
    public var asLesion: Int
    public var asCandidate: Int
    public var notMarked: Int

    public init(wanted: Int, planted: Int, asLesion: Int, asCandidate: Int, notMarked: Int) {
      self.wanted = wanted
      self.planted = planted
      self.asLesion = asLesion
      self.asCandidate = asCandidate
      self.notMarked = notMarked
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
  public struct PlantedContrastFacts: Codable, Sendable, Equatable {
    public var flairSpreads: Double
    public var mprageSpreads: Double
    /// Taken from the lesions found in this scan; otherwise fixed.
    public var isOfFoundLesions: Bool

    public init(flairSpreads: Double, mprageSpreads: Double, isOfFoundLesions: Bool) {
      self.flairSpreads = flairSpreads
      self.mprageSpreads = mprageSpreads
      self.isOfFoundLesions = isOfFoundLesions
    }
  }

  public init(
    planted: [PlantedFacts], lesions: MarkedCounts, mimics: MarkedCounts, lesionPairs: RankedPairs,
    candidatePairs: RankedPairs, findingsOrdered: Int, clearanceMillimetres: Double, contrast: PlantedContrastFacts?,
    limitation: String?
  ) {
    self.planted = planted
    self.lesions = lesions
    self.mimics = mimics
    self.lesionPairs = lesionPairs
    self.candidatePairs = candidatePairs
    self.findingsOrdered = findingsOrdered
    self.clearanceMillimetres = clearanceMillimetres
    self.contrast = contrast
    self.limitation = limitation
  }
}

/// One planted lesion or mimic.
public struct PlantedFacts: Codable, Sendable, Equatable {
  /// `lesion`, `streak` or `spot`.
  public var kind: String
  public var lengthMillimetres: Double
  public var widthMillimetres: Double
  public var volumeMillimetres3: Double
  public var centreWorldMillimetres: [Double]
  /// `lesion` or `candidate`; nil when no finding touches it.
  public var markedAs: String?
  /// Highest lesion probability inside it.
  public var highestProbability: Double
  /// Place of the finding that marks it among ``SelfTestFacts/findingsOrdered``; 1 is reviewed first.
  public var reviewPosition: Int?

  public init(
    kind: String, lengthMillimetres: Double, widthMillimetres: Double, volumeMillimetres3: Double,
    centreWorldMillimetres: [Double], markedAs: String?, highestProbability: Double, reviewPosition: Int?
  ) {
    self.kind = kind
    self.lengthMillimetres = lengthMillimetres
    self.widthMillimetres = widthMillimetres
    self.volumeMillimetres3 = volumeMillimetres3
    self.centreWorldMillimetres = centreWorldMillimetres
    self.markedAs = markedAs
    self.highestProbability = highestProbability
    self.reviewPosition = reviewPosition
  }
}
