/// How deep each voxel of a region lies below its surface, in mm.
///
/// A chamfer distance: the shortest way over the 26 neighbours to a voxel outside, each step as long as it is in the patient.
/// It exceeds the Euclidean distance by at most 13 % for cubic voxels. The edge of the grid is no surface.
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
