import Checkpoints
import Networks

/// Finds the maximum and the minimum and the voxel of each; ties go to the lowest linear index, first axis
/// fastest.
struct ExtremaSearch {
  private let spatialShape: [Int]
  private var high = (value: -Float.infinity, index: Int.max)
  private var low = (value: Float.infinity, index: Int.max)

  init(spatialShape: [Int]) { self.spatialShape = spatialShape }

  var maximum: (value: Float, position: [Int]) { (high.value, position(high.index)) }
  var minimum: (value: Float, position: [Int]) { (low.value, position(low.index)) }

  @inline(__always) mutating func consider(_ value: Float, _ d: Int, _ h: Int, _ w: Int) {
    guard value >= high.value || value <= low.value else { return }
    let index = d + spatialShape[0] * (h + spatialShape[1] * w)
    if value > high.value || (value == high.value && index < high.index) { high = (value, index) }
    if value < low.value || (value == low.value && index < low.index) { low = (value, index) }
  }

  /// One channel of a map, and the zeros around its box where it is known to be zero there.
  mutating func consider(_ map: SaliencyMap, channel: Int) {
    let (box, shape) = (map.box, map.box.shape)
    map.values.values.withUnsafeBufferPointer { values in
      var index = channel * box.voxelCount
      for d in box.lower[0]..<box.upper[0] {
        for h in box.lower[1]..<box.upper[1] {
          for w in box.lower[2]..<box.upper[2] {
            consider(values[index], d, h, w)
            index += 1
          }
        }
      }
    }
    if map.isZeroOutside, let outside = firstVoxelOutside(box, isEmpty: shape.contains(0)) {
      consider(0, outside[0], outside[1], outside[2])
    }
  }

  /// The voxel of lowest linear index that a box leaves out; nil when it covers the grid.
  private func firstVoxelOutside(_ box: VoxelBox, isEmpty: Bool) -> [Int]? {
    if isEmpty || box.lower != [0, 0, 0] { return [0, 0, 0] }
    for axis in 0..<3 where box.upper[axis] < spatialShape[axis] {
      return (0..<3).map { $0 == axis ? box.upper[axis] : 0 }
    }
    return nil
  }

  private func position(_ index: Int) -> [Int] {
    [index % spatialShape[0], index / spatialShape[0] % spatialShape[1], index / (spatialShape[0] * spatialShape[1])]
  }
}
