/// A dense array of single-precision numbers, last axis fastest (row-major, as in PyTorch).
///
/// Images are `[C, D, H, W]`: channel, then the first, second and third stored voxel axis of the patient's grid.
public struct Tensor: Sendable, Equatable {
  public let shape: [Int]
  public var values: [Float]

  public init(shape: [Int], values: [Float]) {
    precondition(shape.reduce(1, *) == values.count, "one value per element of the shape")
    self.shape = shape
    self.values = values
  }

  public init(shape: [Int], repeating value: Float = 0) {
    self.init(shape: shape, values: Array(repeating: value, count: shape.reduce(1, *)))
  }
}
