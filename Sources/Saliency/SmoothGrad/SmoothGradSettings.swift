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
  /// N, noise draws per scan; with a stopping rule the most of them.
  public let samples: Int
  /// Nil: every region gets all draws.
  public let stopping: StoppingRule?
  /// σ as a fraction of the range of the normalised FLAIR channel.
  public let noiseFactor: Double
  public let seed: UInt64
  public let aggregation: Aggregation
  public let scalar: ExplainedScalar

  /// - Parameters:
  ///   - samples: 1 or more, with a stopping rule at least its least number of draws.
  ///   - noiseFactor: 0 or more.
  public init(
    samples: Int = 50, noiseFactor: Double = 0.05, seed: UInt64 = 1, aggregation: Aggregation = .sum,
    scalar: ExplainedScalar = .logit, stopping: StoppingRule? = nil
  ) throws(SaliencyError) {
    guard samples >= 1 && samples <= Int(UInt32.max) else {
      throw .settingOutOfRange(name: "the number of samples", value: "\(samples)", expected: "1 or more")
    }
    guard noiseFactor >= 0 && noiseFactor.isFinite else {
      throw .settingOutOfRange(
        name: "the noise factor", value: "\(noiseFactor)", expected: "0 or more (the paper uses 0.05)")
    }
    if let stopping, samples < stopping.minimumDraws {
      throw .settingOutOfRange(
        name: "the most samples of a stopping rule", value: "\(samples)", expected: "\(stopping.minimumDraws) or more")
    }
    self.samples = samples
    self.stopping = stopping
    self.noiseFactor = noiseFactor
    self.seed = seed
    self.aggregation = aggregation
    self.scalar = scalar
  }
}
