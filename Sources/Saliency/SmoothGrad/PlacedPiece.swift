import CKernels
import Networks

/// A gradient `[C, piece]` and where it lies in a map `[C, box]` around it, both with the last axis fastest.
struct PlacedPiece {
  private var shape: lqc_piece
  private let gradient: UnsafeBufferPointer<Float>

  init(_ piece: VoxelBox, in box: VoxelBox, channels: Int, _ gradient: UnsafeBufferPointer<Float>) {
    precondition(gradient.count == channels * piece.voxelCount, "a piece is [C, box]")
    precondition(box.union(piece) == box, "a piece lies in the support of its target")
    let (outer, inner) = (box.shape, piece.shape)
    shape = lqc_piece(
      channels: channels, outer: (outer[0], outer[1], outer[2]), inner: (inner[0], inner[1], inner[2]),
      offset: (piece.lower[0] - box.lower[0], piece.lower[1] - box.lower[1], piece.lower[2] - box.lower[2]))
    self.gradient = gradient
  }

  func add(to map: inout [Float]) {
    withUnsafePointer(to: shape) { shape in
      map.withUnsafeMutableBufferPointer { lqc_add_piece(shape, gradient.baseAddress!, $0.baseAddress!) }
    }
  }

  /// Of the map and the piece, the value of larger magnitude; the map's where they are equal. A value that is not a number wins
  /// and stays, so that it is noticed at the end.
  func keepLarger(in map: inout [Float]) {
    withUnsafePointer(to: shape) { shape in
      map.withUnsafeMutableBufferPointer { lqc_keep_larger(shape, gradient.baseAddress!, $0.baseAddress!) }
    }
  }
}
