public import Volumes

/// How well a predicted mask covers a reference mask, counted in voxels. A ratio whose denominator is zero is undefined
/// and nil.
public struct VoxelOverlap: Hashable, Sendable, Codable {
  public let truePositiveVoxels: Int
  public let falsePositiveVoxels: Int
  public let falseNegativeVoxels: Int
  /// V: all voxels of the grid.
  public let gridVoxels: Int

  /// Counts over the kept components of both sides, the masks that are reported.
  public init(prediction: Components, reference: Components) throws(LesionsError) {
    try LesionsError.requireSameShape("reference mask", reference.shape, as: prediction.shape)
    self.init(predicted: prediction.mask(), reference: reference.mask())
  }

  /// Counts over two masks as they are, with their small components.
  public init(prediction: Volume<UInt8>, reference: Volume<UInt8>) throws(LesionsError) {
    try LesionsError.requireSameShape("reference mask", reference.shape, as: prediction.shape)
    self.init(predicted: prediction.voxels, reference: reference.voxels)
  }

  private init(predicted: [UInt8], reference: [UInt8]) {
    var (tp, fp, fn) = (0, 0, 0)
    for (p, t) in zip(predicted, reference) {
      switch (p != 0, t != 0) {
      case (true, true): tp += 1
      case (true, false): fp += 1
      case (false, true): fn += 1
      case (false, false): break
      }
    }
    truePositiveVoxels = tp
    falsePositiveVoxels = fp
    falseNegativeVoxels = fn
    gridVoxels = predicted.count
  }

  /// Dice similarity coefficient 2 TP / (2 TP + FP + FN); nil when both masks are empty.
  public var dice: Double? {
    let denominator = 2 * truePositiveVoxels + falsePositiveVoxels + falseNegativeVoxels
    return denominator == 0 ? nil : Double(2 * truePositiveVoxels) / Double(denominator)
  }

  /// Dice normalised to a lesion load of r = 0.001: 2 TP / (κ FP + 2 TP + FN), κ = (1−r)·|T| / (r·(V−|T|)).
  ///
  /// Makes patients with little and with much disease comparable. Nil when the reference is empty. Source: Raina et
  /// al., *Tackling bias in the Dice similarity coefficient: introducing nDSC for white matter lesion segmentation*,
  /// ISBI 2023.
  public var normalisedDice: Double? {
    let r = 0.001
    let referenceVoxels = truePositiveVoxels + falseNegativeVoxels
    guard referenceVoxels > 0 else { return nil }
    // Without false positives κ has nothing to scale, also when the reference fills the grid and κ is infinite.
    var scaledFalsePositives = 0.0
    if falsePositiveVoxels > 0 {
      let kappa = (1 - r) * Double(referenceVoxels) / (r * Double(gridVoxels - referenceVoxels))
      scaledFalsePositives = kappa * Double(falsePositiveVoxels)
    }
    let agreement = Double(2 * truePositiveVoxels)
    return agreement / (scaledFalsePositives + agreement + Double(falseNegativeVoxels))
  }
}
