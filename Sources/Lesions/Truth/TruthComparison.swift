import Volumes

/// What a truth mask says about a predicted lesion.
public enum PredictionOutcome: String, Hashable, Sendable, Codable {
  case truePositive
  case falsePositive
}

/// Predicted lesions against a truth mask, by any overlap.
///
/// A predicted component is a true positive if it shares at least one voxel with a truth component, else a false
/// positive; a truth component that shares none with the prediction is a false negative. Components too small for the
/// rule were dropped from both sides before. True positives count predicted components everywhere, so TP + FN is not
/// the number of truth lesions when several lesions meet in one component.
public struct TruthComparison: Hashable, Sendable {
  public struct PredictedLesion: Hashable, Sendable, Codable {
    public let number: Int
    public let outcome: PredictionOutcome
    /// Numbers of the truth lesions it touches, ascending.
    public let truthNumbers: [Int]
    /// Voxels it shares with the truth.
    public let sharedVoxels: Int
  }

  public struct TruthLesion: Hashable, Sendable, Codable {
    public let number: Int
    /// Numbers of the predicted lesions that touch it, ascending; empty for a false negative.
    public let predictedNumbers: [Int]
    /// Voxels it shares with the prediction.
    public let sharedVoxels: Int

    public var isMissed: Bool { predictedNumbers.isEmpty }
  }

  public let predicted: [PredictedLesion]
  public let truth: [TruthLesion]

  /// - Parameters:
  ///   - prediction: components of the network's mask.
  ///   - truth: components of the truth mask, on the same grid.
  public init(prediction: Components, truth: Components) throws(LesionsError) {
    try LesionsError.requireSameShape("truth mask", truth.shape, as: prediction.shape)
    func touches(_ component: [Int], _ numbers: [Int32]) -> (numbers: [Int], shared: Int) {
      var touched: Set<Int> = []
      var shared = 0
      for voxel in component where numbers[voxel] != 0 {
        touched.insert(Int(numbers[voxel]))
        shared += 1
      }
      return (touched.sorted(), shared)
    }
    let truthNumbers = truth.numbers()
    let predictedNumbers = prediction.numbers()
    predicted = prediction.kept.enumerated().map { index, component in
      let found = touches(component, truthNumbers)
      return PredictedLesion(
        number: index + 1, outcome: found.shared > 0 ? .truePositive : .falsePositive, truthNumbers: found.numbers,
        sharedVoxels: found.shared)
    }
    self.truth = truth.kept.enumerated().map { index, component in
      let found = touches(component, predictedNumbers)
      return TruthLesion(number: index + 1, predictedNumbers: found.numbers, sharedVoxels: found.shared)
    }
  }

  public var truePositives: Int { predicted.count { $0.outcome == .truePositive } }
  public var falsePositives: Int { predicted.count { $0.outcome == .falsePositive } }
  public var falseNegatives: Int { truth.count { $0.isMissed } }
}
