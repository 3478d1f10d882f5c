extension Affine {
  /// Maps world coordinates in mm to voxel coordinates, as an affine of its own: its `world(x, y, z)` is (i, j, k).
  ///
  /// - Precondition: the determinant is not 0.
  public var inverse: Affine {
    let (c, determinant) = cofactors(rows.map { Array($0[..<3]) })
    precondition(determinant != 0, "three independent axes")
    return Affine(
      rows: (0..<3).map { r in
        let row = (0..<3).map { c[$0][r] / determinant }
        return row + [-(row[0] * rows[0][3] + row[1] * rows[1][3] + row[2] * rows[2][3])]
      })
  }

  /// First `other`, then this one.
  public func composed(with other: Affine) -> Affine {
    Affine(
      rows: rows.map { row in
        (0..<4).map { column in
          let sum = (0..<3).reduce(0) { $0 + row[$1] * other.rows[$1][column] }
          return column == 3 ? sum + row[3] : sum
        }
      })
  }

  /// The voxel coordinate, in general fractional, of a world position.
  public func voxelCoordinate(of point: WorldPoint) -> (i: Double, j: Double, k: Double) {
    let voxel = inverse.world(point.x, point.y, point.z)
    return (voxel.x, voxel.y, voxel.z)
  }
}
