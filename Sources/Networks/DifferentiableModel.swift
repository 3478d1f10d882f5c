/// A half-open box of voxels in the `[D, H, W]` axes of a tensor.
public struct VoxelBox: Hashable, Sendable {
  public let lower: [Int]
  public let upper: [Int]

  public init(lower: [Int], upper: [Int]) {
    precondition(lower.count == 3 && upper.count == 3 && zip(lower, upper).allSatisfy { $0 <= $1 })
    self.lower = lower
    self.upper = upper
  }

  public var shape: [Int] { zip(upper, lower).map { $0 - $1 } }
  public var voxelCount: Int { shape.reduce(1, *) }

  /// The index of a voxel in a volume of the box's shape, last axis fastest; nil outside of the box.
  public func index(ofVoxel d: Int, _ h: Int, _ w: Int) -> Int? {
    guard d >= lower[0], d < upper[0], h >= lower[1], h < upper[1], w >= lower[2], w < upper[2] else { return nil }
    return ((d - lower[0]) * (upper[1] - lower[1]) + h - lower[1]) * (upper[2] - lower[2]) + w - lower[2]
  }

  /// What two boxes share; empty, at this box's side of the other, if they share nothing.
  public func intersection(_ other: VoxelBox) -> VoxelBox {
    let begin = (0..<3).map { min(max(lower[$0], other.lower[$0]), upper[$0]) }
    return VoxelBox(lower: begin, upper: (0..<3).map { max(begin[$0], min(upper[$0], other.upper[$0])) })
  }

  public func union(_ other: VoxelBox) -> VoxelBox {
    VoxelBox(
      lower: zip(lower, other.lower).map { min($0, $1) }, upper: zip(upper, other.upper).map { max($0, $1) })
  }
}

/// A scalar built from the logit volume Y `[K, D, H, W]`: t = Σ_n weights[n] · Y at voxel voxels[n], combined over classes
/// by `classWeights` (for the lesion logit of two classes `[0, 1]`, for the margin `[-1, 1]`).
public struct LogitTarget: Sendable {
  /// Linear indices into `[D, H, W]`, last axis fastest, ascending and without repetition.
  public let voxels: [Int]
  /// One weight per voxel; 1 for a plain sum over a lesion.
  public let weights: [Float]
  /// One coefficient per class.
  public let classWeights: [Float]

  public init(voxels: [Int], weights: [Float]? = nil, classWeights: [Float]) {
    self.voxels = voxels
    self.weights = weights ?? Array(repeating: 1, count: voxels.count)
    self.classWeights = classWeights
    precondition(self.weights.count == voxels.count, "one weight per voxel")
  }
}

extension LogitTarget {
  /// The scalar, read from logits `[K, D, H, W]`.
  public func value(in logits: Tensor) -> Double {
    let count = logits.shape.dropFirst().reduce(1, *)
    var sum = 0.0
    for (voxel, weight) in zip(voxels, weights) {
      for (k, classWeight) in classWeights.enumerated() where classWeight != 0 {
        sum += Double(weight) * Double(classWeight) * Double(logits.values[k * count + voxel])
      }
    }
    return sum
  }
}

/// A function from an image to a volume of logits whose vector–Jacobian products with respect to the image can be computed.
///
/// Methods of attribution work on this protocol alone, so that they can be tested on toy functions with known answers.
public protocol DifferentiableModel: AnyObject {
  /// Y `[K, D, H, W]` for an input `[C, D, H, W]`.
  func logits(_ input: Tensor) throws -> Tensor

  /// The target itself: Σ_n weights[n] · Σ_k classWeights[k] · Y_k[voxels[n]], in double precision from Y on.
  ///
  /// What the gradient is the derivative of, for checks by finite differences. A model may compute only what Y at these voxels
  /// needs.
  func value(of target: LogitTarget, at input: Tensor) throws -> Double

  /// The box outside which d(target)/d(input) is exactly zero for every input of this spatial shape.
  func support(of target: LogitTarget, spatialShape: [Int]) -> VoxelBox

  /// What the gradient of a target costs: for every piece that ``visitGradients(of:at:_:)`` visits, the box that a pass goes through.
  /// What is visited may be smaller.
  func pieces(of target: LogitTarget, spatialShape: [Int]) -> [VoxelBox]

  /// Visits the pieces whose sum is d(target)/d(input), target by target within a piece, pieces in a fixed order.
  ///
  /// One forward pass serves all targets of a piece. `gradient` is `[C, box.shape]`, last axis fastest, valid only during
  /// the call; pieces of the same target may overlap and add up. A piece that does not touch a target is not visited for it.
  func visitGradients(
    of targets: [LogitTarget], at input: Tensor,
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws
}

extension DifferentiableModel {
  public func value(of target: LogitTarget, at input: Tensor) throws -> Double {
    target.value(in: try logits(input))
  }

  /// One piece, unless a model says otherwise.
  public func pieces(of target: LogitTarget, spatialShape: [Int]) -> [VoxelBox] {
    [support(of: target, spatialShape: spatialShape)]
  }
}
