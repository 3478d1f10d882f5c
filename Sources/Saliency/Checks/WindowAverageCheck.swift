public import Networks

/// Whether the explained scalar is read from the logits that made the mask: Σ_Ω w·Y from the whole volume's logits against the
/// same sum from the windows that hold Ω.
public struct WindowAverageCheck: Sendable {
  public static let name = "explained sum is that of the mask"
  /// Both sums hold the same single-precision logits, averaged over at most some dozen windows: 1e-5 leaves ten times the
  /// rounding of that.
  public static let limit = 1e-5
  static let rule = "the output that is explained is the one that made the mask, within 1e-5"

  public init() {}

  /// - Parameter logits: `[K, D, H, W]` that decided the mask.
  public func outcome(
    of region: SaliencyRegion, classWeights: [Float], logits: Tensor, model: some DifferentiableModel, at image: Tensor
  ) throws -> CheckOutcome {
    let target = LogitTarget(voxels: region.voxels, weights: region.weights, classWeights: classWeights)
    let count = logits.shape.dropFirst().reduce(1, *)
    var magnitude = 1.0
    for (voxel, weight) in zip(target.voxels, target.weights) {
      for (k, c) in classWeights.enumerated() {
        magnitude += abs(Double(weight * c * logits.values[k * count + voxel]))
      }
    }
    let error = abs(try model.value(of: target, at: image) - target.value(in: logits)) / magnitude
    return CheckOutcome(
      name: Self.name, passed: error <= Self.limit, measures: [.init("relative difference", error)], rule: Self.rule,
      detail: "Over \(region.omegaCount) voxels of one finding.")
  }
}
