import Statistics
import Volumes

/// Points of the fixed image that are compared with the moving one, and the fixed image's histogram bin at each.
///
/// One point in each cell of a lattice along the fixed image's voxels, at a place of its own: where points lie on a
/// lattice, interpolation makes the measure depend on how two lattices meet (Pluim et al., Computer Vision and Image
/// Understanding 77 (2000) 211–232). The places depend on nothing but the grid.
struct SamplePoints: Sendable {
  /// What the points are given relative to: their mean.
  let centre: WorldPoint
  /// x, y, z in mm relative to the centre.
  let offsets: [SIMD3<Float>]
  let bins: [UInt8]

  var count: Int { offsets.count }

  /// The points, in the world of the fixed image.
  var worlds: [WorldPoint] {
    offsets.map { WorldPoint(x: centre.x + Double($0.x), y: centre.y + Double($0.y), z: centre.z + Double($0.z)) }
  }

  /// - Parameter keeps: whether a point of the world is compared.
  init(of image: PreparedImage, level: Level, keeps: (WorldPoint) -> Bool) {
    let own = image.levels[level.number - 1]
    let edges = own.affine.spacingMillimetres
    func cell(_ edge: Double) -> Double { max(1, (level.sampleMillimetres / edge).rounded()) }
    let cells = SIMD3(cell(edges.0), cell(edges.1), cell(edges.2))
    let counts = SIMD3(Double(own.shape.ni), Double(own.shape.nj), Double(own.shape.nk))
    var worlds: [SIMD3<Double>] = []
    var bins: [UInt8] = []
    var counter: UInt64 = 0
    func place(_ start: Double, _ size: Double) -> Double {
      counter &+= 1
      return start - 0.5 + size * Double(SplitMix64.scrambled(counter &* SplitMix64.increment) >> 11) * 0x1p-53
    }
    own.spline.coefficients.withUnsafeBufferPointer { coefficients in
      let sampler = SplineSampler(own.spline, coefficients)
      for k in stride(from: 0, to: counts.z, by: cells.z) {
        for j in stride(from: 0, to: counts.y, by: cells.y) {
          for i in stride(from: 0, to: counts.x, by: cells.x) {
            let voxel = SIMD3(place(i, cells.x), place(j, cells.y), place(k, cells.z))
            guard let sample = sampler.sample(SIMD3<Float>(voxel)) else { continue }
            let point = own.affine.world(voxel.x, voxel.y, voxel.z)
            guard keeps(point), !image.isMissing(at: point) else { continue }
            worlds.append(SIMD3(point.x, point.y, point.z))
            bins.append(UInt8(saturating: min(max(sample.w, 0), 0.9999) * Float(level.bins)))
          }
        }
      }
    }
    let mean = worlds.isEmpty ? .zero : worlds.reduce(.zero, +) / Double(worlds.count)
    centre = WorldPoint(x: mean.x, y: mean.y, z: mean.z)
    offsets = worlds.map { SIMD3<Float>($0 - mean) }
    self.bins = bins
  }
}

extension PreparedImage {
  /// Whether a point of the world lies in a slice that was filled.
  func isMissing(at point: WorldPoint) -> Bool {
    if missing.count == 0 { return false }
    let v = toVoxel.world(point.x, point.y, point.z)
    let voxel = [v.x, v.y, v.z]
    return (0..<3).contains { missing.indices[$0].contains(Int(saturating: voxel[$0].rounded())) }
  }
}
