import Networks

/// A highest or lowest value of a map and where it is.
public struct Extremum: Hashable, Sendable, Codable {
  public let value: Float
  /// Index along the three axes of the network's input grid, D, H, W.
  public let position: [Int]

  public init(value: Float, position: [Int]) {
    self.value = value
    self.position = position
  }
}

/// What is read from the map of one channel.
public struct ChannelFeatures: Hashable, Sendable, Codable {
  public let highestInside: Extremum
  public let lowestInside: Extremum
  public let highestAnywhere: Extremum
  public let lowestAnywhere: Extremum
  /// Mean over the voxels of the region.
  public let meanInside: Double
  /// Mean over the rim; nil when the rim is empty.
  public let meanInRim: Double?
  /// Monte-Carlo standard error of `highestInside`, and below of the other extrema: sd over the draws (N − 1) / √N at that voxel;
  /// nil for a single draw.
  public let standardErrorOfHighestInside: Double?
  public let standardErrorOfLowestInside: Double?
  public let standardErrorOfHighestAnywhere: Double?
  public let standardErrorOfLowestAnywhere: Double?
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
  public let flairShare: Double?
  /// The highest FLAIR value of the `sum` map inside the region, whatever the aggregation: what findings are ordered by.
  public let flairSumPeak: Double
  /// Its Monte-Carlo standard error; nil for a single draw.
  public let standardErrorOfFlairSumPeak: Double?
  /// Noise draws behind the map.
  public let draws: Int

  /// The default peak of the error score when read from a `sum` map: the highest FLAIR value inside the region.
  public var flairPeak: Float { channels[0].highestInside.value }

  /// - Parameters:
  ///   - map: of one region.
  ///   - rim: linear indices into `[D, H, W]`, last axis fastest, of the rim voxels around the region.
  public init(of map: SaliencyMap, rim: [Int]) {
    aggregation = map.aggregation
    channels = (0..<map.values.shape[0]).map { channel in
      ChannelFeatures(of: map, channel: channel, rim: rim)
    }
    let perChannel = map.box.voxelCount
    let magnitudes = (0..<map.values.shape[0]).map { channel in
      map.values.values[channel * perChannel..<(channel + 1) * perChannel].reduce(0.0) { $0 + Double(abs($1)) }
    }
    let total = magnitudes.reduce(0, +)
    flairShare = total > 0 ? magnitudes[0] / total : nil
    draws = map.draws
    let (highest, error) = (Double(channels[0].highestInside.value), channels[0].standardErrorOfHighestInside)
    switch map.aggregation {
    case .sum: (flairSumPeak, standardErrorOfFlairSumPeak) = (highest, error)
    case .mean:
      let count = Double(map.region.omegaCount)
      (flairSumPeak, standardErrorOfFlairSumPeak) = (highest * count, error.map { $0 * count })
    case .signedMax, .chunkedMax:
      let sum = map.sumInside!
      let voxel = sum.values[0].indices.max { sum.values[0][$0] < sum.values[0][$1] }!
      (flairSumPeak, standardErrorOfFlairSumPeak) = (sum.values[0][voxel], sum.standardErrors?[0][voxel])
    }
  }
}

extension ChannelFeatures {
  init(of map: SaliencyMap, channel: Int, rim: [Int]) {
    func mean(_ voxels: [Int]) -> Double? {
      guard !voxels.isEmpty else { return nil }
      let sum = voxels.reduce(0.0) { $0 + Double(map.value(channel: channel, at: map.position($1))) }
      return sum / Double(voxels.count)
    }
    var inside = ExtremaSearch(spatialShape: map.spatialShape)
    for voxel in map.region.voxels {
      let position = map.position(voxel)
      inside.consider(map.value(channel: channel, at: position), position[0], position[1], position[2])
    }
    var anywhere = ExtremaSearch(spatialShape: map.spatialShape)
    anywhere.consider(map, channel: channel)
    func standardError(_ extremum: Extremum) -> Double? { map.standardError(channel: channel, at: extremum.position) }
    self.init(
      highestInside: inside.highest, lowestInside: inside.lowest, highestAnywhere: anywhere.highest,
      lowestAnywhere: anywhere.lowest, meanInside: mean(map.region.voxels)!, meanInRim: mean(rim),
      standardErrorOfHighestInside: standardError(inside.highest),
      standardErrorOfLowestInside: standardError(inside.lowest),
      standardErrorOfHighestAnywhere: standardError(anywhere.highest),
      standardErrorOfLowestAnywhere: standardError(anywhere.lowest))
  }
}
