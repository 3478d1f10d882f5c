import Networks

/// Where the rows of a piece `[C, piece]` lie in a map `[C, box]` around it, both with the last axis fastest.
struct PieceRows {
  private let outer: [Int]
  private let inner: [Int]
  private let offset: [Int]
  private let channels: Int

  /// - Parameter count: of the values of the piece.
  init(of piece: VoxelBox, in box: VoxelBox, channels: Int, count: Int) {
    precondition(count == channels * piece.voxelCount, "a piece is [C, box]")
    precondition(box.union(piece) == box, "a piece lies in the support of its target")
    (outer, inner) = (box.shape, piece.shape)
    offset = (0..<3).map { piece.lower[$0] - box.lower[$0] }
    self.channels = channels
  }

  /// Calls with the first index of every row in the piece and in the map, and its length.
  @inline(__always)
  func visit(_ body: (_ from: Int, _ to: Int, _ count: Int) -> Void) {
    for channel in 0..<channels {
      for d in 0..<inner[0] {
        for h in 0..<inner[1] {
          body(
            ((channel * inner[0] + d) * inner[1] + h) * inner[2],
            ((channel * outer[0] + d + offset[0]) * outer[1] + h + offset[1]) * outer[2] + offset[2], inner[2])
        }
      }
    }
  }
}
