import Checkpoints
import Networks

/// A maximum or minimum of a map and where it is.
public struct Extremum: Hashable, Sendable, Codable {
  public let value: Float
  /// Index along the three axes of the network's input grid, D, H, W.
  public let position: [Int]
  /// Monte-Carlo standard error of the value: sd over the noise samples (N − 1) / √N at that voxel; nil for a single
  /// sample.
  public let standardError: Double?

  public init(value: Float, position: [Int], standardError: Double? = nil) {
    self.value = value
    self.position = position
    self.standardError = standardError
  }
}

/// What is read from the map of one channel.
public struct ChannelFeatures: Hashable, Sendable, Codable {
  public let maximumInside: Extremum
  public let minimumInside: Extremum
  public let maximumAnywhere: Extremum
  public let minimumAnywhere: Extremum
  /// Mean over the voxels of the region.
  public let meanInside: Double
  /// Mean over the rim; nil when the rim is empty.
  public let meanInRim: Double?

  init(of map: SaliencyMap, channel: Int, rim: [Int]) {
    func mean(_ voxels: [Int]) -> Double? {
      guard !voxels.isEmpty else { return nil }
      let sum = voxels.reduce(0.0) { $0 + Double(map.value(channel: channel, at: map.position($1))) }
      return sum / Double(voxels.count)
    }
    func extremum(_ found: (value: Float, position: [Int])) -> Extremum {
      Extremum(
        value: found.value, position: found.position,
        standardError: map.standardError(channel: channel, at: found.position))
    }
    var inside = ExtremaSearch(spatialShape: map.spatialShape)
    for voxel in map.region.voxels {
      let position = map.position(voxel)
      inside.consider(map.value(channel: channel, at: position), position[0], position[1], position[2])
    }
    var anywhere = ExtremaSearch(spatialShape: map.spatialShape)
    anywhere.consider(map, channel: channel)
    (maximumInside, minimumInside) = (extremum(inside.maximum), extremum(inside.minimum))
    (maximumAnywhere, minimumAnywhere) = (extremum(anywhere.maximum), extremum(anywhere.minimum))
    meanInside = mean(map.region.voxels)!
    meanInRim = mean(rim)
  }
}

/// The numbers of a saliency map that an error score is made of, read from the raw map.
///
/// "Anywhere" is the whole grid; outside the map's box every value is exactly 0. Ties go to the voxel of lowest linear
/// index, first axis fastest. Source: Spagnolo et al., Scientific Reports 2026, doi 10.1038/s41598-026-36560-9.
public struct PeakFeatures: Hashable, Sendable, Codable {
  public let aggregation: Aggregation
  /// In the order of the network's channels: FLAIR, MPRAGE.
  public let channels: [ChannelFeatures]
  /// Σ|FLAIR| / (Σ|FLAIR| + Σ|all other channels|) over the whole map; nil when the map is zero.
  public let flairFraction: Double?
  /// Maximum FLAIR value of the `sum` map inside the region, whatever the aggregation: what findings are ordered by.
  public let flairSumPeak: Double
  /// Monte-Carlo standard error of ``flairSumPeak``; nil for a single sample.
  public let standardErrorOfFlairSumPeak: Double?
  /// Noise samples behind the map.
  public let samples: Int

  /// The default peak of the error score when read from a `sum` map: the maximum FLAIR value inside the region.
  public var flairPeak: Float { channels[0].maximumInside.value }

  /// - Parameters:
  ///   - map: of one region.
  ///   - rim: linear indices into `[D, H, W]`, last axis fastest, of the rim voxels around the region.
  public init(of map: SaliencyMap, rim: [Int]) {
    aggregation = map.aggregation
    channels = (0..<map.values.shape[0]).map { channel in ChannelFeatures(of: map, channel: channel, rim: rim) }
    let perChannel = map.box.voxelCount
    let magnitudes = (0..<map.values.shape[0]).map { channel in
      map.values.values[channel * perChannel..<(channel + 1) * perChannel].reduce(0.0) { $0 + Double(abs($1)) }
    }
    let total = magnitudes.reduce(0, +)
    flairFraction = total > 0 ? magnitudes[0] / total : nil
    samples = map.samples
    let (peak, error) = (Double(channels[0].maximumInside.value), channels[0].maximumInside.standardError)
    switch map.aggregation {
    case .sum: (flairSumPeak, standardErrorOfFlairSumPeak) = (peak, error)
    case .mean:
      let count = Double(map.region.omegaCount)
      (flairSumPeak, standardErrorOfFlairSumPeak) = (peak * count, error.map { $0 * count })
    case .signedMax, .chunkedMax:
      let sum = map.sumInside!
      let voxel = sum.values[0].indices.max { sum.values[0][$0] < sum.values[0][$1] }!
      (flairSumPeak, standardErrorOfFlairSumPeak) = (sum.values[0][voxel], sum.standardErrors?[0][voxel])
    }
  }
}
