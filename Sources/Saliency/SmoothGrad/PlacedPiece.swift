import CKernels
import Networks

/// A gradient `[C, piece]` and where it lies in a map `[C, box]` around it, both with the last axis fastest.
struct PlacedPiece {
  private let outer: [Int]
  private let inner: [Int]
  /// First voxel of the piece in a channel of the map.
  private let start: Int
  private let channels: Int
  private let gradient: UnsafeBufferPointer<Float>

  init(_ piece: VoxelBox, in box: VoxelBox, channels: Int, _ gradient: UnsafeBufferPointer<Float>) {
    precondition(gradient.count == channels * piece.voxelCount, "a piece is [C, box]")
    precondition(box.union(piece) == box, "a piece lies in the support of its target")
    (outer, inner) = (box.shape, piece.shape)
    start = box.index(ofVoxel: piece.lower[0], piece.lower[1], piece.lower[2]) ?? 0
    self.channels = channels
    self.gradient = gradient
  }

  func add(to map: inout [Float]) { withRows(of: &map) { lqc_add_rows($0, gradient.baseAddress!, $1) } }

  /// Of the map and the piece, the value of larger magnitude; the map's where they are equal. A value that is not a
  /// number wins and stays, so that it is noticed at the end.
  func keepLarger(in map: inout [Float]) { withRows(of: &map) { lqc_keep_larger_rows($0, gradient.baseAddress!, $1) } }

  private func withRows(
    of map: inout [Float], _ body: (UnsafePointer<lqc_box_rows>, UnsafeMutablePointer<Float>) -> Void
  ) {
    guard !gradient.isEmpty else { return }
    let to = (0..<channels).map { $0 * outer.reduce(1, *) + start }
    let from = (0..<channels).map { $0 * inner.reduce(1, *) }
    to.withUnsafeBufferPointer { to in
      from.withUnsafeBufferPointer { from in
        var rows = lqc_box_rows(
          places: channels, planes: inner[0], rows: inner[1], count: inner[2], to_places: to.baseAddress!,
          from_places: from.baseAddress!, to_plane: outer[1] * outer[2], to_row: outer[2],
          from_plane: inner[1] * inner[2], from_row: inner[2], to_step: 1, from_step: 1)
        map.withUnsafeMutableBufferPointer { body(&rows, $0.baseAddress!) }
      }
    }
  }
}
