/// The settings that decide the numbers of a report. Threads are left out: they change nothing.
public struct SettingFacts: Codable, Sendable, Equatable {
  public var method: String
  public var aggregation: String
  public var target: String
  public var samples: Int
  /// Noise standard deviation as a fraction of the normalised FLAIR channel's range.
  public var noiseFraction: Double
  /// The standard deviation that was drawn with, in standard deviations of the non-zero intensities.
  public var noiseStandardDeviation: Double
  public var seed: UInt64
  public var candidateThreshold: Double
  public var maximumCandidates: Int
  /// Smallest number of voxels of a kept component.
  public var minimumLesionVoxels: Int
  public var minimumCandidateVoxels: Int
  public var precision: String
  /// Spatial axes of the network over whose mirrorings logits were averaged; nil without mirroring.
  public var mirrorAxes: [Int]?
  /// When drawing ends before `samples`; nil: every finding got `samples` draws.
  public var stopping: StoppingFacts?
  /// Maps made in addition, from which no number is read; nil without them.
  public var layerMap: LayerMapFacts?

  public init(
    method: String, aggregation: String, target: String, samples: Int, noiseFraction: Double,
    noiseStandardDeviation: Double, seed: UInt64, candidateThreshold: Double, maximumCandidates: Int,
    minimumLesionVoxels: Int, minimumCandidateVoxels: Int, precision: String,
    mirrorAxes: [Int]? = nil, stopping: StoppingFacts? = nil, layerMap: LayerMapFacts? = nil
  ) {
    self.method = method
    self.aggregation = aggregation
    self.target = target
    self.samples = samples
    self.noiseFraction = noiseFraction
    self.noiseStandardDeviation = noiseStandardDeviation
    self.seed = seed
    self.candidateThreshold = candidateThreshold
    self.maximumCandidates = maximumCandidates
    self.minimumLesionVoxels = minimumLesionVoxels
    self.minimumCandidateVoxels = minimumCandidateVoxels
    self.precision = precision
    self.mirrorAxes = mirrorAxes
    self.stopping = stopping
    self.layerMap = layerMap
  }
}

/// Draws end when the standard error of the finding's highest FLAIR value is at most one of the two errors.
public struct StoppingFacts: Codable, Sendable, Equatable {
  /// As a fraction of the value.
  public var relativeError: Double
  /// In logit per standard deviation.
  public var absoluteError: Double
  public var minimumSamples: Int

  public init(relativeError: Double, absoluteError: Double, minimumSamples: Int) {
    self.relativeError = relativeError
    self.absoluteError = absoluteError
    self.minimumSamples = minimumSamples
  }
}

/// A method that looks into a layer of the network.
public struct LayerMapFacts: Codable, Sendable, Equatable {
  public var method: String
  /// Module name in the network's origin.
  public var layer: String

  public init(method: String, layer: String) {
    self.method = method
    self.layer = layer
  }
}

/// The rules behind the counts, in words, as they are printed in every output.
public struct RuleTexts: Codable, Sendable, Equatable {
  public var lesions: String
  public var candidates: String
  public var numbering: String
  public var reviewOrder: String

  public init(lesions: String, candidates: String, numbering: String, reviewOrder: String) {
    self.lesions = lesions
    self.candidates = candidates
    self.numbering = numbering
    self.reviewOrder = reviewOrder
  }
}

public struct FindingCounts: Codable, Sendable, Equatable {
  /// Connected components of the mask before small ones are dropped.
  public var componentsBeforeSizeFilter: Int
  public var droppedSmallComponents: Int
  public var lesions: Int
  public var candidates: Int
  /// Candidates beyond the maximum, which are not shown.
  public var candidatesLeftOut: Int
  public var totalLesionVolumeMillilitres: Double

  public init(
    componentsBeforeSizeFilter: Int, droppedSmallComponents: Int, lesions: Int, candidates: Int,
    candidatesLeftOut: Int, totalLesionVolumeMillilitres: Double
  ) {
    self.componentsBeforeSizeFilter = componentsBeforeSizeFilter
    self.droppedSmallComponents = droppedSmallComponents
    self.lesions = lesions
    self.candidates = candidates
    self.candidatesLeftOut = candidatesLeftOut
    self.totalLesionVolumeMillilitres = totalLesionVolumeMillilitres
  }
}

/// Comparison with an expert mask, when one was given.
public struct TruthFacts: Codable, Sendable, Equatable {
  public var dsc: Double?
  public var normalisedDsc: Double?
  public var lesionTruePositiveRate: Double?
  public var lesionFalseDiscoveryRate: Double?
  public var lesionFalseNegativeRate: Double?
  public var lesionF1: Double?
  public var lesionPositivePredictiveValue: Double?
  /// Predicted components that share a voxel with the truth.
  public var truePositives: Int
  public var falsePositives: Int
  /// Truth components that share no voxel with the prediction.
  public var falseNegatives: Int
  public var truthComponentsBeforeSizeFilter: Int
  public var truthComponents: Int
  public var truthVolumeMillilitres: Double

  public init(
    dsc: Double?, normalisedDsc: Double?, lesionTruePositiveRate: Double?, lesionFalseDiscoveryRate: Double?,
    lesionFalseNegativeRate: Double?, lesionF1: Double?, lesionPositivePredictiveValue: Double?, truePositives: Int,
    falsePositives: Int, falseNegatives: Int, truthComponentsBeforeSizeFilter: Int, truthComponents: Int,
    truthVolumeMillilitres: Double
  ) {
    self.dsc = dsc
    self.normalisedDsc = normalisedDsc
    self.lesionTruePositiveRate = lesionTruePositiveRate
    self.lesionFalseDiscoveryRate = lesionFalseDiscoveryRate
    self.lesionFalseNegativeRate = lesionFalseNegativeRate
    self.lesionF1 = lesionF1
    self.lesionPositivePredictiveValue = lesionPositivePredictiveValue
    self.truePositives = truePositives
    self.falsePositives = falsePositives
    self.falseNegatives = falseNegatives
    self.truthComponentsBeforeSizeFilter = truthComponentsBeforeSizeFilter
    self.truthComponents = truthComponents
    self.truthVolumeMillilitres = truthVolumeMillilitres
  }
}
