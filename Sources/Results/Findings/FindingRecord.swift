public import ErrorScore
public import Lesions
import Statistics
public import Volumes

/// One finding as the results file holds it. A mark of a reader stands in the decisions, and parts are not filled yet.
public struct FindingRecord: Codable, Sendable, Equatable {
  /// `L001` for a lesion, `C001` for a missed-lesion candidate, `M001` for a lesion of the reference that was missed.
  public let id: FindingID
  public let kind: FindingKind
  public var measurements: Measurements
  public var location: LesionLocation
  /// For a candidate: it holds voxels of a component that the size rule dropped from the mask.
  public var wasDroppedSmallComponent: Bool
  /// What the reference segmentation says: `TP` or `FP` of a lesion, `missed`, `partOfFound` or `notALesion` of a
  /// candidate, `FN` of a missed lesion; nil without one.
  public var reference: RegionGroup?
  /// Nil without a saliency map.
  public var saliency: SaliencyRecord?
  /// Features of probability, shape, images and neighbourhood (`docs/features.md`); nil in results of earlier versions.
  public var features: FeatureValues?
  /// Names of the files with this finding's maps, beside the results file.
  public var files: MapFiles
  /// Of a confluent lesion that was split; empty otherwise.
  public var parts: [Measurements]

  /// Files of maps; nil where there is no such map.
  public struct MapFiles: Codable, Sendable, Equatable {
    public var saliency: String?
    /// Grad-CAM++.
    public var layerMap: String?

    public init(saliency: String? = nil, layerMap: String? = nil) {
      self.saliency = saliency
      self.layerMap = layerMap
    }
  }

  public init(_ finding: Finding, location: LesionLocation = .notAssessed) {
    id = finding.id
    kind = finding.id.kind
    measurements = finding.measurements
    self.location = location
    wasDroppedSmallComponent = finding.wasDroppedSmallComponent
    files = MapFiles()
    parts = []
  }

  /// The voxel nearest to the centroid.
  public var centroidIndex: VoxelIndex {
    let centroid = measurements.centroidVoxel
    return VoxelIndex(
      Int(saturating: centroid.i.rounded()), Int(saturating: centroid.j.rounded()),
      Int(saturating: centroid.k.rounded()))
  }

  /// A feature by its name, of the whole map; nil where it is not defined.
  public func value(of feature: ScoreFeature) -> Double? {
    let probability = measurements.probability
    switch feature {
    case .volume: return measurements.volumeMillimetres3
    case .meanProbability: return probability?.mean
    case .maximumProbability: return probability?.maximum
    case .meanEntropy: return probability?.meanEntropyNats
    default:
      if let measured = features?[feature] { return measured }
      return saliency.map(RegionSaliency.init)?.value(of: feature)
    }
  }

  /// The voxel that pictures go through: the maximum of FLAIR inside the finding, or without a map the voxel at its
  /// centroid.
  public var pictureVoxel: VoxelIndex { saliency?.flair.inside.maximum.voxel ?? centroidIndex }
}

/// Regions beside the findings, explained for comparison when a reference was given: nothing of this enters the work
/// list.
public struct ControlRecord: Codable, Sendable, Equatable {
  /// Reference lesions that no predicted lesion touches, by their number among the reference lesions.
  public var falseNegatives: [Region]
  /// The shape of each predicted lesion, by its number, at a randomly sampled location of healthy brain.
  public var trueNegatives: [Region]
  /// Predicted lesions whose shape fits nowhere.
  public var lesionsWithoutControl: Int
  /// Least distance of a control region from reference, prediction and candidates.
  public var clearanceMillimetres: Double

  /// What is measured of a region that is no finding.
  public struct Region: Codable, Sendable, Equatable {
    public var number: Int
    public var measurements: Measurements
    public var saliency: SaliencyRecord

    public init(number: Int, measurements: Measurements, saliency: SaliencyRecord) {
      self.number = number
      self.measurements = measurements
      self.saliency = saliency
    }
  }

  public init(
    falseNegatives: [Region], trueNegatives: [Region], lesionsWithoutControl: Int, clearanceMillimetres: Double
  ) {
    self.falseNegatives = falseNegatives
    self.trueNegatives = trueNegatives
    self.lesionsWithoutControl = lesionsWithoutControl
    self.clearanceMillimetres = clearanceMillimetres
  }
}
