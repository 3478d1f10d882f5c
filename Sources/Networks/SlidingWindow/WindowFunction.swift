/// A function of one window: logits [K, D, H, W] of an image [C, D, H, W] of the same spatial shape, and its gradient.
///
/// ``Executor`` is one; ``WindowEnsemble`` and toy functions with known answers are others.
public protocol WindowFunction: AnyObject {
  var inputChannels: Int { get }
  var outputChannels: Int { get }

  /// Computes the logits of the window that `fill` writes and hands them to `read`.
  func forward(
    spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws

  /// d(Σ cotangent · logits)/d(window) at the window that `fill` writes, for `count` cotangents.
  ///
  /// `cotangent` writes [K, D, H, W] for a number below `count`; `read` receives pieces [C, D, H, W] whose sum is the
  /// gradient for that number, always in the same order. Both may be called several times for a number, so that an ensemble
  /// need not keep the state of every member at once.
  func visitGradients(
    count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    cotangent: (_ number: Int, _ target: UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (_ number: Int, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws

  /// The part of a window of this shape outside which the gradient is exactly zero for every cotangent that is zero outside of
  /// `target`.
  func reach(of target: VoxelBox, spatialShape: [Int]) -> VoxelBox
}

extension WindowFunction {
  /// The whole window, unless a function knows better.
  public func reach(of target: VoxelBox, spatialShape: [Int]) -> VoxelBox {
    VoxelBox(lower: [0, 0, 0], upper: spatialShape)
  }
}
