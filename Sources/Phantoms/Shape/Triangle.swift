/// A triangle in the coronal plane; coordinates are distance from the midline and height, in mm.
struct Triangle: Sendable {
  let below: SIMD2<Float>
  let above: SIMD2<Float>
  let lateral: SIMD2<Float>

  /// Signed distance, negative inside.
  @inline(__always)
  func distance(_ x: Float, _ z: Float) -> Float {
    let edges = min(
      Distance.segment(x, z, below.x, below.y, above.x, above.y),
      Distance.segment(x, z, above.x, above.y, lateral.x, lateral.y),
      Distance.segment(x, z, lateral.x, lateral.y, below.x, below.y))
    func side(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float {
      (b.x - a.x) * (z - a.y) - (b.y - a.y) * (x - a.x)
    }
    // The corners run clockwise, so the inside is to the right of every edge.
    let inside = side(below, above) < 0 && side(above, lateral) < 0 && side(lateral, below) < 0
    return inside ? -edges : edges
  }
}
