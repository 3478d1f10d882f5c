/// A half-open box of voxels in the `[D, H, W]` axes of a tensor: a window, a part of a volume, where a gradient can be
/// other than zero.
public struct VoxelBox: Hashable, Sendable {
  public let lower: [Int]
  public let upper: [Int]

  public init(lower: [Int], upper: [Int]) {
    precondition(lower.count == 3 && upper.count == 3 && zip(lower, upper).allSatisfy { $0 <= $1 })
    self.lower = lower
    self.upper = upper
  }

  /// The box of this shape, of a whole volume unless it begins elsewhere.
  public init(lower: [Int] = [0, 0, 0], shape: [Int]) {
    self.init(lower: lower, upper: zip(lower, shape).map { $0 + $1 })
  }

  /// The smallest box around some voxels; empty at the origin without any.
  public init(around voxels: some Collection<[Int]>) {
    guard let first = voxels.first else {
      self.init(shape: [0, 0, 0])
      return
    }
    var (lower, last) = (first, first)
    for voxel in voxels.dropFirst() {
      for axis in 0..<3 { (lower[axis], last[axis]) = (min(lower[axis], voxel[axis]), max(last[axis], voxel[axis])) }
    }
    self.init(lower: lower, upper: last.map { $0 + 1 })
  }

  public var shape: [Int] { zip(upper, lower).map { $0 - $1 } }
  public var voxelCount: Int { shape.reduce(1, *) }
  public var isEmpty: Bool { zip(lower, upper).contains { $0 == $1 } }

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
    VoxelBox(lower: zip(lower, other.lower).map { min($0, $1) }, upper: zip(upper, other.upper).map { max($0, $1) })
  }

  /// The same box, as far from a voxel as this one is from the origin.
  public func moved(to origin: [Int]) -> VoxelBox {
    VoxelBox(lower: zip(lower, origin).map { $0 + $1 }, upper: zip(upper, origin).map { $0 + $1 })
  }

  /// Visits the rows along the last axis that two boxes share: where each begins in a volume of this box's shape, where
  /// in one of the other's, both with the last axis fastest, and its length.
  @inline(__always) public func visitRows(
    sharedWith other: VoxelBox, _ body: (_ here: Int, _ there: Int, _ count: Int) throws -> Void
  ) rethrows {
    let shared = intersection(other)
    guard !shared.isEmpty else { return }
    let count = shared.upper[2] - shared.lower[2]
    for d in shared.lower[0]..<shared.upper[0] {
      for h in shared.lower[1]..<shared.upper[1] {
        try body(index(ofVoxel: d, h, shared.lower[2])!, other.index(ofVoxel: d, h, shared.lower[2])!, count)
      }
    }
  }

  /// The values of a part of this box.
  ///
  /// - Parameters:
  ///   - values: `[channels, box]`, last axis fastest.
  ///   - part: inside of this box.
  /// - Returns: `[channels, part]`.
  public func crop(_ values: UnsafeBufferPointer<Float>, channels: Int, to part: VoxelBox) -> [Float] {
    var cropped: [Float] = []
    cropped.reserveCapacity(part.voxelCount * channels)
    for channel in 0..<channels {
      let start = channel * voxelCount
      visitRows(sharedWith: part) { here, _, count in
        cropped.append(contentsOf: values[start + here..<start + here + count])
      }
    }
    return cropped
  }
}
