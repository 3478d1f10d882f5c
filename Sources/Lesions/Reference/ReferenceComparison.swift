import Volumes

/// What a reference mask says about a predicted lesion.
public enum PredictionOutcome: String, Hashable, Sendable, Codable {
  case truePositive
  case falsePositive
}

/// Predicted lesions against a reference mask, by any overlap.
///
/// A predicted component is a true positive if it shares at least one voxel with a reference component, else a false
/// positive; a reference component that shares none with the prediction is a false negative. Components too small for
/// the rule were dropped from both sides before. True positives count predicted components everywhere, so TP + FN is
/// not the number of reference lesions when several lesions meet in one component.
public struct ReferenceComparison: Hashable, Sendable {
  public struct PredictedLesion: Hashable, Sendable, Codable {
    public let number: Int
    public let outcome: PredictionOutcome
    /// Numbers of the reference lesions it touches, ascending.
    public let referenceNumbers: [Int]
    /// Voxels it shares with the reference.
    public let sharedVoxels: Int
  }

  public struct ReferenceLesion: Hashable, Sendable, Codable {
    public let number: Int
    /// Numbers of the predicted lesions that touch it, ascending; empty for a false negative.
    public let predictedNumbers: [Int]
    /// Voxels it shares with the prediction.
    public let sharedVoxels: Int

    public var isMissed: Bool { predictedNumbers.isEmpty }
  }

  public let predicted: [PredictedLesion]
  public let reference: [ReferenceLesion]

  /// - Parameters:
  ///   - prediction: components of the network's mask.
  ///   - reference: components of the reference mask, on the same grid.
  public init(prediction: Components, reference: Components) throws(LesionsError) {
    try LesionsError.requireSameShape("reference mask", reference.shape, as: prediction.shape)
    func touches(_ component: [Int], _ numbers: [Int32]) -> (numbers: [Int], shared: Int) {
      var touched: Set<Int> = []
      var shared = 0
      for voxel in component where numbers[voxel] != 0 {
        touched.insert(Int(numbers[voxel]))
        shared += 1
      }
      return (touched.sorted(), shared)
    }
    let referenceNumbers = reference.numbers()
    let predictedNumbers = prediction.numbers()
    predicted = prediction.kept.enumerated().map { index, component in
      let found = touches(component, referenceNumbers)
      return PredictedLesion(
        number: index + 1, outcome: found.shared > 0 ? .truePositive : .falsePositive, referenceNumbers: found.numbers,
        sharedVoxels: found.shared)
    }
    self.reference = reference.kept.enumerated().map { index, component in
      let found = touches(component, predictedNumbers)
      return ReferenceLesion(number: index + 1, predictedNumbers: found.numbers, sharedVoxels: found.shared)
    }
  }

  public var truePositives: Int { predicted.count { $0.outcome == .truePositive } }
  public var falsePositives: Int { predicted.count { $0.outcome == .falsePositive } }
  public var falseNegatives: Int { reference.count { $0.isMissed } }
}
