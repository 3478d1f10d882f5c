import Statistics
public import Volumes

/// The voxel grid a phantom is written on. The patient stays where he is: only the grid laid over him changes.
public struct PhantomGrid: Hashable, Sendable {
  public let shape: GridShape
  public let affine: Affine

  public init(shape: GridShape, affine: Affine) {
    self.shape = shape
    self.affine = affine
  }

  /// 144 × 176 × 144 voxels of 1 mm, axes to right, anterior and superior.
  public static let standard = around(directions: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], spacing: [1, 1, 1])

  /// A grid around the whole head whose axes run along the patient's.
  ///
  /// - Parameters:
  ///   - codes: the direction in which each voxel axis runs: one of R/L, one of A/P, one of S/I, in any order ("LPS").
  ///   - spacingMillimetres: distance of voxel centres along the three voxel axes, 0.5 to 8 mm.
  /// - Throws: `PhantomError.axes`, `PhantomError.spacing`.
  public static func axes(_ codes: String, spacingMillimetres: (Double, Double, Double) = (1, 1, 1))
    throws(PhantomError) -> PhantomGrid
  {
    let directions = codes.compactMap { directionOfCode[$0] }
    let patientAxes = Set(directions.map { d in d.firstIndex { $0 != 0 } })
    guard codes.count == 3, patientAxes.count == 3 else { throw .axes(codes) }
    let spacing = [spacingMillimetres.0, spacingMillimetres.1, spacingMillimetres.2]
    guard spacing.allSatisfy({ (0.5...8).contains($0) }) else { throw .spacing(spacing) }
    return around(directions: directions, spacing: spacing)
  }

  /// The same grid turned about its centre, first about the left-right axis, then about the superior axis, in degrees.
  ///
  /// - Throws: `PhantomError.angle` for what is no angle from −90° to 90°.
  public func oblique(pitchDegrees: Double, yawDegrees: Double) throws(PhantomError) -> PhantomGrid {
    for (name, degrees) in [("pitch", pitchDegrees), ("yaw", yawDegrees)] where !(-90...90).contains(degrees) {
      throw .angle(name: name, degrees: degrees)
    }
    let (p, y) = (pitchDegrees * Double.pi / 180, yawDegrees * Double.pi / 180)
    func turn(_ v: [Double]) -> [Double] {
      let (a, b, c) = (v[0], v[1] * cosine(p) - v[2] * sine(p), v[1] * sine(p) + v[2] * cosine(p))
      return [a * cosine(y) - b * sine(y), a * sine(y) + b * cosine(y), c]
    }
    let columns = (0..<3).map { c in turn((0..<3).map { affine.rows[$0][c] }) }
    let half = [Double(shape.ni - 1) / 2, Double(shape.nj - 1) / 2, Double(shape.nk - 1) / 2]
    let centre = affine.world(half[0], half[1], half[2])
    let middle = [centre.x, centre.y, centre.z]
    return PhantomGrid(
      shape: shape,
      affine: Affine(
        rows: (0..<3).map { r in
          let row = (0..<3).map { columns[$0][r] }
          return row + [middle[r] - (0..<3).reduce(0) { $0 + row[$1] * half[$1] }]
        }))
  }

  private static let directionOfCode: [Character: [Double]] = [
    "R": [1, 0, 0], "L": [-1, 0, 0], "A": [0, 1, 0], "P": [0, -1, 0], "S": [0, 0, 1], "I": [0, 0, -1],
  ]

  private static func around(directions: [[Double]], spacing: [Double]) -> PhantomGrid {
    let extent = [Double(Lattice.extent.x), Double(Lattice.extent.y), Double(Lattice.extent.z)]
    let centre = [Double(Lattice.centre.x), Double(Lattice.centre.y), Double(Lattice.centre.z)]
    let counts = (0..<3).map { axis in
      let along = (0..<3).reduce(0.0) { $0 + abs(directions[axis][$1]) * extent[$1] }
      return Int(saturating: (along / spacing[axis]).rounded(.up))
    }
    let rows = (0..<3).map { r in
      let row = (0..<3).map { directions[$0][r] * spacing[$0] }
      return row + [centre[r] - (0..<3).reduce(0) { $0 + row[$1] * Double(counts[$1] - 1) / 2 }]
    }
    return PhantomGrid(shape: GridShape(counts[0], counts[1], counts[2]), affine: Affine(rows: rows))
  }
}
