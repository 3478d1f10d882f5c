public import ErrorScore
public import Saliency
public import Volumes

/// What was read from the saliency maps of one finding or control region.
///
/// Saliency is in logit per standard deviation of the non-zero intensities; positions are voxels along the stored axes
/// of the patient's grid, and RAS+ millimetres.
public struct SaliencyRecord: Codable, Sendable, Equatable {
  /// Noise samples behind the maps; nil for maps of another tool.
  public var samples: Int?
  public var flair: ChannelPeaks
  /// Nil for a network of FLAIR alone.
  public var mprage: ChannelPeaks?
  /// Σ|FLAIR map| / (Σ|FLAIR map| + Σ|MPRAGE map|) over the whole map; nil when the map is zero, and for a network
  /// of FLAIR alone.
  public var flairFraction: Double?
  public var signBalance: SignBalance
  /// The maximum of the FLAIR `sum` map inside the region, whatever the aggregation of the maps, by which findings are
  /// ordered without a calibration; nil for maps of another tool.
  public var flairSumPeak: SampledValue?
  /// What else was read from the map, and from the noise samples; nil in results of earlier versions.
  public var features: FeatureValues?
  /// Mean saliency by distance to the border; nil in results of earlier versions.
  public var radialProfile: [RadialProfile.Bin]?
  /// Read after as many noise samples as the calibrating cohort had; nil where that is the whole map, or without a
  /// score.
  public var scoring: ScoringRecord?
}

extension SaliencyRecord {
  /// - Parameters:
  ///   - features: of maps whose channels are FLAIR and MPRAGE, or FLAIR alone.
  ///   - place: the patient's voxel and place of a position on the network's grid.
  public init(_ features: PeakFeatures, place: ([Int]) -> (voxel: VoxelIndex, world: WorldPoint)) {
    func peak(_ extremum: Extremum) -> Peak {
      let (voxel, world) = place(extremum.position)
      return Peak(
        value: Double(extremum.value), voxel: voxel, worldMillimetres: world, standardError: extremum.standardError)
    }
    func peaks(_ channel: ChannelFeatures) -> ChannelPeaks {
      ChannelPeaks(
        inside: .init(maximum: peak(channel.maximumInside), minimum: peak(channel.minimumInside)),
        map: .init(maximum: peak(channel.maximumAnywhere), minimum: peak(channel.minimumAnywhere)))
    }
    samples = features.samples
    flair = peaks(features.channels[0])
    let hasTwo = features.channels.count > 1
    mprage = hasTwo ? peaks(features.channels[1]) : nil
    flairFraction = hasTwo ? features.flairFraction : nil
    signBalance = SignBalance(meanInside: features.channels[0].meanInside, meanRim: features.channels[0].meanInRim)
    flairSumPeak = SampledValue(value: features.flairSumPeak, standardError: features.standardErrorOfFlairSumPeak)
  }
}

/// Maxima and minima of one channel's map, inside the finding and over the whole map.
public struct ChannelPeaks: Codable, Sendable, Equatable {
  public var inside: Extrema
  public var map: Extrema

  public struct Extrema: Codable, Sendable, Equatable {
    public var maximum: Peak
    public var minimum: Peak
  }
}

/// An extreme value of a saliency map and where it is.
public struct Peak: Codable, Sendable, Equatable {
  public var value: Double
  public var voxel: VoxelIndex
  public var worldMillimetres: WorldPoint
  /// Monte-Carlo standard error over the noise samples at that voxel; nil for a single sample.
  public var standardError: Double?
}

/// A value with its Monte-Carlo standard error over the noise samples, nil for a single sample.
public struct SampledValue: Codable, Sendable, Equatable {
  public var value: Double
  public var standardError: Double?
}

/// Mean FLAIR saliency inside the finding and in the rim 2–5 mm around it, other lesions excluded.
public struct SignBalance: Codable, Sendable, Equatable {
  public var meanInside: Double
  /// Nil without a rim.
  public var meanRim: Double?
}

/// Saliency after as many noise samples as the calibrating cohort had: maxima fall as samples are added, so that a
/// score is made of no more of them.
public struct ScoringRecord: Codable, Sendable, Equatable {
  /// The first samples of those behind the map.
  public var samples: Int
  public var saliency: RegionSaliency

  public init(samples: Int, saliency: RegionSaliency) {
    self.samples = samples
    self.saliency = saliency
  }
}

extension RegionSaliency {
  /// The numbers of a record, of the whole map.
  public init(_ record: SaliencyRecord) {
    self.init(
      flairMaximum: record.flair.inside.maximum.value, flairMinimum: record.flair.inside.minimum.value,
      mprageMaximum: record.mprage?.inside.maximum.value, mprageMinimum: record.mprage?.inside.minimum.value,
      flairSumPeak: record.flairSumPeak?.value, flairFraction: record.flairFraction,
      meanInside: record.signBalance.meanInside, meanRim: record.signBalance.meanRim)
    features = record.features
  }
}
