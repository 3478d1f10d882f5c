import Networks
import Volumes

/// The part of an image that shows something, as nnU-Net v2 finds it: voxels that are not 0 in some channel, and the
/// holes that they enclose.
///
/// Source: nnunetv2 2.8, `preprocessing/cropping/cropping.py`; a hole is background from which no path over voxel faces
/// leads out of the image (`scipy.ndimage.binary_fill_holes`).
struct NonZeroRegion {
  /// One flag per voxel of `[D, H, W]`, last axis fastest.
  let isInside: [Bool]
  /// The smallest box around it; the whole image when every voxel is 0.
  let box: VoxelBox

  init(channels: [[Float]], spatialShape n: [Int]) {
    let count = n.reduce(1, *)
    var inside = [Bool](repeating: false, count: count)
    var lower = n
    var upper = [0, 0, 0]
    var voxel = 0
    for d in 0..<n[0] {
      for h in 0..<n[1] {
        for w in 0..<n[2] {
          if channels.contains(where: { $0[voxel] != 0 }) {
            inside[voxel] = true
            lower = [min(lower[0], d), min(lower[1], h), min(lower[2], w)]
            upper = [max(upper[0], d + 1), max(upper[1], h + 1), max(upper[2], w + 1)]
          }
          voxel += 1
        }
      }
    }
    box = upper == [0, 0, 0] ? VoxelBox(lower: [0, 0, 0], upper: n) : VoxelBox(lower: lower, upper: upper)
    isInside = Holes.filled(inside, shape: GridShape(n[2], n[1], n[0]))
  }
}
