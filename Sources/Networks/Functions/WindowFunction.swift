public import Checkpoints

/// A function of one window: logits [K, D, H, W] of an image [C, D, H, W] of the same spatial shape, and its gradient.
///
/// ``Executor`` is one; ``WindowEnsemble`` and toy functions with known answers are others.
public protocol WindowFunction: AnyObject {
  var inputChannels: Int { get }
  var outputChannels: Int { get }

  /// Computes the logits of the window that `fill` writes and hands them to `read`.
  func forward(
    spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (UnsafeBufferPointer<Float>) throws -> Void) throws

  /// d(Σ cotangent · logits)/d(window) at the window that `fill` writes, for `count` cotangents.
  ///
  /// `cotangent` writes [K, D, H, W] for a number below `count`; `read` receives pieces [C, D, H, W] whose sum is the
  /// gradient for that number, always in the same order. Both may be called several times for a number, so that an
  /// ensemble need not keep the state of every member at once.
  /// `logits` receives [K, D, H, W] of the window, once, where the function gives them.
  func visitGradients(
    count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    logits: (UnsafeBufferPointer<Float>) throws -> Void,
    cotangent: (_ number: Int, _ target: UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (_ number: Int, _ gradient: UnsafeBufferPointer<Float>) throws -> Void) throws

  /// The part of a window of this shape outside which the gradient is exactly zero for every cotangent that is zero
  /// outside of `target`.
  func reach(of target: VoxelBox, spatialShape: [Int]) -> VoxelBox
}

extension WindowFunction {
  /// The whole window, unless a function knows better.
  public func reach(of target: VoxelBox, spatialShape: [Int]) -> VoxelBox { VoxelBox(shape: spatialShape) }
}

/// The values of one layer in one window, and the gradient of a target with respect to them.
public struct LayerValues {
  public let channels: Int
  /// [D, H, W] of the layer, which covers the window.
  public let spatialShape: [Int]
  /// [channels][voxels], last axis fastest; valid only during the call that hands it out, as the gradient.
  public let values: UnsafeBufferPointer<Float>
  public let gradient: UnsafeBufferPointer<Float>

  public init(
    channels: Int, spatialShape: [Int], values: UnsafeBufferPointer<Float>, gradient: UnsafeBufferPointer<Float>
  ) { (self.channels, self.spatialShape, self.values, self.gradient) = (channels, spatialShape, values, gradient) }
}

/// A function of one window that shows what a layer inside of it computes.
public protocol LayerFunction: WindowFunction {
  /// Layer and d(Σ cotangent · logits)/d(layer) at the window that `fill` writes, for `count` cotangents [K, D, H, W].
  func visitLayer(
    count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    cotangent: (_ number: Int, _ target: UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (_ number: Int, _ layer: LayerValues) throws -> Void) throws
}

/// A model of whole volumes whose windows can be looked into.
public protocol LayerModel: AnyObject {
  /// Maps of layers, joined over windows as logits are: Σ_w g_w[v] · map_w[v] / Σ_w g_w[v] with the sums over all
  /// windows that cover v; the map of a window that a target does not touch is 0.
  ///
  /// - Parameter windowMap: from layer and gradient to a map of the window, [D, H, W] of the given shape.
  /// - Returns: for every target [1, D, H, W], last axis fastest.
  func joinedMaps(
    of targets: [LogitTarget], at input: Tensor, windowMap: (LayerValues, _ windowShape: [Int]) throws -> [Float]
  ) throws -> [Tensor]
}
