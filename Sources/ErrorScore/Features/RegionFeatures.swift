public import Lesions

/// Saliency inside one region, in logit per standard deviation of the non-zero intensities.
public struct RegionSaliency: Hashable, Sendable, Codable {
  public var flairMaximum: Double
  public var flairMinimum: Double
  /// Nil for a network of FLAIR alone, as the minimum.
  public var mprageMaximum: Double?
  public var mprageMinimum: Double?
  /// Maximum of the FLAIR `sum` map, whatever the aggregation; nil for maps of another tool.
  public var flairSumPeak: Double?
  /// Σ|FLAIR map| / (Σ|FLAIR map| + Σ|MPRAGE map|) over the whole map; nil when the map is zero, and for a network
  /// of FLAIR alone.
  public var flairFraction: Double?
  /// Mean FLAIR saliency.
  public var meanInside: Double
  /// Mean FLAIR saliency in the rim 2–5 mm around the region; nil without a rim.
  public var meanRim: Double?
  /// What else was read from the map; nil in records of earlier versions.
  public var features: FeatureValues?

  public init(
    flairMaximum: Double, flairMinimum: Double, mprageMaximum: Double?, mprageMinimum: Double?,
    flairSumPeak: Double? = nil, flairFraction: Double?, meanInside: Double, meanRim: Double?
  ) {
    self.flairMaximum = flairMaximum
    self.flairMinimum = flairMinimum
    self.mprageMaximum = mprageMaximum
    self.mprageMinimum = mprageMinimum
    self.flairSumPeak = flairSumPeak
    self.flairFraction = flairFraction
    self.meanInside = meanInside
    self.meanRim = meanRim
  }

  /// Mean of the rim over the maximum, which does not depend on the region's size as both alone do; nil without a rim,
  /// and for a maximum of 0 or less.
  public var rimToPeak: Double? { flairMaximum > 0 ? meanRim.map { $0 / flairMaximum } : nil }

  /// A feature that is read from the map alone; nil for any other, and where it is not defined.
  public func value(of feature: ScoreFeature) -> Double? {
    switch feature {
    case .flairPeak: flairMaximum
    case .negativePeak: flairMinimum
    case .mpragePeak: mprageMaximum
    case .flairFraction: flairFraction
    case .rimMean: meanRim
    case .rimToPeak: rimToPeak
    case .rimBalance: meanRim.map { meanInside - $0 }
    default: features?[feature]
    }
  }

  /// Values of a linear map multiplied; the fraction stays.
  func scaled(by factor: Double) -> RegionSaliency {
    var scaled = RegionSaliency(
      flairMaximum: flairMaximum * factor, flairMinimum: flairMinimum * factor,
      mprageMaximum: mprageMaximum.map { $0 * factor }, mprageMinimum: mprageMinimum.map { $0 * factor },
      flairSumPeak: flairSumPeak, flairFraction: flairFraction, meanInside: meanInside * factor,
      meanRim: meanRim.map { $0 * factor })
    scaled.features = features?.scaledSaliency(by: factor)
    return scaled
  }
}

/// What is known about one region (a lesion, a candidate, a missed lesion, a control region) without its reference.
public struct RegionFeatures: Hashable, Sendable, Codable {
  /// Of the `sum` map, or of the map itself where it is neither sum nor mean.
  public var saliency: RegionSaliency
  /// The FLAIR maximum of the `mean` map; nil where the maps are neither sums nor means.
  public var flairMaximumOfMean: Double?
  public var volumeMillimetres3: Double
  public var probability: ProbabilityMeasurements
  /// What was measured of probability, shape, images and neighbourhood beside these.
  public let measured: FeatureValues

  public init(
    saliency: RegionSaliency, flairMaximumOfMean: Double? = nil, volumeMillimetres3: Double,
    probability: ProbabilityMeasurements, measured: FeatureValues? = nil
  ) {
    self.saliency = saliency
    self.flairMaximumOfMean = flairMaximumOfMean
    self.volumeMillimetres3 = volumeMillimetres3
    self.probability = probability
    self.measured = measured ?? FeatureValues()
  }

  /// Saliency of a `mean` map is turned back into that of the `sum` map; other aggregations are taken as they are.
  ///
  /// - Parameters:
  ///   - aggregation: `sum`, `mean`, `signed-max` or `chunked-max`.
  ///   - measurements: of the region.
  ///   - measured: features beside those of the saliency.
  /// - Returns: nil without a probability.
  public init?(
    _ saliency: RegionSaliency, aggregation: String, measurements: Measurements, measured: FeatureValues? = nil
  ) {
    guard let probability = measurements.probability else { return nil }
    let count = Double(measurements.voxelCount)
    let ofMean: Double? =
      switch aggregation {
      case "mean": saliency.flairMaximum
      case "sum": saliency.flairMaximum / count
      default: nil
      }
    self.init(
      saliency: aggregation == "mean" ? saliency.scaled(by: count) : saliency, flairMaximumOfMean: ofMean,
      volumeMillimetres3: measurements.volumeMillimetres3, probability: probability, measured: measured)
  }
}

/// A finding of a labelled cohort: what the network erred in is known.
public struct LabelledFinding: Hashable, Sendable {
  /// `sub-01` or `sub-01_ses-02`. Sessions of one patient belong together, see ``cluster``.
  public let patient: String
  public let kind: FindingKind
  public let features: RegionFeatures
  /// A false positive, or a candidate that is a missed lesion.
  public let isError: Bool
  /// What a calibration said about it, when the run had one.
  public let errorScore: Double?
  /// Maximum of the FLAIR `sum` map inside the finding, whatever the aggregation of the features.
  public let flairSumPeak: Double

  public init(
    patient: String, kind: FindingKind, features: RegionFeatures, isError: Bool, errorScore: Double? = nil,
    flairSumPeak: Double? = nil
  ) {
    self.patient = patient
    self.kind = kind
    self.features = features
    self.isError = isError
    self.errorScore = errorScore
    self.flairSumPeak = flairSumPeak ?? features.saliency.flairMaximum
  }

  /// What is resampled and held out together: the patient with all sessions.
  public var cluster: String { String(patient.prefix { $0 != "_" }) }
}
