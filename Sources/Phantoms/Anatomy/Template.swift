/// The bodies a brain is composed of, as signed distances in mm in template space (right, anterior, superior; origin
/// near the anterior commissure). Left and right are mirror images here; the individual's warp makes them differ.
///
/// Positions and sizes follow common stereotaxic atlases, a few per cent smaller than the average adult.
struct Template: Sendable {
  let individual: Individual

  /// Both hemispheres together as if the fissure between them were closed and no sulcus cut them.
  @inline(__always) func cerebralHull(_ p: Point) -> Float {
    let a = abs(p.x)
    let (centreY, centreZ): (Float, Float) = (-12, 6)
    let fy = (p.y - centreY) / 79
    let rx = 62 * (1 - 0.12 * smoothStep(0.1, 1, fy) - 0.07 * smoothStep(0.2, 1, -fy))
    let q = Point(a / rx, abs(fy), abs(p.z - centreZ) / 60)
    let f = power(power(q.x, 2.5) + power(q.y, 2.3) + power(q.z, 2.5), 1 / 2.43)
    let r = length(Point(a, p.y - centreY, p.z - centreZ))
    var body = f > 0.05 ? r * (1 - 1 / f) : -50
    let posterior = smoothStep(4, -32, p.y)
    let front = max(p.y - 28, 0)
    let floor = (-18 + 0.05 * a + 0.006 * front * front) * (1 - posterior) + (-8 - 0.22 * a) * posterior
    body = smoothIntersection(body, floor - p.z, 8)
    let m = Point(a, p.y, p.z)
    var temporal = min(
      Distance.rod(m, Point(35, 15, -25), Point(44, -14, -22), 14, 16),
      Distance.rod(m, Point(44, -14, -22), Point(44, -46, -8), 16, 18))
    temporal = smoothUnion(temporal, Distance.rod(m, Point(23, -3, -20), Point(20, -34, -8), 8.5, 8), 6)
    return smoothUnion(body, temporal, 5)
  }

  /// The bridge between the hemispheres: corpus callosum and all that lies under it. No fissure and no cortex here.
  @inline(__always) func core(_ p: Point) -> Float {
    smoothIntersection(callosalOutline(p), abs(p.x) - (9 + 7 * smoothStep(-10, 12, p.z)), 6)
  }

  /// Distance in the sagittal plane to the outer outline of the corpus callosum, closed below.
  @inline(__always) func callosalOutline(_ p: Point) -> Float {
    let (y, z) = (p.y + 3, p.z - 3)
    let (ry, rz): (Float, Float) = (36, z > 0 ? 24 : 17)
    let f = hypotenuse(y / ry, z / rz)
    let g = hypotenuse(y / (ry * ry), z / (rz * rz))
    return g > 0 ? f * (f - 1) / g : -17
  }

  /// Corpus callosum: the rim of that outline above the midbrain, thicker at genu and splenium.
  @inline(__always) func corpusCallosum(_ p: Point, outline: Float) -> Float {
    let thickness: Float = 5.5 + 3.5 * smoothStep(14, 34, abs(p.y + 3))
    let rim = abs(outline + thickness / 2) - thickness / 2
    return max(rim, -6 - p.z + 0.25 * max(p.y, 0))
  }

  /// Lateral ventricles: a slanted slit from the frontal horn to the atrium, and three horns as tapered rods.
  @inline(__always) func lateralVentricle(_ p: Point) -> Float {
    let a = abs(p.x)
    guard a < 46, p.y > -78, p.y < 44, p.z > -30, p.z < 36 else { return 10 }
    let g = individual.ventricleGrowth
    let m = Point(a, p.y, p.z)
    let d: Float
    if p.y > -31 {
      let section = Template.ventricleSection(p.y)
      d = section.distance(a, p.z) - (0.9 + g) * smoothStep(36, 26, p.y) + max(0, p.y - 34)
    } else {
      d = 10
    }
    let atrium = Distance.rod(m, Point(19, -29, 14), Point(25, -38, 6), 4.2 + g, 5 + g)
    let occipital = Distance.rod(m, Point(25, -38, 6), Point(22, -62, 3), 4 + g, 0.8)
    let temporalBack = Distance.rod(m, Point(26, -36, 3), Point(31, -24, -11), 3.2 + g, 1.9 + 0.6 * g)
    let temporal = Distance.rod(m, Point(31, -24, -11), Point(30, -4, -19), 1.9 + 0.6 * g, 1.2)
    return smoothUnion(smoothUnion(d, atrium, 3), min(occipital, smoothUnion(temporalBack, temporal, 1.5)), 2)
  }

  /// The triangle a coronal plane cuts out of the body or frontal horn: at the septum below and above, and laterally.
  private static func ventricleSection(_ y: Float) -> Triangle {
    func mix(_ a: Float, _ from: Triangle, _ b: Float, _ to: Triangle) -> Triangle {
      let t = min(max((y - a) / (b - a), 0), 1)
      return Triangle(
        below: from.below + (to.below - from.below) * t, above: from.above + (to.above - from.above) * t,
        lateral: from.lateral + (to.lateral - from.lateral) * t)
    }
    let tip = Triangle(below: SIMD2(9, 5), above: SIMD2(9, 8), lateral: SIMD2(14.5, 9))
    let horn = Triangle(below: SIMD2(3.4, -1), above: SIMD2(2.4, 10), lateral: SIMD2(13.5, 12.5))
    let front = Triangle(below: SIMD2(2, 5), above: SIMD2(2, 14.5), lateral: SIMD2(14.5, 16.5))
    let body = Triangle(below: SIMD2(2, 13), above: SIMD2(2, 17.5), lateral: SIMD2(17, 18.5))
    let back = Triangle(below: SIMD2(4, 14), above: SIMD2(4, 17.5), lateral: SIMD2(20, 19))
    let atrium = Triangle(below: SIMD2(14, 11), above: SIMD2(14, 16), lateral: SIMD2(24, 16))
    if y > 22 { return mix(22, horn, 35, tip) }
    if y > 8 { return mix(8, front, 22, horn) }
    if y > -8 { return mix(-8, body, 8, front) }
    if y > -20 { return mix(-20, back, -8, body) }
    return mix(-31, atrium, -20, back)
  }

  /// Third ventricle, aqueduct and fourth ventricle.
  @inline(__always) func midlineVentricles(_ p: Point) -> Float {
    let a = abs(p.x)
    guard a < 14 else { return 10 }
    let g = individual.ventricleGrowth
    let profile = hypotenuse((p.y + 9) / 14, (p.z + 1) / 9)
    var third = max(a - (1.4 + 0.5 * g), (profile - 1) * 9)
    // The interthalamic adhesion crosses it.
    third = max(third, 2 - hypotenuse(p.y + 8, p.z - 1))
    let aqueduct = Distance.rod(p, Point(0, -25, -4), Point(0, -32, -20), 0.9, 1.0)
    let fourth = Distance.ellipsoid(p, Point(0, -38.5, -30), Point(7.5 + g, 4.2 + 0.5 * g, 10.5))
    let roof = Distance.rod(p, Point(0, -40, -29), Point(0, -48, -30), 3.4, 0.8)
    return min(min(third, aqueduct), smoothUnion(fourth, roof, 3))
  }

  @inline(__always) func thalamus(_ m: Point) -> Float {
    smoothUnion(
      Distance.ellipsoid(m, Point(9.5, -14, 7), Point(7.8, 12, 7.5)),
      Distance.ellipsoid(m, Point(13.5, -24, 8), Point(7.5, 7.5, 6.5)), 5)
  }

  @inline(__always) func caudate(_ m: Point) -> Float {
    let head = Distance.ellipsoid(m, Point(13, 16, 3), Point(6.0, 10, 9.5))
    let body = Distance.rod(m, Point(16.5, 6, 11), Point(22.5, -16, 16.5), 4.4, 2.4)
    let tail = Distance.rod(m, Point(22.5, -16, 16.5), Point(31, -34, 5), 2.2, 1.3)
    return smoothUnion(smoothUnion(head, body, 4), tail, 2)
  }

  @inline(__always) func putamen(_ m: Point) -> Float {
    let front = Distance.ellipsoid(m, Point(23, 8, -1), Point(5.6, 10.5, 9))
    return smoothUnion(front, Distance.ellipsoid(m, Point(27.5, -6, 1), Point(4.2, 12, 9.5)), 6)
  }

  @inline(__always) func pallidum(_ m: Point) -> Float {
    Distance.ellipsoid(m, Point(19.5, -4, -1.5), Point(4.2, 8.5, 6))
  }

  @inline(__always) func hippocampus(_ m: Point) -> Float {
    let body = Distance.rod(m, Point(24, -12, -18), Point(24, -34, -5), 4.6, 3)
    return smoothUnion(body, Distance.ellipsoid(m, Point(22, -4, -20), Point(6.5, 6.5, 6.5)), 3)
  }

  @inline(__always) func cerebellarHull(_ p: Point) -> Float {
    let m = Point(abs(p.x), p.y, p.z)
    let lobe = Distance.ellipsoid(m, Point(23, -58, -33), Point(28, 28, 20))
    let vermis = Distance.ellipsoid(m, Point(0, -55, -26.5), Point(11, 23, 20))
    let tonsil = Distance.ellipsoid(m, Point(8, -47, -46), Point(8, 10, 9))
    return smoothUnion(smoothUnion(lobe, vermis, 7), tonsil, 4)
  }

  /// White matter of the cerebellum that is not folded: the core of each lobe and the peduncles.
  @inline(__always) func cerebellarCore(_ m: Point) -> Float {
    let lobe = Distance.ellipsoid(m, Point(19, -56, -34), Point(15, 11, 6.5))
    let peduncle = Distance.rod(m, Point(11, -29, -31), Point(22, -50, -34), 7, 5)
    let superior = Distance.rod(m, Point(5, -32, -18), Point(10, -46, -30), 3, 3)
    return smoothUnion(smoothUnion(lobe, peduncle, 5), superior, 3)
  }

  @inline(__always) func dentate(_ m: Point) -> Float {
    abs(Distance.ellipsoid(m, Point(14, -53, -32), Point(6, 5, 3.4))) - 0.7
  }

  @inline(__always) func brainstem(_ p: Point) -> Float {
    let m = Point(abs(p.x), p.y, p.z)
    let midbrain = Distance.rod(p, Point(0, -24, -4), Point(0, -25, -22), 10, 9.5)
    let peduncle = Distance.rod(m, Point(13, -12, -5), Point(8, -19, -20), 5.5, 5)
    let pons = Distance.ellipsoid(p, Point(0, -25, -31), Point(15.5, 12.5, 13))
    let medulla = Distance.rod(p, Point(0, -29, -42), Point(0, -33, -58), 8, 6)
    return smoothUnion(smoothUnion(smoothUnion(midbrain, peduncle, 4), pons, 4), medulla, 6)
  }

  /// Sylvian fissure and the cleft over the insula, as the distance to a sheet of no thickness.
  @inline(__always) func sylvianSheet(_ m: Point, wobble: Float) -> Float {
    guard m.x > 14, m.y > -60, m.y < 46, m.z > -44, m.z < 44 else { return 20 }
    let line = -2.5 - 0.5 * m.y + 1.5 * wobble + 0.12 * (m.x - 50)
    let reach = 37.5 - 17 * smoothStep(10, 26, m.y)
    let fissure = length(Point((m.z - line) * 0.9, max(0, reach - m.x), max(0, max(-36 - m.y, m.y - 34))))
    let middle = 1.5 - 0.2 * m.y
    let insula = length(
      Point(
        m.x - (37.5 - 0.006 * (m.z - middle) * (m.z - middle) - 0.05 * abs(m.y)) + wobble,
        max(0, abs(m.z - middle) - 12.5 + 0.01 * m.y * m.y), max(0, abs(m.y - 1) - 20)))
    return min(fissure, insula)
  }
}
