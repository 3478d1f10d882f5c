import Volumes

/// Shortest ways through a set of voxels, from face to face.
enum Geodesic {
  static let unreached = Int32.max

  /// Length in tenths of a mm of the shortest way from the sources, inside `through`; each step as long as the voxel's edge
  /// (Dijkstra with a bucket per tenth).
  ///
  /// - Parameter limit: in mm; what lies farther is unreached.
  static func ways(from sources: [Bool], through: [Bool], shape: GridShape, spacing: [Double], limit: Double = 1000)
    -> [Int32]
  {
    let steps = spacing.map { max(1, Int(($0 * 10).rounded())) }
    let end = Int(limit * 10)
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

  /// The voxels of each face-connected piece, in order of its lowest index.
  static func pieces(of isMember: [Bool], shape: GridShape) -> [[Int]] {
    isMember.withUnsafeBufferPointer {
      RunLabelling.components(of: $0, shape: shape, connectivity: .faces) { $0 }
    }
  }
}
