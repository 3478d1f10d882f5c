public import Lesions

/// The mask against a reference segmentation. A ratio whose denominator is zero is absent.
public struct ReferenceRecord: Codable, Sendable, Equatable {
  /// Dice similarity coefficient of the voxels.
  public var dsc: Double?
  /// At a lesion load of 0.001, see `VoxelOverlap/normalisedDice`.
  public var normalisedDsc: Double?
  /// Predicted lesions that share a voxel with the reference, predicted lesions that share none, reference lesions that
  /// no prediction touches.
  public var detection: DetectionMetrics
  public var lesionTruePositiveRate: Double?
  public var lesionFalseDiscoveryRate: Double?
  public var lesionFalseNegativeRate: Double?
  public var lesionF1: Double?
  public var lesionPositivePredictiveValue: Double?
  /// Of the reference, before small components are dropped.
  public var componentsBeforeSizeFilter: Int
  public var lesions: Int
  public var volumeMillilitres: Double

  /// - Parameters:
  ///   - reference: components of the reference mask.
  ///   - voxelMillimetres3: volume of a voxel.
  public init(_ reference: Components, detection: DetectionMetrics, overlap: VoxelOverlap, voxelMillimetres3: Double) {
    dsc = overlap.dice
    normalisedDsc = overlap.normalisedDice
    self.detection = detection
    lesionTruePositiveRate = detection.truePositiveRate
    lesionFalseDiscoveryRate = detection.falseDiscoveryRate
    lesionFalseNegativeRate = detection.falseNegativeRate
    lesionF1 = detection.f1
    lesionPositivePredictiveValue = detection.positivePredictiveValue
    componentsBeforeSizeFilter = reference.countBeforeDropping
    lesions = reference.kept.count
    volumeMillilitres = Double(reference.kept.reduce(0) { $0 + $1.count }) * voxelMillimetres3 / 1000
  }
}

/// Several patients against their reference segmentations: lesions counted together, voxel overlap averaged.
public struct ReferenceSummary: Sendable, Equatable {
  public let patients: Int
  public let pooled: DetectionMetrics
  /// Means over the patients for whom the value is defined.
  public let meanDsc: Double?
  public let meanNormalisedDsc: Double?

  public init(_ references: [ReferenceRecord]) {
    func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
    patients = references.count
    pooled = references.reduce(DetectionMetrics(truePositives: 0, falsePositives: 0, falseNegatives: 0)) {
      $0 + $1.detection
    }
    meanDsc = mean(references.compactMap(\.dsc))
    meanNormalisedDsc = mean(references.compactMap(\.normalisedDsc))
  }
}
