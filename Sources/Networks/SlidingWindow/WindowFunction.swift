/// A function of one window: logits [K, D, H, W] of an image [C, D, H, W] of the same spatial shape, and its gradient.
///
/// ``Executor`` is one; toy functions with known answers are others.
public protocol WindowFunction: AnyObject {
  var inputChannels: Int { get }
  var outputChannels: Int { get }

  /// Computes the logits of the window that `fill` writes, hands them to `read`, and remembers the window for the gradient.
  func forward(
    spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws

  /// d(Σ cotangent · logits)/d(window) at the window of the last forward pass; may be called again with other cotangents.
  func gradient(
    fill: (UnsafeMutableBufferPointer<Float>) throws -> Void, read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws
}
