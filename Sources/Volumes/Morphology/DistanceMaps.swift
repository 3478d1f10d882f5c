import Statistics

/// How deep each voxel of a region lies below its surface, in mm.
///
/// A chamfer distance: the shortest way over the 26 neighbours to a voxel outside, each step as long as it is in the
/// patient. It exceeds the Euclidean distance by at most 13 % for cubic voxels. The edge of the grid is no surface.
public enum DepthMap {
  /// - Parameter inside: axis 0 fastest.
  /// - Returns: 0 outside; `infinity` everywhere when nothing lies outside.
  public static func chamfer(inside: [Bool], shape: GridShape, affine: Affine) -> [Float] {
    precondition(inside.count == shape.voxelCount, "one value per voxel")
    let (a, b, c) = affine.spacingMillimetres
    var earlier: [(i: Int, j: Int, k: Int, length: Float)] = []
    for k in -1...0 {
      for j in -1...1 {
        for i in -1...1 where k < 0 || j < 0 || (j == 0 && i < 0) {
          let square = Double(i * i) * a * a + Double(j * j) * b * b + Double(k * k) * c * c
          earlier.append((i, j, k, Float(square.squareRoot())))
        }
      }
    }
    var depth = inside.map { $0 ? Float.infinity : 0 }
    depth.withUnsafeMutableBufferPointer { depth in
      for sign in [1, -1] {
        for step in 0..<shape.voxelCount {
          let index = sign > 0 ? step : shape.voxelCount - 1 - step
          guard depth[index] > 0 else { continue }
          let v = shape.voxel(at: index)
          var shortest = depth[index]
          for offset in earlier {
            let (i, j, k) = (v.i + sign * offset.i, v.j + sign * offset.j, v.k + sign * offset.k)
            guard i >= 0, j >= 0, k >= 0, i < shape.ni, j < shape.nj, k < shape.nk else { continue }
            shortest = min(shortest, depth[i + shape.ni * (j + shape.nj * k)] + offset.length)
          }
          depth[index] = shortest
        }
      }
    }
    return depth
  }
}

/// Shortest ways through a set of voxels, from face to face.
public enum Geodesic {
  /// What no way leads to.
  public static let unreached = Int32.max

  /// Length in tenths of a mm of the shortest way from the sources, inside `through`; each step as long as the voxel's
  /// edge (Dijkstra with a bucket per tenth).
  ///
  /// - Parameters:
  ///   - sources: and `through`: one value per voxel, axis 0 fastest; sources outside `through` do not count.
  ///   - spacing: voxel edges in mm along the three axes.
  ///   - limit: in mm; what lies farther is unreached.
  public static func ways(
    from sources: [Bool], through: [Bool], shape: GridShape, spacing: [Double], limit: Double = 1000
  ) -> [Int32] {
    let steps = spacing.map { max(1, Int(saturating: ($0 * 10).rounded())) }
    let end = Int(saturating: limit * 10)
    var length = [Int32](repeating: unreached, count: shape.voxelCount)
    // A ring of buckets: no step is longer than the ring.
    let ring = steps.max()! + 1
    var buckets = [[Int]](repeating: [], count: ring)
    var waiting = 0
    for n in sources.indices where sources[n] && through[n] {
      length[n] = 0
      buckets[0].append(n)
      waiting += 1
    }
    let sizes = [shape.ni, shape.nj, shape.nk]
    let strides = [1, shape.ni, shape.ni * shape.nj]
    var distance = 0
    through.withUnsafeBufferPointer { through in
      length.withUnsafeMutableBufferPointer { length in
        while waiting > 0 && distance <= end {
          let slot = distance % ring
          let front = buckets[slot]
          buckets[slot].removeAll(keepingCapacity: true)
          waiting -= front.count
          for n in front where length[n] == distance {
            for axis in 0..<3 {
              let at = n / strides[axis] % sizes[axis]
              let next = distance + steps[axis]
              guard next <= end else { continue }
              for sign in [-1, 1] where at + sign >= 0 && at + sign < sizes[axis] {
                let m = n + sign * strides[axis]
                guard through[m], length[m] > next else { continue }
                length[m] = Int32(next)
                buckets[next % ring].append(m)
                waiting += 1
              }
            }
          }
          distance += 1
        }
      }
    }
    return length
  }
}
