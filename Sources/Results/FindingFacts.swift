public import Lesions
public import Volumes

/// One lesion or missed-lesion candidate.
public struct FindingFacts: Codable, Sendable, Equatable {
  public var kind: FindingKind
  /// 1-based, within its kind.
  public var number: Int
  /// `L001` for a lesion, `C001` for a candidate.
  public var id: String
  public var voxelCount: Int
  public var volumeMillimetres3: Double
  public var volumeMillilitres: Double
  public var centroidVoxel: [Double]
  public var centroidWorldMillimetres: [Double]
  /// Half-open box in voxels along the stored axes.
  public var boxLower: [Int]
  public var boxUpper: [Int]
  /// Size of the box along the stored axes.
  public var extentMillimetres: [Double]
  /// Of this and the next two: undefined without a probability map.
  @LeftOutIfUndefined public var meanProbability: Double
  @LeftOutIfUndefined public var maximumProbability: Double
  /// Mean binary entropy of the lesion probability, in nats.
  @LeftOutIfUndefined public var meanEntropy: Double
  /// For a candidate: part of a component that the size rule dropped from the mask.
  public var wasDroppedSmallComponent: Bool
  /// `TP` or `FP` for a lesion; `missed`, `partOfFound` (it touches only lesions that the mask found elsewhere) or
  /// `notALesion` for a candidate, when a truth was given.
  public var truthStatus: String?
  /// Of this and what follows: undefined without a saliency map, see ``hasSaliency``.
  @LeftOutIfUndefined public var flair: ChannelPeaks
  @LeftOutIfUndefined public var mprage: ChannelPeaks
  /// Σ|FLAIR map| / (Σ|FLAIR map| + Σ|MPRAGE map|) over the whole map.
  public var flairShare: Double?
  @LeftOutIfUndefined public var signBalance: SignBalance
  /// File with the saliency maps of this finding.
  @LeftOutIfUndefined public var saliencyFile: String
  /// The highest FLAIR value of the `sum` map inside the finding, whatever the aggregation of the maps: it decides the order.
  public var flairSumPeak: Double?
  /// Its Monte-Carlo standard error; nil for a single draw.
  public var flairSumPeakStandardError: Double?
  /// Noise draws behind the maps.
  public var draws: Int?
  /// What the error score was made of, where that is not the whole map; nil where it is, or without a score.
  public var scoring: ScoringFacts?
  /// File with the Grad-CAM++ map, if there is one.
  public var layerMapFile: String?
  /// Region of the brain, a raw value of `LesionLocation`; nil in results of earlier versions.
  public var location: String?

  public init(
    kind: FindingKind, number: Int, id: String, voxelCount: Int, volumeMillimetres3: Double, volumeMillilitres: Double,
    centroidVoxel: [Double], centroidWorldMillimetres: [Double], boxLower: [Int], boxUpper: [Int],
    extentMillimetres: [Double], meanProbability: Double, maximumProbability: Double, meanEntropy: Double,
    wasDroppedSmallComponent: Bool, truthStatus: String?, flair: ChannelPeaks, mprage: ChannelPeaks,
    flairShare: Double?, signBalance: SignBalance, saliencyFile: String, flairSumPeak: Double? = nil,
    flairSumPeakStandardError: Double? = nil, draws: Int? = nil, scoring: ScoringFacts? = nil,
    layerMapFile: String? = nil, location: String? = nil
  ) {
    self.kind = kind
    self.number = number
    self.id = id
    self.voxelCount = voxelCount
    self.volumeMillimetres3 = volumeMillimetres3
    self.volumeMillilitres = volumeMillilitres
    self.centroidVoxel = centroidVoxel
    self.centroidWorldMillimetres = centroidWorldMillimetres
    self.boxLower = boxLower
    self.boxUpper = boxUpper
    self.extentMillimetres = extentMillimetres
    self.meanProbability = meanProbability
    self.maximumProbability = maximumProbability
    self.meanEntropy = meanEntropy
    self.wasDroppedSmallComponent = wasDroppedSmallComponent
    self.truthStatus = truthStatus
    self.flair = flair
    self.mprage = mprage
    self.flairShare = flairShare
    self.signBalance = signBalance
    self.saliencyFile = saliencyFile
    self.flairSumPeak = flairSumPeak
    self.flairSumPeakStandardError = flairSumPeakStandardError
    self.draws = draws
    self.scoring = scoring
    self.layerMapFile = layerMapFile
    self.location = location
  }
}

/// A highest or lowest value of a saliency map, in logit per standard deviation of the non-zero intensities.
public struct PeakFacts: Codable, Sendable, Equatable {
  public var value: Double
  public var voxel: VoxelIndex
  public var worldMillimetres: WorldPoint
  /// Monte-Carlo standard error over the noise draws; only with two draws or more.
  public var standardError: Double?

  public init(value: Double, voxel: VoxelIndex, worldMillimetres: WorldPoint, standardError: Double?) {
    self.value = value
    self.voxel = voxel
    self.worldMillimetres = worldMillimetres
    self.standardError = standardError
  }
}

/// Peaks of one channel's map, inside the finding and over the whole map.
public struct ChannelPeaks: Codable, Sendable, Equatable {
  public var insideHighest: PeakFacts
  public var insideLowest: PeakFacts
  public var mapHighest: PeakFacts
  public var mapLowest: PeakFacts

  public init(insideHighest: PeakFacts, insideLowest: PeakFacts, mapHighest: PeakFacts, mapLowest: PeakFacts) {
    self.insideHighest = insideHighest
    self.insideLowest = insideLowest
    self.mapHighest = mapHighest
    self.mapLowest = mapLowest
  }
}

/// Mean FLAIR saliency inside the finding and in the rim 2–5 mm around it, other lesions excluded.
public struct SignBalance: Codable, Sendable, Equatable {
  public var meanInside: Double
  public var meanRim: Double?

  public init(meanInside: Double, meanRim: Double?) {
    self.meanInside = meanInside
    self.meanRim = meanRim
  }
}

/// One line of the work list.
public struct ReviewEntry: Codable, Sendable, Equatable {
  /// 1 is looked at first.
  public var position: Int
  public var kind: FindingKind
  public var number: Int
  /// Percentile of the finding within its kind, from 0 (most suspicious) to 1.
  public var percentile: Double
  /// Probability of an error; absent without a calibration.
  public var errorScore: Double?
  /// Expected number of errors among the findings after this one; absent without a calibration.
  public var expectedRemainingErrors: Double?

  public init(
    position: Int, kind: FindingKind, number: Int, percentile: Double, errorScore: Double?,
    expectedRemainingErrors: Double? = nil
  ) {
    self.position = position
    self.kind = kind
    self.number = number
    self.percentile = percentile
    self.errorScore = errorScore
    self.expectedRemainingErrors = expectedRemainingErrors
  }
}
