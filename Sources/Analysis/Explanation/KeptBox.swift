import Checkpoints
import Networks

/// The part of a map that is kept.
///
/// A map is not zero over the whole receptive field of its windows, hundreds of megabytes per patient for values that
/// no picture shows. Peaks and shares are read from the whole map before.
enum KeptBox {
  /// Voxels below this share of a map's largest magnitude do not enlarge the box.
  private static let share: Float = 0.01
  /// Voxels kept around the finding on all sides at least.
  private static let margin = 8

  /// The smallest box with every value of at least `share` of the largest magnitude, and the finding with a margin.
  ///
  /// - Parameters:
  ///   - values: `[C, box.shape]`, last axis fastest.
  ///   - box: of the map on the network's grid.
  ///   - voxels: of the finding, linear indices into `spatialShape`, last axis fastest.
  static func of(_ values: Tensor, in box: VoxelBox, around voxels: [Int], spatialShape: [Int]) -> VoxelBox {
    let limit = share * values.values.reduce(0) { max($0, abs($1)) }
    let n = box.shape
    var kept: VoxelBox?
    func include(_ lower: [Int], _ upper: [Int]) {
      let clamped = VoxelBox(
        lower: zip(lower, box.lower).map { max($0, $1) }, upper: zip(upper, box.upper).map { min($0, $1) })
      kept = kept.map { $0.union(clamped) } ?? clamped
    }
    for voxel in voxels {
      let plane = spatialShape[1] * spatialShape[2]
      let p = [voxel / plane, voxel / spatialShape[2] % spatialShape[1], voxel % spatialShape[2]]
      include(p.map { $0 - margin }, p.map { $0 + margin + 1 })
    }
    guard limit > 0 else { return kept! }
    values.values.withUnsafeBufferPointer { values in
      for row in 0..<values.count / n[2] {
        let start = row * n[2]
        guard let first = (0..<n[2]).first(where: { abs(values[start + $0]) >= limit }),
          let last = (0..<n[2]).last(where: { abs(values[start + $0]) >= limit })
        else { continue }
        let origin = [box.lower[0] + row / n[1] % n[0], box.lower[1] + row % n[1], box.lower[2]]
        include([origin[0], origin[1], origin[2] + first], [origin[0] + 1, origin[1] + 1, origin[2] + last + 1])
      }
    }
    return kept!
  }
}
