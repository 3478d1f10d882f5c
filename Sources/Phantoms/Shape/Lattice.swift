import Volumes

/// The grid on which a patient is drawn: axes to the patient's right, anterior and superior, isotropic, always around
/// the same 144 × 176 × 144 mm of space whose origin is near the anterior commissure.
struct Lattice: Sendable {
  let shape: GridShape
  let spacing: Float

  /// Centre of voxel (0, 0, 0) in mm.
  let origin: Point

  static let extent = Point(144, 176, 144)
  static let centre = Point(0, -13, 4)

  init(spacingMillimetres: Double) {
    spacing = Float(spacingMillimetres)
    let counts = (Self.extent / spacing).rounded(.up)
    shape = GridShape(Int(counts.x), Int(counts.y), Int(counts.z))
    origin = Self.centre - (counts - 1) * 0.5 * spacing
  }

  /// The box around all voxel centres, with a margin, in mm.
  var box: (low: Point, high: Point) {
    let far = Point(Float(shape.ni - 1), Float(shape.nj - 1), Float(shape.nk - 1)) * spacing
    return (origin - 8, origin + far + 8)
  }

  var affine: Affine {
    let s = Double(spacing)
    return .scaling(s, s, s, originMillimetres: (Double(origin.x), Double(origin.y), Double(origin.z)))
  }

  @inline(__always) func position(_ i: Int, _ j: Int, _ k: Int) -> Point {
    origin + Point(Float(i), Float(j), Float(k)) * spacing
  }

  @inline(__always) func position(_ linearIndex: Int) -> Point {
    let v = shape.voxel(at: linearIndex)
    return position(v.i, v.j, v.k)
  }

  /// Gradient per mm of a field by central differences; 0 on the border.
  @inline(__always) func gradient(_ f: [Float], _ i: Int, _ j: Int, _ k: Int) -> Point {
    guard i > 0, j > 0, k > 0, i < shape.ni - 1, j < shape.nj - 1, k < shape.nk - 1 else { return Point(0, 0, 0) }
    let (row, slice) = (shape.ni, shape.ni * shape.nj)
    let n = i + row * j + slice * k
    return Point(f[n + 1] - f[n - 1], f[n + row] - f[n - row], f[n + slice] - f[n - slice]) * (0.5 / spacing)
  }

  /// The voxel box within `radius` mm of a position, clipped to the grid; nil where no voxel centre lies in it.
  func box(around p: Point, radius: Float) -> GridBox? {
    let low = ((p - radius - origin) / spacing).rounded(.up)
    let high = ((p + radius - origin) / spacing).rounded(.down) + 1
    guard low.x < high.x, low.y < high.y, low.z < high.z else { return nil }
    return GridBox(
      lower: VoxelIndex(Int(low.x), Int(low.y), Int(low.z)), upper: VoxelIndex(Int(high.x), Int(high.y), Int(high.z))
    ).clipped(to: shape)
  }
}
