/// The instance that a saliency map explains, on the grid of the network's input.
public struct SaliencyRegion: Hashable, Sendable {
  /// Voxels whose logits are summed with weights.
  public struct Part: Hashable, Sendable {
    /// Linear indices into `[D, H, W]`, last axis fastest, ascending.
    public let voxels: [Int]
    /// One weight per voxel.
    public let weights: [Float]

    public init(voxels: [Int], weights: [Float]) {
      precondition(weights.count == voxels.count, "one weight per voxel")
      self.voxels = voxels
      self.weights = weights
    }
  }

  /// Voxels whose logits are summed: linear indices into `[D, H, W]`, last axis fastest, ascending.
  public let voxels: [Int]
  /// One weight per voxel.
  public let weights: [Float]
  /// |Ω| that divides the sum in `mean`: voxels of the instance on the patient's grid.
  public let omegaCount: Int
  /// The voxels of Ω one by one, in array order, where they are not the voxels of this grid.
  private let members: [Part]?

  /// Ω on the network's own grid: every voxel counts once.
  public init(voxels: [Int]) {
    self.init(voxels: voxels, weights: Array(repeating: 1, count: voxels.count), omegaCount: voxels.count)
  }

  /// Ω brought from another grid.
  ///
  /// - Parameters:
  ///   - weights: the adjoint, applied to the indicator of Ω, of the steps that bring logits to the patient's grid.
  ///   - members: the adjoint applied to each voxel of Ω alone, in array order of the network's axes, last axis
  ///     fastest:
  ///     needed where parts are compared. Nil: `voxels` are those of Ω.
  public init(voxels: [Int], weights: [Float], omegaCount: Int, members: [Part]? = nil) {
    precondition(weights.count == voxels.count, "one weight per voxel")
    self.voxels = voxels
    self.weights = weights
    self.omegaCount = omegaCount
    self.members = members
  }

  /// The parts of Ω whose gradients are compared: runs of `size` voxels in array order. Their sum is the region.
  func parts(of size: Int) -> [Part] {
    guard let members else {
      return stride(from: 0, to: voxels.count, by: size).map { start in
        let range = start..<min(start + size, voxels.count)
        return Part(voxels: Array(voxels[range]), weights: Array(weights[range]))
      }
    }
    return stride(from: 0, to: members.count, by: size).map { start in
      let run = members[start..<min(start + size, members.count)]
      if run.count == 1 { return run.first! }
      var sums: [Int: Float] = [:]
      for part in run { for (voxel, weight) in zip(part.voxels, part.weights) { sums[voxel, default: 0] += weight } }
      let voxels = sums.keys.sorted()
      return Part(voxels: voxels, weights: voxels.map { sums[$0]! })
    }
  }

  func isValid(in voxelCount: Int) -> Bool {
    guard let first = voxels.first, let last = voxels.last, first >= 0, last < voxelCount, omegaCount >= 1 else {
      return false
    }
    return Self.isAscending(voxels) && weights.allSatisfy(\.isFinite)
      && (members ?? []).allSatisfy { part in
        guard let low = part.voxels.first, let high = part.voxels.last else { return false }
        return low >= first && high <= last && Self.isAscending(part.voxels) && part.weights.allSatisfy(\.isFinite)
      }
  }

  private static func isAscending(_ voxels: [Int]) -> Bool { zip(voxels, voxels.dropFirst()).allSatisfy { $0 < $1 } }
}
