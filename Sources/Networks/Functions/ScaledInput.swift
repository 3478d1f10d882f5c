public import Checkpoints

/// A model as a function of an image in other units: channel c of the image times `factors[c]` is what it sees.
///
/// Gradients are with respect to that image, so that saliency is told per standard deviation whatever the scale of the
/// network's own input.
public final class ScaledInput: DifferentiableModel {
  private let model: any DifferentiableModel
  private let factors: [Float]

  /// - Parameter factors: one per channel.
  public init(_ model: any DifferentiableModel, factors: [Float]) { (self.model, self.factors) = (model, factors) }

  private func scaled(_ input: Tensor) -> Tensor {
    let count = input.values.count / factors.count
    var result = input
    for c in factors.indices { for i in c * count..<(c + 1) * count { result.values[i] *= factors[c] } }
    return result
  }

  public func logits(_ input: Tensor) throws -> Tensor { try model.logits(scaled(input)) }

  public func value(of target: LogitTarget, at input: Tensor) throws -> Double {
    try model.value(of: target, at: scaled(input))
  }

  public func support(of target: LogitTarget, spatialShape: [Int]) -> VoxelBox {
    model.support(of: target, spatialShape: spatialShape)
  }

  public func pieces(of target: LogitTarget, spatialShape: [Int]) -> [VoxelBox] {
    model.pieces(of: target, spatialShape: spatialShape)
  }

  public func visitGradients(
    of targets: [LogitTarget], at input: Tensor,
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws { _ = try visitGradients(of: targets, at: input, watching: targets.map { _ in [] }, visit) }

  public func visitGradients(
    of targets: [LogitTarget], at input: Tensor, watching voxels: [[Int]],
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> [[[Float]]]? {
    var copy: [Float] = []
    return try model.visitGradients(of: targets, at: scaled(input), watching: voxels) { target, box, gradient in
      copy.removeAll(keepingCapacity: true)
      for c in factors.indices {
        for i in c * box.voxelCount..<(c + 1) * box.voxelCount { copy.append(gradient[i] * factors[c]) }
      }
      try copy.withUnsafeBufferPointer { try visit(target, box, $0) }
    }
  }
}
