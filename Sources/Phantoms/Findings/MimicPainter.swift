import Volumes

/// Paints what is bright on FLAIR and is not a lesion. None of it enters the truth.
struct MimicPainter {
  private var stream: RandomStream
  private let rate: Double

  init(seed: UInt64, patient: Int, rate: Double) {
    stream = RandomStream(seed: seed, patient: patient, aspect: .mimics)
    self.rate = rate
  }

  /// Ventricular mimics first, so that lesions painted later lie over them.
  mutating func paint(_ canvas: inout FindingCanvas, sites: Sites) {
    paintPlexus(&canvas)
    paintLining(&canvas)
    paintCaps(&canvas)
    paintSpots(&canvas, sites: sites)
  }

  /// About `mean` things, scaled by the recipe's rate: whole part for sure, the rest by chance.
  private mutating func number(_ mean: Double) -> Int {
    let wanted = mean * rate * stream.uniform(0.4, 1.6)
    return Int(wanted) + (stream.chance(wanted - wanted.rounded(.down)) ? 1 : 0)
  }

  // MARK: Ventricles

  /// The plexus is anatomy: it is there whatever the rate of mimics.
  private mutating func paintPlexus(_ canvas: inout FindingCanvas) {
    let size = canvas.anatomy.individual.plexusSize
    let flair = canvas.anatomy.individual.plexusBrightness
    for side: Float in [-1, 1] {
      let places: [(Point, Point, Float, Float)] = [
        (Point(23 * side, -36, 7), Point(0.3 * side, -0.6, -0.7), 8, 2.6),
        (Point(11 * side, -16, 14), Point(0.5 * side, -0.85, 0.1), 10, 1.3),
        (Point(30 * side, -24, -10), Point(0.3 * side, 0.7, -0.6), 7, 1.3),
      ]
      var covered: [(voxel: Int, share: Float)] = []
      for (target, axis, along, across) in places {
        let voxel = canvas.anatomy.voxel(atTemplate: target)
        let blob = Blob(
          canvas.anatomy.lattice.position(voxel), axis: normalised(axis), along: along * size, across: across * size,
          unevenness: 0.8)
        for c in canvas.cover(blob, edge: 1.6) where c.share > 0 {
          let fluid = max(0, 1 - canvas.tissue(c.voxel)) * coverage(canvas.anatomy.ventricle[c.voxel], 1)
          guard fluid > 0.2 else { continue }
          let uneven = 1 + 0.2 * Float(stream.normal(0, 1, within: -2...2))
          canvas.mix(c.voxel, flair: flair * uneven, mprage: 0.5, degree: c.share * fluid)
          covered.append((c.voxel, c.share * fluid))
        }
      }
      canvas.enter(.choroidPlexus, .ventricles, covered, flair: flair - 1, mprage: 0.5)
    }
  }

  /// Bright lining of the ventricles, a little wider and brighter behind, and the septum.
  private mutating func paintLining(_ canvas: inout FindingCanvas) {
    let strength = Float(min(rate, 2) * stream.uniform(0.03, 0.28))
    let width = Float(stream.uniform(0.8, 2.2))
    let posterior = Float(stream.uniform(0.02, 0.09))
    let septum = Float(rate > 0 && stream.chance(0.5) ? stream.uniform(0.1, 0.45) : 0)
    var lining: [(voxel: Int, share: Float)] = []
    var partition: [(voxel: Int, share: Float)] = []
    for n in canvas.anatomy.mask.indices where canvas.anatomy.mask[n] && canvas.anatomy.ventricle[n] < 9 {
      let wall = max(canvas.anatomy.ventricle[n], 0)
      let t = canvas.anatomy.template[n]
      let white = canvas.anatomy.white[n]
      let behind = smoothStep(-5, -40, t.y)
      canvas.stain(
        n, flair: strength * exponential(-wall / width) + posterior * behind * exponential(-wall / 4), mprage: 0,
        degree: white)
      if white > 0.5, wall < width { lining.append((n, 1)) }
      if septum > 0, abs(t.x) < 1.6, t.y > -14, t.y < 34, wall < 2, t.z > -4 {
        canvas.stain(n, flair: septum, mprage: 0, degree: white)
        if white > 0.5 { partition.append((n, 1)) }
      }
    }
    if strength > 0.05 { canvas.enter(.periventricularBand, .periventricular, lining, flair: strength, mprage: 0) }
    if septum > 0 { canvas.enter(.septum, .periventricular, partition, flair: septum, mprage: 0) }
  }

  /// Caps on the frontal and occipital horns, alike on both sides; some end sharply and look like lesions.
  private mutating func paintCaps(_ canvas: inout FindingCanvas) {
    for tip in [Point(13, 35, 7), Point(24, -57, 4)] {
      let flair = Float(min(rate, 1.5) * stream.uniform(0.05, 0.42))
      let radius = Float(stream.uniform(2, 5.5))
      let sharp = stream.chance(0.35)
      guard flair > 0.06 else { continue }
      for side: Float in [-1, 1] {
        let lopsided = Float(stream.uniform(0.7, 1.3))
        let voxel = canvas.anatomy.voxel(atTemplate: tip * Point(side, 1, 1))
        let blob = Blob(
          canvas.anatomy.lattice.position(voxel), axis: Point(0, 1, 0), along: radius * lopsided,
          across: radius * lopsided * 0.7, unevenness: 0.3)
        var covered: [(voxel: Int, share: Float)] = []
        for c in canvas.cover(blob, edge: sharp ? 1.5 : 5, margin: 3) {
          canvas.stain(c.voxel, flair: flair, mprage: 0.05, degree: c.share * canvas.anatomy.white[c.voxel])
          if canvas.anatomy.white[c.voxel] > 0.5 { covered.append((c.voxel, c.share)) }
        }
        canvas.enter(.periventricularCap, .periventricular, covered, flair: flair, mprage: 0.05)
      }
    }
  }

  // MARK: Spots

  /// What a kind of spot may look like; each number is drawn from a range.
  private struct Spot {
    let kind: PhantomFinding.Kind
    let place: PhantomFinding.Place
    /// In mm, across the axis, and how many times that along it.
    let radius: (Double, Double)
    let stretch: (Double, Double)
    let flair: (Double, Double)
    let mprage: (Double, Double)
  }

  private mutating func paintSpots(_ canvas: inout FindingCanvas, sites: Sites) {
    for _ in 0..<number(3) {
      let flow = Spot(
        kind: .flowArtefact, place: stream.chance(0.6) ? .ventricles : .subarachnoid, radius: (1.5, 4.5),
        stretch: (1, 2.5), flair: (0.35, 1.3), mprage: (0, 0))
      paint(flow, &canvas, sites) { max(0, 1 - $0.tissue($1)) }
    }
    let vessel = Spot(
      kind: .vessel, place: .subarachnoid, radius: (0.7, 1.3), stretch: (2, 6), flair: (0.8, 1.9), mprage: (0, 0.1))
    for _ in 0..<number(7) { paint(vessel, &canvas, sites) { max(0.25, 1 - $0.tissue($1)) } }
    let cortical = Spot(
      kind: .corticalSpot, place: .cortex, radius: (1, 2.2), stretch: (1, 2.5), flair: (0.12, 0.45), mprage: (0, 0.06))
    for _ in 0..<number(6) { paint(cortical, &canvas, sites) { $0.anatomy.grey[$1] } }
    let perivascular = Spot(
      kind: .perivascularSpace, place: .deepWhiteMatter, radius: (0.6, 1.1), stretch: (2, 6), flair: (-0.25, 0.15),
      mprage: (0.15, 0.45))
    for _ in 0..<number(5) { paint(perivascular, &canvas, sites) { $0.tissue($1) } }
    for _ in 0..<number(3.5) {
      let nonspecific = Spot(
        kind: .nonspecificSpot, place: stream.chance(0.65) ? .deepWhiteMatter : .juxtacortical, radius: (1.1, 2.8),
        stretch: (1, 1.5), flair: (0.15, 0.5), mprage: (0, 0.1))
      paint(nonspecific, &canvas, sites) { $0.anatomy.white[$1] + 0.5 * $0.anatomy.grey[$1] }
    }
  }

  /// Paints one spheroid at a random site, to the degree that the voxel is of the tissue it affects.
  private mutating func paint(
    _ spot: Spot, _ canvas: inout FindingCanvas, _ sites: Sites, degree: (FindingCanvas, Int) -> Float
  ) {
    let choices = sites.voxels(spot.place)
    guard !choices.isEmpty else { return }
    let site = choices[stream.index(below: choices.count)]
    let r = Float(stream.uniform(spot.radius.0, spot.radius.1))
    let s = Float(stream.uniform(spot.stretch.0, spot.stretch.1))
    let (f, t) = (
      Float(stream.uniform(spot.flair.0, spot.flair.1)), Float(stream.uniform(spot.mprage.0, spot.mprage.1))
    )
    let blob = Blob(
      canvas.anatomy.lattice.position(site), axis: stream.direction(), along: r * s, across: r, unevenness: 0.15 * r)
    var covered: [(voxel: Int, share: Float)] = []
    for c in canvas.cover(blob) where c.share > 0 {
      let d = degree(canvas, c.voxel)
      canvas.stain(c.voxel, flair: f, mprage: t, degree: c.share * d)
      covered.append((c.voxel, d > 0.3 ? c.share : 0))
    }
    canvas.enter(spot.kind, spot.place, covered, flair: f, mprage: t)
  }
}
