/// Maps voxel indices to world coordinates in millimetres, RAS+ (x to the patient's right, y to anterior, z to
/// superior).
///
/// Row-major 3 × 4: `world[r] = m[r][0]*i + m[r][1]*j + m[r][2]*k + m[r][3]`. Source: NIfTI-1 standard, nifti1.h.
public struct Affine: Hashable, Sendable {
  /// The twelve coefficients, row by row: x row, y row, z row.
  public let rows: [[Double]]

  /// - Parameter rows: three rows of four finite coefficients.
  public init(rows: [[Double]]) {
    precondition(rows.count == 3 && rows.allSatisfy { $0.count == 4 }, "an affine has 3 rows of 4")
    self.rows = rows
  }

  /// Voxel (i, j, k) at (i·dx + ox, j·dy + oy, k·dz + oz) mm.
  public static func scaling(
    _ dx: Double, _ dy: Double, _ dz: Double, originMillimetres: (Double, Double, Double) = (0, 0, 0)
  ) -> Affine {
    Affine(rows: [[dx, 0, 0, originMillimetres.0], [0, dy, 0, originMillimetres.1], [0, 0, dz, originMillimetres.2]])
  }

  /// World position in mm, RAS+, of a (possibly fractional) voxel coordinate.
  public func world(_ i: Double, _ j: Double, _ k: Double) -> WorldPoint {
    func row(_ r: [Double]) -> Double { r[0] * i + r[1] * j + r[2] * k + r[3] }
    return WorldPoint(x: row(rows[0]), y: row(rows[1]), z: row(rows[2]))
  }

  public func world(_ voxel: VoxelIndex) -> WorldPoint { world(Double(voxel.i), Double(voxel.j), Double(voxel.k)) }

  /// Distance in mm between neighbouring voxel centres along the three stored axes.
  public var spacingMillimetres: (Double, Double, Double) {
    func length(_ c: Int) -> Double {
      (rows[0][c] * rows[0][c] + rows[1][c] * rows[1][c] + rows[2][c] * rows[2][c]).squareRoot()
    }
    return (length(0), length(1), length(2))
  }

  /// Determinant of the 3 × 3 part.
  public var determinant: Double {
    let m = rows
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) + m[0][
      2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])
  }

  /// Volume of one voxel in mm³.
  public var voxelVolumeMillimetres3: Double { abs(determinant) }
}

/// A position in the patient, in millimetres, RAS+.
public struct WorldPoint: Hashable, Sendable, Codable {
  public let x: Double
  public let y: Double
  public let z: Double

  public init(x: Double, y: Double, z: Double) {
    self.x = x
    self.y = y
    self.z = z
  }
}

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

/// Cofactors and determinant of a 3 × 3 matrix; cofactors / determinant is the inverse transposed.
func cofactors(_ m: [[Double]]) -> (matrix: [[Double]], determinant: Double) {
  let c = (0..<3).map { r in
    (0..<3).map { s in
      let (a, b) = ((r + 1) % 3, (r + 2) % 3)
      let (p, q) = ((s + 1) % 3, (s + 2) % 3)
      return m[a][p] * m[b][q] - m[a][q] * m[b][p]
    }
  }
  return (c, m[0][0] * c[0][0] + m[0][1] * c[0][1] + m[0][2] * c[0][2])
}
