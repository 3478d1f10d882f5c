import CKernels

/// Values of a node in a box of its grid.
struct PlacedBox {
  let region: Region
  let address: UnsafeMutablePointer<Float>
  /// On the node's grid, which it may leave.
  let box: VoxelBox

  /// The whole grid.
  init(_ region: Region, _ arena: Arena) { self.init(region, arena, origin: [0, 0, 0]) }

  init(_ region: Region, _ arena: Arena, origin: [Int]) {
    self.region = region
    address = arena.address(region)
    box = VoxelBox(lower: origin, shape: region.spatialShape)
  }

  private var block: Int { region.isPlain ? 1 : region.channels.block }

  /// The sum of others, where they lie on the grid; 0 elsewhere.
  func join(_ others: [PlacedBox], grid: [Int]) {
    address.update(repeating: 0, count: region.count)
    for other in others { withRows(sharedWith: other, grid: grid) { lqc_add_rows($0, other.address, address) } }
  }

  /// Multiplies by the slope where another value is not above 0.
  func multiply(by slope: Float, whereNotPositive sign: PlacedBox) {
    withRows(sharedWith: sign, grid: sign.region.spatialShape) { lqc_mask_rows($0, sign.address, slope, address) }
  }

  /// The rows along the last axis that both boxes share on a grid; not called where there are none.
  private func withRows(sharedWith other: PlacedBox, grid: [Int], _ body: (UnsafePointer<lqc_box_rows>) -> Void) {
    let shared = box.intersection(other.box).intersection(VoxelBox(shape: grid))
    guard !shared.isEmpty else { return }
    let (first, extent, otherExtent) = (shared.lower, region.spatialShape, other.region.spatialShape)
    let isAlike = block == other.block
    let (start, otherStart) = (
      box.index(ofVoxel: first[0], first[1], first[2])!, other.box.index(ofVoxel: first[0], first[1], first[2])!
    )
    let to = places(isAlike).map { $0 + start * block }
    let from = other.places(isAlike).map { $0 + otherStart * other.block }
    precondition(to.count == from.count, "boxes of the same channels")
    to.withUnsafeBufferPointer { to in
      from.withUnsafeBufferPointer { from in
        var rows = lqc_box_rows(
          places: to.count, planes: shared.shape[0], rows: shared.shape[1],
          count: shared.shape[2] * (isAlike ? block : 1), to_places: to.baseAddress!, from_places: from.baseAddress!,
          to_plane: extent[1] * extent[2] * block, to_row: extent[2] * block,
          from_plane: otherExtent[1] * otherExtent[2] * other.block, from_row: otherExtent[2] * other.block,
          to_step: isAlike ? 1 : block, from_step: isAlike ? 1 : other.block)
        body(&rows)
      }
    }
  }

  /// The first number of every block, or of every channel.
  private func places(_ ofBlocks: Bool) -> [Int] {
    let n = region.voxelCount
    if ofBlocks { return (0..<region.storedChannels / block).map { $0 * n * block } }
    if region.isPlain { return (0..<region.channels.count).map { $0 * n } }
    return region.channels.positions.map { $0 / block * n * block + $0 % block }
  }
}
