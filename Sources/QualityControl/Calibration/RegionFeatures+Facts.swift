import ErrorScore
import Reports
import Results

/// Features of the regions of a results file. Saliency of a `mean` map is turned back into that of the `sum` map; other
/// aggregations are taken as they are.
extension RegionFeatures {
  init(_ finding: FindingFacts, aggregation: String) {
    let factor = Self.factor(aggregation, voxelCount: finding.voxelCount)
    self.init(
      flairHighest: finding.flair.insideHighest.value * factor,
      flairHighestOfMean: Self.ofMean(finding.flair.insideHighest.value, aggregation, voxelCount: finding.voxelCount),
      flairLowest: finding.flair.insideLowest.value * factor,
      mprageHighest: finding.mprage.insideHighest.value * factor,
      mprageLowest: finding.mprage.insideLowest.value * factor, flairShare: finding.flairShare,
      meanInside: finding.signBalance.meanInside * factor, meanRim: finding.signBalance.meanRim.map { $0 * factor },
      volumeMillimetres3: finding.volumeMillimetres3, meanProbability: finding.meanProbability,
      maximumProbability: finding.maximumProbability, meanEntropy: finding.meanEntropy)
  }

  /// What a calibration judges: the finding after as many draws as the calibrating cohort had.
  init(scoring finding: FindingFacts, aggregation: String) {
    self.init(finding, aggregation: aggregation)
    guard let scoring = finding.scoring else { return }
    let factor = Self.factor(aggregation, voxelCount: finding.voxelCount)
    flairHighest = scoring.flairHighest * factor
    flairHighestOfMean = Self.ofMean(scoring.flairHighest, aggregation, voxelCount: finding.voxelCount)
    flairLowest = scoring.flairLowest * factor
    mprageHighest = scoring.mprageHighest * factor
    mprageLowest = scoring.mprageLowest * factor
    flairShare = scoring.flairShare
    meanInside = scoring.signBalance.meanInside * factor
    meanRim = scoring.signBalance.meanRim.map { $0 * factor }
  }

  init(_ region: RegionFacts, aggregation: String) {
    let factor = Self.factor(aggregation, voxelCount: region.voxelCount)
    self.init(
      flairHighest: region.flairHighest * factor,
      flairHighestOfMean: Self.ofMean(region.flairHighest, aggregation, voxelCount: region.voxelCount),
      flairLowest: region.flairLowest * factor,
      mprageHighest: region.mprageHighest * factor, mprageLowest: region.mprageLowest * factor,
      flairShare: region.flairShare, meanInside: region.signBalance.meanInside * factor,
      meanRim: region.signBalance.meanRim.map { $0 * factor }, volumeMillimetres3: region.volumeMillimetres3,
      meanProbability: region.meanProbability, maximumProbability: region.maximumProbability,
      meanEntropy: region.meanEntropy)
  }

  static func factor(_ aggregation: String, voxelCount: Int) -> Double {
    aggregation == "mean" ? Double(voxelCount) : 1
  }

  private static func ofMean(_ value: Double, _ aggregation: String, voxelCount: Int) -> Double? {
    switch aggregation {
    case "mean": value
    case "sum": value / Double(voxelCount)
    default: nil
    }
  }
}
