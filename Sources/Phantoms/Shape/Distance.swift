import Foundation

/// A position or direction in mm; x to the patient's right, y to anterior, z to superior.
package typealias Point = SIMD3<Float>

@inline(__always) func length(_ p: Point) -> Float { (p * p).sum().squareRoot() }

@inline(__always) func hypotenuse(_ a: Float, _ b: Float) -> Float { (a * a + b * b).squareRoot() }

/// Signed distances to simple bodies in mm: negative inside, positive outside, exact or close to exact near the
/// surface.
enum Distance {
  /// Ball-headed rod from `a` to `b` whose radius goes linearly from `ra` to `rb`.
  @inline(__always) static func rod(_ p: Point, _ a: Point, _ b: Point, _ ra: Float, _ rb: Float) -> Float {
    let (u, v) = (p - a, b - a)
    let t = min(max((u * v).sum() / (v * v).sum(), 0), 1)
    return length(u - v * t) - (ra + (rb - ra) * t)
  }

  /// Ellipsoid with the given half axes; the first-order distance f·(f − 1)/|∇f|.
  @inline(__always) static func ellipsoid(_ p: Point, _ centre: Point, _ radii: Point) -> Float {
    let q = (p - centre) / radii
    let k0 = length(q)
    let k1 = length(q / radii)
    return k1 > 0 ? k0 * (k0 - 1) / k1 : -radii.min()
  }

  /// Distance in a plane from (x, z) to the segment from (ax, az) to (bx, bz).
  @inline(__always) static func segment(_ x: Float, _ z: Float, _ ax: Float, _ az: Float, _ bx: Float, _ bz: Float)
    -> Float
  {
    let (vx, vz) = (bx - ax, bz - az)
    let t = min(max(((x - ax) * vx + (z - az) * vz) / max(vx * vx + vz * vz, 1e-6), 0), 1)
    return hypotenuse(x - ax - vx * t, z - az - vz * t)
  }
}

/// Union of two bodies whose seam is rounded over `k` mm.
@inline(__always) func smoothUnion(_ a: Float, _ b: Float, _ k: Float) -> Float {
  let h = max(k - abs(a - b), 0) / k
  return min(a, b) - h * h * k * 0.25
}

/// Intersection of two bodies whose edge is rounded over `k` mm.
@inline(__always) func smoothIntersection(_ a: Float, _ b: Float, _ k: Float) -> Float { -smoothUnion(-a, -b, k) }

/// 0 at and beyond `low`, 1 at and beyond `high`, smooth in between.
@inline(__always) func smoothStep(_ low: Float, _ high: Float, _ x: Float) -> Float {
  let t = min(max((x - low) / (high - low), 0), 1)
  return t * t * (3 - 2 * t)
}

/// Share of a voxel of width `width` mm that lies inside a surface at signed distance `d` mm from its centre.
@inline(__always) package func coverage(_ d: Float, _ width: Float) -> Float { min(max(0.5 - d / width, 0), 1) }

/// A triangle in the coronal plane; coordinates are distance from the midline and height, in mm.
struct Triangle: Sendable {
  let below: SIMD2<Float>
  let above: SIMD2<Float>
  let lateral: SIMD2<Float>

  /// Signed distance, negative inside.
  @inline(__always) func distance(_ x: Float, _ z: Float) -> Float {
    let edges = min(
      Distance.segment(x, z, below.x, below.y, above.x, above.y),
      Distance.segment(x, z, above.x, above.y, lateral.x, lateral.y),
      Distance.segment(x, z, lateral.x, lateral.y, below.x, below.y))
    func side(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> Float { (b.x - a.x) * (z - a.y) - (b.y - a.y) * (x - a.x) }
    // The corners run clockwise, so the inside is to the right of every edge.
    let inside = side(below, above) < 0 && side(above, lateral) < 0 && side(lateral, below) < 0
    return inside ? -edges : edges
  }
}

// The C library's functions under whole names, so that hot loops name what they call and import it in one place.

@inline(__always) func sine(_ x: Double) -> Double { sin(x) }
@inline(__always) func cosine(_ x: Double) -> Double { cos(x) }
@inline(__always) func logarithm(_ x: Double) -> Double { log(x) }
@inline(__always) func exponential(_ x: Double) -> Double { exp(x) }
@inline(__always) func exponential(_ x: Float) -> Float { expf(x) }
@inline(__always) func power(_ x: Float, _ y: Float) -> Float { powf(x, y) }
@inline(__always) func angle(_ y: Float, _ x: Float) -> Float { atan2f(y, x) }
@inline(__always) func sine(_ x: Float) -> Float { sinf(x) }
@inline(__always) func cubeRoot(_ x: Double) -> Double { cbrt(x) }
