import Volumes

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Largest distance in mm between two voxel centres of a set.
///
/// The distance to a fixed point is strictly convex along a line, so both ends of the longest chord are the first or
/// the last voxel of the set on each of the three grid lines through them. Only such voxels are compared, which leaves
/// the corners of a box and a few hundred voxels of a large lesion.
///
/// - Parameter voxels: linear indices, axis 0 fastest, ascending, not empty.
func largestDistanceMillimetres(between voxels: [Int], shape: GridShape, affine: Affine) -> Double {
  let corners = voxelsExtremeOnEveryLine(voxels, shape: shape).map { affine.world(shape.voxel(at: $0)) }
  var largest = 0.0
  for (position, a) in corners.enumerated() {
    for b in corners[(position + 1)...] {
      let (x, y, z) = (a.x - b.x, a.y - b.y, a.z - b.z)
      largest = max(largest, x * x + y * y + z * z)
    }
  }
  return largest.squareRoot()
}

private func voxelsExtremeOnEveryLine(_ voxels: [Int], shape: GridShape) -> [Int] {
  let box = GridBox(enclosing: voxels, shape: shape)
  let size = [box.shape.ni, box.shape.nj, box.shape.nk]
  // For each axis: lowest and highest index along it on every line of the bounding box.
  var first = (0..<3).map { axis in [Int](repeating: .max, count: size[(axis + 1) % 3] * size[(axis + 2) % 3]) }
  var last = (0..<3).map { axis in [Int](repeating: .min, count: size[(axis + 1) % 3] * size[(axis + 2) % 3]) }
  func position(_ index: Int) -> [Int] {
    let voxel = shape.voxel(at: index) - box.lower
    return [voxel.i, voxel.j, voxel.k]
  }
  for index in voxels {
    let p = position(index)
    for axis in 0..<3 {
      let line = p[(axis + 1) % 3] + size[(axis + 1) % 3] * p[(axis + 2) % 3]
      first[axis][line] = min(first[axis][line], p[axis])
      last[axis][line] = max(last[axis][line], p[axis])
    }
  }
  return voxels.filter { index in
    let p = position(index)
    return (0..<3).allSatisfy { axis in
      let line = p[(axis + 1) % 3] + size[(axis + 1) % 3] * p[(axis + 2) % 3]
      return p[axis] == first[axis][line] || p[axis] == last[axis][line]
    }
  }
}

/// −p ln p − (1−p) ln(1−p) in nats, 0 at p = 0 and p = 1.
func binaryEntropyNats(_ p: Double) -> Double {
  guard p > 0 && p < 1 else { return 0 }
  return -p * log(p) - (1 - p) * log1p(-p)
}
