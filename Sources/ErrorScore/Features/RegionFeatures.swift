/// What is known about one region (a lesion, a candidate, a missed lesion, a control region) without its truth.
///
/// Saliency is that of the `sum` map inside the region (of the map itself with `signed-max` and `chunked-max`), in logit per standard deviation of the non-zero intensities.
public struct RegionFeatures: Hashable, Sendable, Codable {
  public var flairHighest: Double
  /// `flairHighest` of the `mean` map; nil where the maps are neither sums nor means.
  public var flairHighestOfMean: Double?
  public var flairLowest: Double
  public var mprageHighest: Double
  public var mprageLowest: Double
  /// Σ|FLAIR map| / (Σ|FLAIR map| + Σ|MPRAGE map|) over the whole map; nil when the map is zero.
  public var flairShare: Double?
  /// Mean FLAIR saliency inside the region.
  public var meanInside: Double
  /// Mean FLAIR saliency in the rim 2–5 mm around it; nil without a rim.
  public var meanRim: Double?
  public var volumeMillimetres3: Double
  public var meanProbability: Double
  public var maximumProbability: Double
  /// Mean binary entropy of the lesion probability, nats.
  public var meanEntropy: Double

  public init(
    flairHighest: Double, flairHighestOfMean: Double? = nil, flairLowest: Double, mprageHighest: Double,
    mprageLowest: Double, flairShare: Double?, meanInside: Double, meanRim: Double?, volumeMillimetres3: Double,
    meanProbability: Double,
    maximumProbability: Double, meanEntropy: Double
  ) {
    self.flairHighest = flairHighest
    self.flairHighestOfMean = flairHighestOfMean
    self.flairLowest = flairLowest
    self.mprageHighest = mprageHighest
    self.mprageLowest = mprageLowest
    self.flairShare = flairShare
    self.meanInside = meanInside
    self.meanRim = meanRim
    self.volumeMillimetres3 = volumeMillimetres3
    self.meanProbability = meanProbability
    self.maximumProbability = maximumProbability
    self.meanEntropy = meanEntropy
  }
}
