import Networks

/// The part of an image that shows something, as nnU-Net v2 finds it: voxels that are not 0 in some channel, and the holes
/// that they enclose.
///
/// Source: nnunetv2 2.8, `preprocessing/cropping/cropping.py`; a hole is background from which no path over voxel faces leads
/// out of the image (`scipy.ndimage.binary_fill_holes`).
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
    isInside = Self.filled(inside, n)
  }

  /// Floods the background from the image's faces; what stays dry is filled.
  private static func filled(_ inside: [Bool], _ n: [Int]) -> [Bool] {
    var reached = inside
    var open: [Int] = []
    func visit(_ voxel: Int) {
      if !reached[voxel] {
        reached[voxel] = true
        open.append(voxel)
      }
    }
    let plane = n[1] * n[2]
    for d in 0..<n[0] {
      for h in 0..<n[1] {
        let row = d * plane + h * n[2]
        if d == 0 || d == n[0] - 1 || h == 0 || h == n[1] - 1 {
          for w in 0..<n[2] { visit(row + w) }
        } else {
          visit(row)
          visit(row + n[2] - 1)
        }
      }
    }
    while let voxel = open.popLast() {
      let (d, h, w) = (voxel / plane, voxel / n[2] % n[1], voxel % n[2])
      if d > 0 { visit(voxel - plane) }
      if d < n[0] - 1 { visit(voxel + plane) }
      if h > 0 { visit(voxel - n[2]) }
      if h < n[1] - 1 { visit(voxel + n[2]) }
      if w > 0 { visit(voxel - 1) }
      if w < n[2] - 1 { visit(voxel + 1) }
    }
    // Dry background was never reached; what was inside counts as before.
    return reached.indices.map { inside[$0] || !reached[$0] }
  }
}
