import Statistics
import Volumes

/// Reads values of the drawing lattice at the voxels of the written grid, averaged over each voxel's extent.
struct Sampler {
  private let lattice: Lattice
  private let grid: PhantomGrid
  private let offsets: [Point]
  private let origin: Point
  private let steps: (Point, Point, Point)

  init(lattice: Lattice, grid: PhantomGrid) {
    self.lattice = lattice
    self.grid = grid
    let m = grid.affine.rows
    func column(_ c: Int) -> Point { Point(Float(m[0][c]), Float(m[1][c]), Float(m[2][c])) }
    let steps = (column(0), column(1), column(2))
    self.steps = steps
    origin = column(3)
    // A voxel wider than the lattice averages evenly spread points along that axis.
    func fractions(_ step: Point) -> [Float] {
      let count = max(1, Int(saturating: (length(step) / lattice.spacing).rounded()))
      return (0..<count).map { (Float($0) + 0.5) / Float(count) - 0.5 }
    }
    var points: [Point] = []
    for c in fractions(steps.2) {
      for b in fractions(steps.1) {
        for a in fractions(steps.0) { points.append(steps.0 * a + steps.1 * b + steps.2 * c) }
      }
    }
    offsets = points
  }

  /// Centre of a voxel of the written grid in mm.
  func position(_ i: Int, _ j: Int, _ k: Int) -> Point {
    origin + steps.0 * Float(i) + steps.1 * Float(j) + steps.2 * Float(k)
  }

  /// Calls `body` with the linear index, position in mm and averages of `fields` for each voxel of the written grid.
  func forEachVoxel(_ fields: [[Float]], _ body: (Int, Point, [Float]) -> Void) {
    let s = grid.shape
    var averages = [Float](repeating: 0, count: fields.count)
    let perPoint = 1 / Float(offsets.count)
    var n = 0
    for k in 0..<s.nk {
      for j in 0..<s.nj {
        for i in 0..<s.ni {
          let centre = position(i, j, k)
          for f in averages.indices { averages[f] = 0 }
          for offset in offsets { add(fields, at: centre + offset, weight: perPoint, to: &averages) }
          body(n, centre, averages)
          n += 1
        }
      }
    }
  }

  /// Adds trilinearly interpolated values; nothing outside the lattice.
  @inline(__always) private func add(_ fields: [[Float]], at p: Point, weight: Float, to sums: inout [Float]) {
    let s = lattice.shape
    var q = (p - lattice.origin) / lattice.spacing
    // Points that fall on lattice points but for rounding are exactly there, whatever the axes' order and direction.
    let nearest = q.rounded(.toNearestOrEven)
    q.replace(with: nearest, where: (q - nearest) .< 1e-3 .& (nearest - q) .< 1e-3)
    let low = q.rounded(.down)
    let t = q - low
    let (i, j, k) = (Int(low.x), Int(low.y), Int(low.z))
    for c in 0...1 {
      let wz = c == 0 ? 1 - t.z : t.z
      guard wz > 0, k + c >= 0, k + c < s.nk else { continue }
      for b in 0...1 {
        let wy = b == 0 ? 1 - t.y : t.y
        guard wy > 0, j + b >= 0, j + b < s.nj else { continue }
        for a in 0...1 {
          let wx = a == 0 ? 1 - t.x : t.x
          guard wx > 0, i + a >= 0, i + a < s.ni else { continue }
          let n = i + a + s.ni * (j + b + s.nj * (k + c))
          let w = weight * wx * wy * wz
          for f in fields.indices { sums[f] += w * fields[f][n] }
        }
      }
    }
  }
}
