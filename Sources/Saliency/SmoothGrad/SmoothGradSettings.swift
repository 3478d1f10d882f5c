/// How the gradients of the voxels of a region become one map.
public enum Aggregation: String, Hashable, Sendable, Codable, CaseIterable {
  /// Gradient of the sum over the region: `mean` times |Ω|.
  case sum
  /// Gradient of the mean over the region, equation 2 of the paper.
  case mean
}

/// Which scalar per voxel is explained.
public enum ExplainedScalar: String, Hashable, Sendable, Codable, CaseIterable {
  /// The logit of the lesion class, as in the paper.
  case logit
  /// The logit of the lesion class minus that of the background, which alone decides the mask.
  case margin

  /// One coefficient per class of the network.
  public func classWeights(lesionClass: Int, classCount: Int) throws(SaliencyError) -> [Float] {
    guard (0..<classCount).contains(lesionClass) else {
      throw .settingOutOfRange(
        name: "the lesion class", value: "\(lesionClass)", expected: "a class from 0 to \(classCount - 1)")
    }
    switch self {
    case .logit:
      return (0..<classCount).map { $0 == lesionClass ? 1 : 0 }
    case .margin:
      guard classCount == 2 else { throw .marginNeedsTwoClasses(found: classCount) }
      return (0..<2).map { $0 == lesionClass ? 1 : -1 }
    }
  }
}

/// Everything that decides the numbers of a SmoothGrad run. One sample without noise is the plain gradient.
public struct SmoothGradSettings: Hashable, Sendable, Codable {
  /// N, noise draws per scan.
  public let samples: Int
  /// σ as a fraction of the range of the normalised FLAIR channel.
  public let noiseFactor: Double
  public let seed: UInt64
  public let aggregation: Aggregation
  public let scalar: ExplainedScalar

  /// - Parameters:
  ///   - samples: 1 or more.
  ///   - noiseFactor: 0 or more.
  public init(
    samples: Int = 50, noiseFactor: Double = 0.05, seed: UInt64 = 1, aggregation: Aggregation = .sum,
    scalar: ExplainedScalar = .logit
  ) throws(SaliencyError) {
    guard samples >= 1 && samples <= Int(UInt32.max) else {
      throw .settingOutOfRange(name: "the number of samples", value: "\(samples)", expected: "1 or more")
    }
    guard noiseFactor >= 0 && noiseFactor.isFinite else {
      throw .settingOutOfRange(
        name: "the noise factor", value: "\(noiseFactor)", expected: "0 or more (the paper uses 0.05)")
    }
    self.samples = samples
    self.noiseFactor = noiseFactor
    self.seed = seed
    self.aggregation = aggregation
    self.scalar = scalar
  }
}
