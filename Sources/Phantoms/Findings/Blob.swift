/// A body of one or more spheroids with an uneven surface, in mm.
package struct Blob: Sendable {
  var spheroids: [Spheroid]

  /// Amplitude in mm by which the surface goes in and out.
  var unevenness: Float

  struct Spheroid: Sendable {
    var centre: Point
    var axis: Point
    var along: Float
    var across: Float

    @inline(__always) func distance(_ p: Point) -> Float {
      let d = p - centre
      let t = (d * axis).sum()
      let r = max((d * d).sum() - t * t, 0).squareRoot()
      let k0 = hypotenuse(t / along, r / across)
      let k1 = hypotenuse(t / (along * along), r / (across * across))
      return k1 > 1e-6 ? k0 * (k0 - 1) / k1 : -min(along, across)
    }
  }

  /// A single body with half axis `along` in the direction of `axis` and `across` perpendicular to it.
  package init(_ centre: Point, axis: Point = Point(0, 0, 1), along: Float, across: Float, unevenness: Float) {
    spheroids = [Spheroid(centre: centre, axis: axis, along: along, across: across)]
    self.unevenness = unevenness
  }

  /// Signed distance; `ripple` is the value of a unit noise there.
  @inline(__always) package func distance(_ p: Point, ripple: Float) -> Float {
    var d = spheroids[0].distance(p)
    for s in spheroids.dropFirst() { d = smoothUnion(d, s.distance(p), 2) }
    return d + unevenness * ripple
  }

  /// Radius around the centre of the first body that surely holds all.
  package var reach: Float {
    let first = spheroids[0].centre
    return spheroids.map { length($0.centre - first) + max($0.along, $0.across) }.max()! + 3 * unevenness + 3
  }

  func scaled(_ factor: Float) -> Blob {
    var copy = self
    for n in copy.spheroids.indices {
      copy.spheroids[n].along *= factor
      copy.spheroids[n].across *= factor
    }
    return copy
  }
}
