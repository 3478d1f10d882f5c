/// Saliency of a finding after as many noise draws as the calibrating cohort had: highest values fall as draws are added, so that
/// a score is made of no more of them. In logit per standard deviation of the non-zero intensities, inside the finding.
public struct ScoringFacts: Codable, Sendable, Equatable {
  /// The first draws of those behind the map.
  public var draws: Int
  public var flairHighest: Double
  public var flairLowest: Double
  public var mprageHighest: Double
  public var mprageLowest: Double
  /// Highest FLAIR value of the `sum` map, whatever the aggregation.
  public var flairSumPeak: Double
  /// Over the whole map.
  public var flairShare: Double?
  public var signBalance: SignBalance

  public init(
    draws: Int, flairHighest: Double, flairLowest: Double, mprageHighest: Double, mprageLowest: Double,
    flairSumPeak: Double, flairShare: Double?, signBalance: SignBalance
  ) {
    self.draws = draws
    self.flairHighest = flairHighest
    self.flairLowest = flairLowest
    self.mprageHighest = mprageHighest
    self.mprageLowest = mprageLowest
    self.flairSumPeak = flairSumPeak
    self.flairShare = flairShare
    self.signBalance = signBalance
  }
}
