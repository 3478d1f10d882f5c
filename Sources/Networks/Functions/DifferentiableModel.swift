public import Checkpoints

/// A function from an image to a volume of logits whose vector–Jacobian products with respect to the image can be
/// computed.
///
/// Methods of attribution work on this protocol alone, so that they can be tested on toy functions with known answers.
public protocol DifferentiableModel: AnyObject {
  /// Y `[K, D, H, W]` for an input `[C, D, H, W]`.
  func logits(_ input: Tensor) throws -> Tensor

  /// The target itself: Σ_n weights[n] · Σ_k classWeights[k] · Y_k[voxels[n]], in double precision from Y on.
  ///
  /// What the gradient is the derivative of, for checks by finite differences. A model may compute only what Y at these
  /// voxels needs.
  func value(of target: LogitTarget, at input: Tensor) throws -> Double

  /// The box outside which d(target)/d(input) is exactly zero for every input of this spatial shape.
  func support(of target: LogitTarget, spatialShape: [Int]) -> VoxelBox

  /// What the gradient of a target costs: for every piece that ``visitGradients(of:at:_:)`` visits, the box that a pass
  /// goes through. What is visited may be smaller.
  func pieces(of target: LogitTarget, spatialShape: [Int]) -> [VoxelBox]

  /// Visits the pieces whose sum is d(target)/d(input), target by target within a piece, pieces in a fixed order.
  ///
  /// One forward pass serves all targets of a piece. `gradient` is `[C, box.shape]`, last axis fastest, valid only
  /// during the call; pieces of the same target may overlap and add up. A piece that does not touch a target is not
  /// visited for it.
  func visitGradients(
    of targets: [LogitTarget], at input: Tensor,
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void) throws

  /// The same, and what the forward passes behind it say at some voxels.
  ///
  /// - Parameter voxels: for every target linear indices into `[D, H, W]`, last axis fastest.
  /// - Returns: for every target and class one logit per voxel, averaged over the pieces of that target alone, not a
  ///   number for a voxel outside of them; nil where a model cannot tell.
  func visitGradients(
    of targets: [LogitTarget], at input: Tensor, watching voxels: [[Int]],
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> [[[Float]]]?
}

extension DifferentiableModel {
  public func visitGradients(
    of targets: [LogitTarget], at input: Tensor, watching voxels: [[Int]],
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws -> [[[Float]]]? {
    try visitGradients(of: targets, at: input, visit)
    return nil
  }

  public func value(of target: LogitTarget, at input: Tensor) throws -> Double { target.value(in: try logits(input)) }

  /// One piece, unless a model says otherwise.
  public func pieces(of target: LogitTarget, spatialShape: [Int]) -> [VoxelBox] {
    [support(of: target, spatialShape: spatialShape)]
  }
}
