/// Whether noise in the images changes a finding: mean over the noise samples of the IoU of the finding with what the
/// same threshold makes of a sample's probability in it and its halo.
///
/// The forward passes are those of the gradients; lesion structural uncertainty (Molchanova et al., Computers in
/// Biology and Medicine 2025) without an ensemble. Without unit, 0 to 1; not defined without samples.
public struct SampleStability: Sendable {
  private var sum = 0.0
  private var samples = 0

  public init() {}

  /// - Parameters:
  ///   - inside: probability of every voxel of the finding in one sample.
  ///   - halo: of every voxel around it.
  public mutating func add(inside: [Double], halo: [Double], threshold: Double) {
    let kept = inside.count { $0 > threshold }
    let gained = halo.count { $0 > threshold }
    sum += Double(kept) / Double(inside.count + gained)
    samples += 1
  }

  public var value: Double? { samples == 0 ? nil : sum / Double(samples) }
}

/// How alike the FLAIR maps of single noise samples are: the intraclass correlation ICC(1,1) over the voxels of the
/// region and of 5 mm around it.
///
/// With MS_b the variance between voxels of the mean map times N, and MS_w the mean over voxels of the variance between
/// samples: (MS_b − MS_w) / (MS_b + (N − 1) MS_w), the expected correlation of two samples. Without unit, at most 1;
/// not defined for one sample, one voxel or a constant map. Source: Shrout and Fleiss, Psychological Bulletin 1979.
public enum SampleAgreement {
  /// - Parameters:
  ///   - means: of the map over the samples, one per voxel.
  ///   - standardErrors: of these means.
  ///   - samples: N.
  public static func value(means: [Double], standardErrors: [Double], samples: Int) -> Double? {
    precondition(means.count == standardErrors.count, "one standard error per voxel")
    guard samples > 1, means.count > 1 else { return nil }
    let (n, voxels) = (Double(samples), Double(means.count))
    let mean = means.reduce(0, +) / voxels
    let between = n * means.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (voxels - 1)
    let within = n * standardErrors.reduce(0) { $0 + $1 * $1 } / voxels
    let total = between + (n - 1) * within
    return total > 0 ? (between - within) / total : nil
  }
}
