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
    case .logit: return (0..<classCount).map { $0 == lesionClass ? 1 : 0 }
    case .margin:
      guard classCount == 2 else { throw .marginNeedsTwoClasses(found: classCount) }
      return (0..<2).map { $0 == lesionClass ? 1 : -1 }
    }
  }
}

/// Everything that decides the numbers of a SmoothGrad run. One sample without noise is the plain gradient.
public struct SmoothGradSettings: Hashable, Sendable, Codable {
  /// N, noise samples per scan; with a stopping rule the most of them.
  public let samples: Int
  /// Nil: every region gets all samples.
  public let stopping: StoppingRule?
  /// σ as a fraction of the range of the normalised FLAIR channel.
  public let noiseFactor: Double
  public let seed: UInt64
  public let aggregation: Aggregation
  public let scalar: ExplainedScalar

  /// - Parameters:
  ///   - samples: 1 or more, with a stopping rule at least its least number of noise samples.
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
    if let stopping, samples < stopping.minimumSamples {
      throw .settingOutOfRange(
        name: "the most samples of a stopping rule", value: "\(samples)", expected: "\(stopping.minimumSamples) or more"
      )
    }
    self.samples = samples
    self.stopping = stopping
    self.noiseFactor = noiseFactor
    self.seed = seed
    self.aggregation = aggregation
    self.scalar = scalar
  }
}

/// How the gradients of the voxels of a region become one map (Spagnolo et al., doi 10.1038/s41598-026-36560-9).
///
/// With D_n[u] the gradient of the explained scalar at voxel u of Ω for noise sample n:
public enum Aggregation: String, Hashable, Sendable, Codable, CaseIterable {
  /// Gradient of the sum over the region: `mean` times |Ω|.
  case sum
  /// Gradient of the mean over the region, equation 2 of the paper.
  case mean
  /// Equation 3 of the paper: in every voxel of the map and every sample the D_n[u] of largest magnitude, with its
  /// sign; then the mean over samples. One gradient for each voxel of the region and sample.
  case signedMax = "signed-max"
  /// As equation 3, over the sums of ``chunkVoxels`` consecutive voxels of Ω instead of single voxels: what the
  /// published script for nnU-Net and Swin UNETR computes. Equal to `sum` for a region that fits into one chunk.
  case chunkedMax = "chunked-max"

  /// Voxels of Ω in array order, last axis fastest, whose gradients `chunked-max` adds before it compares.
  public static let chunkVoxels = 512

  /// Voxels of Ω whose gradients are added before parts are compared; nil where nothing is compared.
  var partVoxels: Int? {
    switch self {
    case .sum, .mean: nil
    case .signedMax: 1
    case .chunkedMax: Self.chunkVoxels
    }
  }

  /// Whether parts of a region are compared, so that the parts must be known one by one.
  public var comparesParts: Bool { partVoxels != nil }
}

/// When a region has been drawn often enough: its FLAIR peak is known to a fraction of its height.
///
/// After every sample from ``minimumSamples`` on, the highest mean FLAIR value inside the region is looked up, and the
/// region is finished when the standard error there is at most ``relativeError`` of it or at most ``absoluteError``. A
/// region's end depends on its own samples alone.
public struct StoppingRule: Hashable, Sendable, Codable {
  /// A peak counts as at least this high, in logit per standard deviation: the absolute error is that part of it.
  public static let smallestPeak = 1.0

  public let relativeError: Double
  /// In logit per standard deviation, for `mean` before the division by |Ω|: below it a small peak would ask for ever
  /// more samples without changing anybody's mind.
  public let absoluteError: Double
  public let minimumSamples: Int

  /// - Parameter absoluteError: nil: `relativeError` of a peak of ``smallestPeak``.
  /// - Throws: ``SaliencyError/settingOutOfRange(name:value:expected:)``.
  public init(relativeError: Double = 0.05, absoluteError: Double? = nil, minimumSamples: Int = 10)
    throws(SaliencyError)
  {
    guard relativeError > 0 && relativeError < 1 else {
      throw .settingOutOfRange(
        name: "the relative standard error", value: "\(relativeError)", expected: "a fraction between 0 and 1")
    }
    let absoluteError = absoluteError ?? relativeError * Self.smallestPeak
    guard absoluteError >= 0 && absoluteError.isFinite else {
      throw .settingOutOfRange(name: "the absolute standard error", value: "\(absoluteError)", expected: "0 or more")
    }
    guard minimumSamples >= 10 else {
      throw .settingOutOfRange(
        name: "the least number of noise samples", value: "\(minimumSamples)", expected: "10 or more")
    }
    self.relativeError = relativeError
    self.absoluteError = absoluteError
    self.minimumSamples = minimumSamples
  }

  func isSatisfied(samples: Int, peak: Double, standardError: Double) -> Bool {
    samples >= minimumSamples && standardError <= max(relativeError * abs(peak), absoluteError)
  }
}
