/// The instance that a saliency map explains, on the grid of the network's input.
public struct SaliencyRegion: Hashable, Sendable {
  /// Voxels whose logits are summed: linear indices into `[D, H, W]`, last axis fastest, ascending.
  public let voxels: [Int]
  /// One weight per voxel.
  public let weights: [Float]
  /// |Ω| that divides the sum in `mean`: voxels of the instance on the patient's grid.
  public let omegaCount: Int

  /// Ω on the network's own grid: every voxel counts once.
  public init(voxels: [Int]) {
    self.init(voxels: voxels, weights: Array(repeating: 1, count: voxels.count), omegaCount: voxels.count)
  }

  /// Ω brought from another grid.
  ///
  /// - Parameter weights: the adjoint, applied to the indicator of Ω, of the steps that bring logits to the patient's
  ///   grid.
  public init(voxels: [Int], weights: [Float], omegaCount: Int) {
    precondition(weights.count == voxels.count, "one weight per voxel")
    self.voxels = voxels
    self.weights = weights
    self.omegaCount = omegaCount
  }

  func isValid(in voxelCount: Int) -> Bool {
    guard let first = voxels.first, let last = voxels.last, first >= 0, last < voxelCount, omegaCount >= 1 else {
      return false
    }
    return zip(voxels, voxels.dropFirst()).allSatisfy { $0 < $1 } && weights.allSatisfy(\.isFinite)
  }
}
