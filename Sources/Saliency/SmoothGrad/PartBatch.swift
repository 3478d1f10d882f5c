import Checkpoints
import Networks

/// Parts of regions whose gradients are collected window by window until they are complete.
///
/// The gradients of a part in several windows are added before parts are compared (equation 3 is about the whole
/// volume), so that they have to wait for each other; one forward pass of a window serves all parts of a batch.
struct PartBatch {
  /// One part of one region.
  struct Entry {
    /// Position of the region in its group.
    let region: Int
    let target: LogitTarget
    let box: VoxelBox
  }

  /// Bytes of the gradients that wait at the same time: dozens of windows of 96³ voxels, so that the forward passes
  /// hardly count beside the gradients.
  static let budgetBytes = 256 << 20

  let entries: [Entry]
  var targets: [LogitTarget] { entries.map(\.target) }

  /// Cuts entries into batches in their order.
  static func batches(_ entries: [Entry], channels: Int) -> [PartBatch] {
    var groups: [[Entry]] = []
    var bytes = 0
    for entry in entries {
      let needed = channels * entry.box.voxelCount * MemoryLayout<Float>.stride
      if groups.isEmpty || bytes + needed > budgetBytes {
        groups.append([])
        bytes = 0
      }
      groups[groups.count - 1].append(entry)
      bytes += needed
    }
    return groups.map(PartBatch.init(entries:))
  }

  /// Computes the complete gradient `[C, box]` of every entry and hands them over in order.
  func visitGradients(
    of model: some DifferentiableModel, at image: Tensor, channels: Int, check: () throws -> Void,
    _ visit: (Entry, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    var gradients = entries.map { [Float](repeating: 0, count: channels * $0.box.voxelCount) }
    try model.visitGradients(of: targets, at: image) { index, piece, values in
      try check()
      PlacedPiece(piece, in: entries[index].box, channels: channels, values).add(to: &gradients[index])
    }
    for (entry, gradient) in zip(entries, gradients) { try gradient.withUnsafeBufferPointer { try visit(entry, $0) } }
  }
}
