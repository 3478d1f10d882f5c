/// Values of a node in a box of its grid.
struct PlacedBox {
  let region: Region
  let address: UnsafeMutablePointer<Float>
  /// First voxel of the box; outside of the grid where negative.
  let origin: [Int]

  /// The whole grid.
  init(_ region: Region, _ arena: Arena) { self.init(region, arena, origin: [0, 0, 0]) }

  init(_ region: Region, _ arena: Arena, origin: [Int]) {
    self.region = region
    address = arena.address(region)
    self.origin = origin
  }

  private var block: Int { region.isPlain ? 1 : region.channels.block }
  private var extent: [Int] { region.spatialShape }

  /// The sum of others, where they lie on the grid; 0 elsewhere.
  func join(_ others: [PlacedBox], grid: [Int]) {
    address.update(repeating: 0, count: region.count)
    for other in others {
      forEachRow(with: other, grid: grid) { to, from, count, steps in
        if let steps {
          for i in 0..<count { address[to + i * steps.0] += other.address[from + i * steps.1] }
        } else {
          for i in 0..<count { address[to + i] += other.address[from + i] }
        }
      }
    }
  }

  /// Multiplies by the slope where another value is not above 0.
  func multiply(by slope: Float, whereNotPositive sign: PlacedBox) {
    forEachRow(with: sign, grid: sign.extent) { to, from, count, steps in
      let (a, b) = steps ?? (1, 1)
      for i in 0..<count where !(sign.address[from + i * b] > 0) { address[to + i * a] *= slope }
    }
  }

  /// Visits the rows along the last axis that both boxes share: where they begin in each, how many numbers they have, and the
  /// distances between those in each where they do not simply follow each other.
  @inline(__always)
  private func forEachRow(
    with other: PlacedBox, grid: [Int], _ body: (_ to: Int, _ from: Int, _ count: Int, _ steps: (Int, Int)?) -> Void
  ) {
    let lower = (0..<3).map { max(origin[$0], other.origin[$0], 0) }
    let upper = (0..<3).map { min(origin[$0] + extent[$0], other.origin[$0] + other.extent[$0], grid[$0]) }
    guard (0..<3).allSatisfy({ lower[$0] < upper[$0] }) else { return }
    let isAlike = block == other.block
    let (mine, theirs) = (places(isAlike), other.places(isAlike))
    precondition(mine.count == theirs.count, "boxes of the same channels")
    let width = upper[2] - lower[2]
    for (a, b) in zip(mine, theirs) {
      for d in lower[0]..<upper[0] {
        for h in lower[1]..<upper[1] {
          let to = a + voxel(d, h, lower[2]) * block
          let from = b + other.voxel(d, h, lower[2]) * other.block
          if isAlike { body(to, from, width * block, nil) } else { body(to, from, width, (block, other.block)) }
        }
      }
    }
  }

  private func voxel(_ d: Int, _ h: Int, _ w: Int) -> Int {
    ((d - origin[0]) * extent[1] + h - origin[1]) * extent[2] + w - origin[2]
  }

  /// The first number of every block, or of every channel.
  private func places(_ ofBlocks: Bool) -> [Int] {
    let n = region.voxelCount
    if ofBlocks { return (0..<region.storedChannels / block).map { $0 * n * block } }
    if region.isPlain { return (0..<region.channels.count).map { $0 * n } }
    return region.channels.positions.map { $0 / block * n * block + $0 % block }
  }
}
