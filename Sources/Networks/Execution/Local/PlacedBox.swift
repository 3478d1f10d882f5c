import CKernels

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
      withRows(sharedWith: other, grid: grid) { lqc_add_rows($0, other.address, address) }
    }
  }

  /// Multiplies by the slope where another value is not above 0.
  func multiply(by slope: Float, whereNotPositive sign: PlacedBox) {
    withRows(sharedWith: sign, grid: sign.extent) { lqc_mask_rows($0, sign.address, slope, address) }
  }

  /// The rows along the last axis that both boxes share on a grid; not called where there are none.
  private func withRows(
    sharedWith other: PlacedBox, grid: [Int], _ body: (UnsafePointer<lqc_box_rows>) -> Void
  ) {
    let lower = (0..<3).map { max(origin[$0], other.origin[$0], 0) }
    let upper = (0..<3).map { min(origin[$0] + extent[$0], other.origin[$0] + other.extent[$0], grid[$0]) }
    guard (0..<3).allSatisfy({ lower[$0] < upper[$0] }) else { return }
    let isAlike = block == other.block
    let to = places(isAlike).map { $0 + voxel(lower) * block }
    let from = other.places(isAlike).map { $0 + other.voxel(lower) * other.block }
    precondition(to.count == from.count, "boxes of the same channels")
    to.withUnsafeBufferPointer { to in
      from.withUnsafeBufferPointer { from in
        var rows = lqc_box_rows(
          places: to.count, planes: upper[0] - lower[0], rows: upper[1] - lower[1],
          count: (upper[2] - lower[2]) * (isAlike ? block : 1), to_places: to.baseAddress!,
          from_places: from.baseAddress!, to_plane: extent[1] * extent[2] * block, to_row: extent[2] * block,
          from_plane: other.extent[1] * other.extent[2] * other.block, from_row: other.extent[2] * other.block,
          to_step: isAlike ? 1 : block, from_step: isAlike ? 1 : other.block)
        body(&rows)
      }
    }
  }

  private func voxel(_ position: [Int]) -> Int {
    let local = (0..<3).map { position[$0] - origin[$0] }
    return (local[0] * extent[1] + local[1]) * extent[2] + local[2]
  }

  /// The first number of every block, or of every channel.
  private func places(_ ofBlocks: Bool) -> [Int] {
    let n = region.voxelCount
    if ofBlocks { return (0..<region.storedChannels / block).map { $0 * n * block } }
    if region.isPlain { return (0..<region.channels.count).map { $0 * n } }
    return region.channels.positions.map { $0 / block * n * block + $0 % block }
  }
}
