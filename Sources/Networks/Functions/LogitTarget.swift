public import Checkpoints

/// A scalar built from the logit volume Y `[K, D, H, W]`: t = Σ_n weights[n] · Y at voxel voxels[n], combined over
/// classes by `classWeights` (for the lesion logit of two classes `[0, 1]`, for the margin `[-1, 1]`).
public struct LogitTarget: Sendable {
  /// Linear indices into `[D, H, W]`, last axis fastest, ascending and without repetition.
  public let voxels: [Int]
  /// One weight per voxel; 1 for a plain sum over a lesion.
  public let weights: [Float]
  /// One coefficient per class.
  public let classWeights: [Float]

  public init(voxels: [Int], weights: [Float]? = nil, classWeights: [Float]) {
    self.voxels = voxels
    self.weights = weights ?? Array(repeating: 1, count: voxels.count)
    self.classWeights = classWeights
    precondition(self.weights.count == voxels.count, "one weight per voxel")
  }
}

extension LogitTarget {
  /// The scalar, read from logits `[K, D, H, W]`.
  public func value(in logits: Tensor) -> Double {
    let count = logits.shape.dropFirst().reduce(1, *)
    var sum = 0.0
    for (voxel, weight) in zip(voxels, weights) {
      for (k, classWeight) in classWeights.enumerated() where classWeight != 0 {
        sum += Double(weight) * Double(classWeight) * Double(logits.values[k * count + voxel])
      }
    }
    return sum
  }
}
