/// A box of voxels of a grid, half-open: `lower` is in it, `upper` is just outside along every axis.
public struct GridBox: Hashable, Sendable {
  public let lower: VoxelIndex
  public let upper: VoxelIndex

  /// - Precondition: at least one voxel along each axis.
  public init(lower: VoxelIndex, upper: VoxelIndex) {
    precondition(upper.i > lower.i && upper.j > lower.j && upper.k > lower.k, "a box holds at least one voxel")
    self.lower = lower
    self.upper = upper
  }

  /// All of a grid.
  public init(_ shape: GridShape) {
    self.init(lower: VoxelIndex(0, 0, 0), upper: VoxelIndex(shape.ni, shape.nj, shape.nk))
  }

  /// The smallest box around some voxels.
  ///
  /// - Parameter voxels: linear indices, not empty.
  public init(enclosing voxels: [Int], shape: GridShape) {
    precondition(!voxels.isEmpty, "a box holds at least one voxel")
    let first = shape.voxel(at: voxels[0])
    var (i, j, k) = (first.i...first.i, first.j...first.j, first.k...first.k)
    for index in voxels {
      let voxel = shape.voxel(at: index)
      i = min(i.lowerBound, voxel.i)...max(i.upperBound, voxel.i)
      j = min(j.lowerBound, voxel.j)...max(j.upperBound, voxel.j)
      k = min(k.lowerBound, voxel.k)...max(k.upperBound, voxel.k)
    }
    self.init(
      lower: VoxelIndex(i.lowerBound, j.lowerBound, k.lowerBound),
      upper: VoxelIndex(i.upperBound + 1, j.upperBound + 1, k.upperBound + 1))
  }

  /// The smallest box around the voxels of a mask that are not 0; nil where all are.
  public init?(enclosing mask: Volume<UInt8>) {
    let shape = mask.shape
    var box: GridBox?
    for row in GridBox(shape).rows(in: shape) {
      guard let first = mask.voxels[row].firstIndex(where: { $0 != 0 }),
        let last = mask.voxels[row].lastIndex(where: { $0 != 0 })
      else { continue }
      let lower = shape.voxel(at: first)
      let own = GridBox(lower: lower, upper: lower + VoxelIndex(last - first + 1, 1, 1))
      box = box?.union(own) ?? own
    }
    guard let box else { return nil }
    self = box
  }

  public var shape: GridShape { GridShape(upper.i - lower.i, upper.j - lower.j, upper.k - lower.k) }

  public func contains(_ voxel: VoxelIndex) -> Bool {
    voxel.i >= lower.i && voxel.j >= lower.j && voxel.k >= lower.k && voxel.i < upper.i && voxel.j < upper.j
      && voxel.k < upper.k
  }

  /// Where a voxel of the grid stands in an array of the box's values, axis 0 fastest; nil outside the box.
  public func index(of voxel: VoxelIndex) -> Int? { contains(voxel) ? shape.linearIndex(voxel - lower) : nil }

  /// The voxel of the grid at a place in an array of the box's values, axis 0 fastest.
  public func voxel(at index: Int) -> VoxelIndex { shape.voxel(at: index) + lower }

  /// Linear indices, in a grid of that shape, of the box's rows along axis 0, in ascending order.
  ///
  /// - Precondition: the box lies within the grid.
  public func rows(in grid: GridShape) -> [Range<Int>] {
    precondition(lies(within: grid), "the box lies within the grid")
    return (lower.k..<upper.k).flatMap { k in
      (lower.j..<upper.j).map { j in
        let start = grid.linearIndex(VoxelIndex(lower.i, j, k))
        return start..<(start + upper.i - lower.i)
      }
    }
  }

  /// The smallest box around both.
  public func union(_ other: GridBox) -> GridBox {
    GridBox(
      lower: VoxelIndex(min(lower.i, other.lower.i), min(lower.j, other.lower.j), min(lower.k, other.lower.k)),
      upper: VoxelIndex(max(upper.i, other.upper.i), max(upper.j, other.upper.j), max(upper.k, other.upper.k)))
  }

  /// What of the box lies in the grid; nil where nothing does.
  public func clipped(to grid: GridShape) -> GridBox? {
    let low = VoxelIndex(max(0, lower.i), max(0, lower.j), max(0, lower.k))
    let high = VoxelIndex(min(grid.ni, upper.i), min(grid.nj, upper.j), min(grid.nk, upper.k))
    return low.i < high.i && low.j < high.j && low.k < high.k ? GridBox(lower: low, upper: high) : nil
  }

  /// The box grown by so many voxels along each axis, on both sides.
  public func expanded(by margin: VoxelIndex) -> GridBox { GridBox(lower: lower - margin, upper: upper + margin) }

  func lies(within grid: GridShape) -> Bool {
    lower.i >= 0 && lower.j >= 0 && lower.k >= 0 && upper.i <= grid.ni && upper.j <= grid.nj && upper.k <= grid.nk
  }
}

extension GridBox: Codable {
  private enum CodingKeys: CodingKey { case lower, upper }

  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    let low = try values.decode(VoxelIndex.self, forKey: .lower)
    let high = try values.decode(VoxelIndex.self, forKey: .upper)
    guard low.i < high.i && low.j < high.j && low.k < high.k else {
      throw DecodingError.dataCorruptedError(forKey: .upper, in: values, debugDescription: "a box without a voxel")
    }
    self.init(lower: low, upper: high)
  }
}
