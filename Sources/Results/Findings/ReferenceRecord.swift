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

extension ReferenceRecord {
  /// Lesions of the reference that a prediction touches.
  public var foundLesions: Int { lesions - detection.falseNegatives }
  /// Nil without a lesion in the reference. The paper's lesion true-positive rate counts predicted lesions instead.
  public var foundFraction: Double? { lesions == 0 ? nil : Double(foundLesions) / Double(lesions) }

  /// A volume beside the reference's.
  ///
  /// - Returns: the difference, and what it is of the reference volume; nil where that is 0.
  public func volumeDifference(to millilitres: Double) -> (millilitres: Double, percent: Double?) {
    let difference = millilitres - volumeMillilitres
    return (difference, volumeMillilitres > 0 ? 100 * difference / volumeMillilitres : nil)
  }
}

/// Several patients against their reference segmentations: lesions counted together, voxel overlap averaged.
public struct ReferenceSummary: Sendable, Equatable {
  public let patients: Int
  public let pooled: DetectionMetrics
  /// Lesions of all references, and how many of them a prediction touches.
  public let lesions: Int
  public let foundLesions: Int
  /// Means over the patients for whom the value is defined.
  public let meanDsc: Double?
  public let meanNormalisedDsc: Double?

  public init(_ references: [ReferenceRecord]) {
    func mean(_ values: [Double]) -> Double? { values.isEmpty ? nil : values.reduce(0, +) / Double(values.count) }
    patients = references.count
    lesions = references.reduce(0) { $0 + $1.lesions }
    foundLesions = references.reduce(0) { $0 + $1.foundLesions }
    pooled = references.reduce(DetectionMetrics(truePositives: 0, falsePositives: 0, falseNegatives: 0)) {
      $0 + $1.detection
    }
    meanDsc = mean(references.compactMap(\.dsc))
    meanNormalisedDsc = mean(references.compactMap(\.normalisedDsc))
  }
}
