/// Regions beside the findings, explained for comparison when a truth was given: nothing of this enters the work list.
public struct ControlFacts: Codable, Sendable, Equatable {
  /// Truth lesions that no predicted lesion touches, by their number among the truth lesions.
  public var falseNegatives: [RegionFacts]
  /// The shape of each predicted lesion, by its number, at a drawn place of healthy brain.
  public var trueNegatives: [RegionFacts]
  /// Predicted lesions whose shape fits nowhere.
  public var lesionsWithoutControl: Int
  /// Least distance of a control region from truth, prediction and candidates.
  public var clearanceMillimetres: Double

  public init(
    falseNegatives: [RegionFacts], trueNegatives: [RegionFacts], lesionsWithoutControl: Int,
    clearanceMillimetres: Double
  ) {
    self.falseNegatives = falseNegatives
    self.trueNegatives = trueNegatives
    self.lesionsWithoutControl = lesionsWithoutControl
    self.clearanceMillimetres = clearanceMillimetres
  }
}

/// What is measured of a region that is no finding.
public struct RegionFacts: Codable, Sendable, Equatable {
  public var number: Int
  public var voxelCount: Int
  public var volumeMillimetres3: Double
  public var centroidWorldMillimetres: [Double]
  public var meanProbability: Double
  public var maximumProbability: Double
  /// Mean binary entropy of the lesion probability, in nats.
  public var meanEntropy: Double
  /// Peaks inside the region, in logit per standard deviation of the non-zero intensities.
  public var flairHighest: Double
  public var flairLowest: Double
  public var mprageHighest: Double
  public var mprageLowest: Double
  /// Of these peaks; nil for a single noise draw.
  public var standardErrors: StandardErrors?
  public var flairShare: Double?
  public var signBalance: SignBalance

  /// Monte-Carlo standard errors over the noise draws.
  public struct StandardErrors: Codable, Sendable, Equatable {
    public var flairHighest: Double
    public var flairLowest: Double
    public var mprageHighest: Double
    public var mprageLowest: Double

    public init(flairHighest: Double, flairLowest: Double, mprageHighest: Double, mprageLowest: Double) {
      self.flairHighest = flairHighest
      self.flairLowest = flairLowest
      self.mprageHighest = mprageHighest
      self.mprageLowest = mprageLowest
    }
  }

  public init(
    number: Int, voxelCount: Int, volumeMillimetres3: Double, centroidWorldMillimetres: [Double],
    meanProbability: Double, maximumProbability: Double, meanEntropy: Double, flairHighest: Double, flairLowest: Double,
    mprageHighest: Double, mprageLowest: Double, standardErrors: StandardErrors? = nil, flairShare: Double?,
    signBalance: SignBalance
  ) {
    self.number = number
    self.voxelCount = voxelCount
    self.volumeMillimetres3 = volumeMillimetres3
    self.centroidWorldMillimetres = centroidWorldMillimetres
    self.meanProbability = meanProbability
    self.maximumProbability = maximumProbability
    self.meanEntropy = meanEntropy
    self.flairHighest = flairHighest
    self.flairLowest = flairLowest
    self.mprageHighest = mprageHighest
    self.mprageLowest = mprageLowest
    self.standardErrors = standardErrors
    self.flairShare = flairShare
    self.signBalance = signBalance
  }
}
