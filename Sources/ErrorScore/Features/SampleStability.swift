/// Whether noise in the images changes a finding: mean over the noise samples of the IoU of the finding with what the
/// same threshold makes of a sample's probability in it and its halo.
///
/// The forward passes are those of the gradients; lesion structural uncertainty (Molchanova et al., Computers in Biology
/// and Medicine 2025) without an ensemble. Without unit, 0 to 1; not defined without samples.
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
