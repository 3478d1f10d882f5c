import Volumes

/// Draws one individual's brain: template bodies, warped by a smooth random deformation, with a folded surface.
///
/// Three passes over the lattice. 1: hulls. 2: the folding pattern, read where a voxel projects to on the hull, so that
/// sulci run inwards from the surface. 3: distances to the folded surface, from the patterns' values and gradients, and
/// from them tissue shares. Every edge is drawn as a share of the voxel, so partial volume is right to first order.
struct AnatomyBuilder {
  private let lattice: Lattice
  private let individual: Individual
  private let template: Template
  private let noise: Noise

  /// The random functions of space that shape one individual.
  private struct Noise {
    let warp: (BandNoise, BandNoise, BandNoise)
    let fine: (BandNoise, BandNoise, BandNoise)
    let primary: BandNoise
    let secondary: BandNoise
    let slow: BandNoise
    let rough: BandNoise
    let texture: BandNoise
    let speckle: BandNoise
  }

  private var position: [Point]
  private var hull: [Float]
  private var cerebellum: [Float]
  private var outline: [Float]

  init(seed: UInt64, patient: Int, lattice: Lattice) {
    self.lattice = lattice
    var build = RandomStream(seed: seed, patient: patient, aspect: .build)
    individual = Individual(stream: &build)
    template = Template(individual: individual)
    var warp = RandomStream(seed: seed, patient: patient, aspect: .warp)
    var folding = RandomStream(seed: seed, patient: patient, aspect: .folding)
    var texture = RandomStream(seed: seed, patient: patient, aspect: .texture)
    let box = lattice.box
    func field(_ wavelength: Double, _ spread: Double, _ waves: Int, _ stream: inout RandomStream) -> BandNoise {
      BandNoise(wavelength: wavelength, spread: spread, waves: waves, box: box, stream: &stream)
    }
    noise = Noise(
      warp: (field(95, 0.25, 16, &warp), field(95, 0.25, 16, &warp), field(95, 0.25, 16, &warp)),
      fine: (field(34, 0.25, 24, &warp), field(34, 0.25, 24, &warp), field(34, 0.25, 24, &warp)),
      primary: field(25, 0.08, 40, &folding), secondary: field(16, 0.12, 40, &folding),
      slow: field(38, 0.2, 24, &folding), rough: field(9, 0.25, 32, &folding), texture: field(60, 0.3, 16, &texture),
      speckle: field(7, 0.3, 32, &texture))
    let count = lattice.shape.voxelCount
    position = [Point](repeating: Point(0, 0, 0), count: count)
    hull = [Float](repeating: 50, count: count)
    cerebellum = [Float](repeating: 50, count: count)
    outline = [Float](repeating: 50, count: count)
  }

  mutating func build() -> Anatomy {
    drawHulls()
    let pattern = foldingPattern()
    return drawTissue(pattern)
  }

  // MARK: Pass 1

  private mutating func drawHulls() {
    let s = lattice.shape
    var n = 0
    for k in 0..<s.nk {
      for j in 0..<s.nj {
        for i in 0..<s.ni {
          let world = lattice.position(i, j, k)
          let bend = Point(noise.warp.0(world), noise.warp.1(world), noise.warp.2(world)) * 2.2
          let ripple = Point(noise.fine.0(world), noise.fine.1(world), noise.fine.2(world)) * 0.8
          // The midline stays straighter than the rest.
          let midline = 0.6 + 0.4 * smoothStep(0, 25, abs(world.x))
          let p = world / individual.scale + (bend + ripple) * Point(midline, 1, 1)
          position[n] = p
          let closed = template.cerebralHull(p)
          let lower = template.cerebellarHull(p)
          let stem = template.brainstem(p)
          outline[n] = smoothUnion(smoothUnion(closed, lower, 12), stem, 10)
          // Falx: the hemispheres part, a little more towards the outside.
          let gap = 0.2 + individual.sulcusHalfWidth + 0.3 * noise.slow(p)
          // The deeper, the rounder: the direction to the nearest wall must not jump inside the white matter.
          let wall = max(gap, 0.2) - abs(p.x)
          let rounding = 3 + min(max(-max(closed, wall), 0), 16)
          hull[n] = smoothIntersection(smoothIntersection(closed, wall, rounding), 0.7 - lower, 2)
          cerebellum[n] = lower
          n += 1
        }
      }
    }
  }

  // MARK: Pass 2

  /// Primary and secondary folding patterns; in the cerebellum its two orders of folia.
  private func foldingPattern() -> (primary: [Float], secondary: [Float]) {
    let s = lattice.shape
    var primary = [Float](repeating: 1, count: s.voxelCount)
    var secondary = primary
    var n = 0
    for k in 0..<s.nk {
      for j in 0..<s.nj {
        for i in 0..<s.ni {
          defer { n += 1 }
          let world = lattice.position(i, j, k)
          if cerebellum[n] < 3, cerebellum[n] < hull[n] {
            let p = position[n]
            let turn = angle(p.z + 33, -(p.y + 44)) * 25 + 0.04 * abs(p.x) * abs(p.x) * 0.5
            let wobble = noise.slow(world) * 3.0 + noise.rough(world) * 0.5
            primary[n] = sine((turn + wobble) * (Float.pi / 13.5))
            secondary[n] = sine((turn + wobble) * (Float.pi / 4.5))
          } else if hull[n] < 3, hull[n] > -34 {
            let g = lattice.gradient(hull, i, j, k)
            let steepness = length(g)
            // Sulci fan out towards the surface: read the pattern most of the way along the normal.
            let outward = g * (-hull[n] * 0.6 / max(steepness * steepness, 0.6))
            let q = world + outward
            primary[n] = noise.primary(q) + 0.12 * noise.rough(world)
            secondary[n] = noise.secondary(q) + 0.12 * noise.rough(world)
          }
        }
      }
    }
    return (primary, secondary)
  }

  // MARK: Pass 3

  private func drawTissue(_ pattern: (primary: [Float], secondary: [Float])) -> Anatomy {
    let s = lattice.shape
    var canvas = TissueCanvas(voxelCount: s.voxelCount, edge: max(lattice.spacing, 1))
    var region = [Anatomy.Region](repeating: .outside, count: s.voxelCount)
    var mask = [Bool](repeating: false, count: s.voxelCount)
    var ventricles = [Float](repeating: 10, count: s.voxelCount)
    var depth = [Float](repeating: -10, count: s.voxelCount)
    var n = 0
    for k in 0..<s.nk {
      for j in 0..<s.nj {
        for i in 0..<s.ni {
          defer { n += 1 }
          guard outline[n] < 3 else { continue }
          let world = lattice.position(i, j, k)
          let p = position[n]
          let m = Point(abs(p.x), p.y, p.z)
          let slow = noise.slow(world)
          guard outline[n] < -0.4 + 0.5 * slow + 0.5 * noise.rough(world) else { continue }
          mask[n] = true
          canvas.start(n)
          let callosal = template.callosalOutline(p)
          let core = template.core(p)
          // Cerebrum.
          let hullDepth = depthBelow(hull, i, j, k)
          var pial = min(hullDepth, sulcusDepth(pattern, n, (i, j, k), hullDepth, slow))
          let wobble = noise.primary(world) * 0.8
          pial = min(pial, template.sylvianSheet(m, wobble: wobble) - 0.35 - individual.sulcusHalfWidth * 1.3)
          if m.x < 12, p.z > -4 {
            pial = min(pial, hypotenuse(callosal - 1, max(0, m.x - 8)) - 0.3 - individual.sulcusHalfWidth)
          }
          let thickness = individual.cortexThickness + 0.25 * slow
          canvas.lay(.cortex, -pial, n)
          canvas.lay(.white, thickness - pial, n)
          depth[n] = pial - thickness
          if pial > -0.5 { region[n] = .cerebrum }
          // Cerebellum.
          if cerebellum[n] < 2 {
            let below = depthBelow(cerebellum, i, j, k)
            let leaf = min(below, foliumDepth(pattern, n, (i, j, k), below))
            let inner = template.cerebellarCore(m)
            canvas.lay(.cerebellarCortex, max(-leaf, cerebellum[n]), n)
            canvas.lay(.cerebellarWhite, min(max(1.6 - leaf, cerebellum[n] + 2), inner), n)
            canvas.lay(.dentate, template.dentate(m), n)
            if cerebellum[n] < 0, cerebellum[n] < hull[n] {
              region[n] = .cerebellum
              depth[n] = max(leaf - 1.6, -inner)
            }
          }
          let site = Site(voxel: n, p: p, m: m)
          drawDeep(&canvas, site, core: core, callosal: callosal, wobble: wobble, region: &region, depth: &depth)
          ventricles[n] = drawVentricles(&canvas, site, world: world)
          canvas.modulate(n, 1 + 0.018 * noise.texture(world), 1 + 0.035 * noise.texture(world * Point(-1, 1, 1)))
          canvas.grain(n, noise.speckle(world))
        }
      }
    }
    return Anatomy(
      lattice: lattice, individual: individual, mask: mask, region: region, mprage: canvas.mprage, flair: canvas.flair,
      white: canvas.white, grey: canvas.grey, ventricle: ventricles, depthBelowCortex: depth, template: position)
  }

  /// Depth in mm below a hull given as any function that is 0 on it: its value over its steepness.
  private func depthBelow(_ f: [Float], _ i: Int, _ j: Int, _ k: Int) -> Float {
    let n = lattice.shape.linearIndex(VoxelIndex(i, j, k))
    let steepness = length(lattice.gradient(f, i, j, k))
    return -f[n] / min(max(steepness, 0.6), 2)
  }

  /// Distance in mm to the nearest sulcus, negative inside the fluid that fills it.
  private func sulcusDepth(
    _ pattern: (primary: [Float], secondary: [Float]), _ n: Int, _ at: (Int, Int, Int), _ depth: Float, _ slow: Float
  ) -> Float {
    guard depth > -3, depth < 34 else { return 20 }
    let mouth = 0.8 * exponential(-max(depth, 0) / 4)
    // Where the lobes are thin, sulci are shallower.
    let room = 0.55 + 0.45 * smoothStep(-20, 12, position[n].z)
    // Where two walls are about equally near, sulci from both must not meet.
    let apart = smoothStep(0.1, 0.6, length(lattice.gradient(hull, at.0, at.1, at.2)))
    func sheet(_ f: [Float], reach: Float, floor: Float) -> Float {
      let steepness = length(lattice.gradient(f, at.0, at.1, at.2))
      let across = abs(f[n]) / min(max(steepness, floor), 5 * floor)
      return hypotenuse(across, max(0, depth - reach * apart)) - individual.sulcusHalfWidth - mouth
    }
    let primary = sheet(
      pattern.primary, reach: min(max(individual.sulcusDepth + 4 + 5 * slow, 6), 25) * room, floor: 0.09)
    let secondary = sheet(pattern.secondary, reach: min(max(4.5 - 5 * slow, -3), 12) * room, floor: 0.14)
    return smoothUnion(primary, secondary, 1)
  }

  /// Distance in mm to the nearest fissure between folia.
  private func foliumDepth(
    _ pattern: (primary: [Float], secondary: [Float]), _ n: Int, _ at: (Int, Int, Int), _ depth: Float
  ) -> Float {
    func sheet(_ f: [Float], reach: Float, halfWidth: Float) -> Float {
      let steepness = length(lattice.gradient(f, at.0, at.1, at.2))
      return hypotenuse(abs(f[n]) / max(steepness, 0.1), max(0, depth - reach)) - halfWidth
    }
    return min(
      sheet(pattern.primary, reach: 13, halfWidth: 0.1 + individual.sulcusHalfWidth * 0.6),
      sheet(pattern.secondary, reach: 8, halfWidth: -0.15))
  }

  /// A voxel and where it lies in the template: `p`, and `m` in the right half, where what is paired is drawn.
  private struct Site {
    let voxel: Int
    let p: Point
    let m: Point
  }

  private func drawDeep(
    _ canvas: inout TissueCanvas, _ site: Site, core: Float, callosal: Float, wobble: Float,
    region: inout [Anatomy.Region], depth: inout [Float]
  ) {
    let (n, p, m) = (site.voxel, site.p, site.m)
    if core < 2 {
      canvas.lay(.white, core, n)
      canvas.lay(.diencephalon, max(core, Distance.ellipsoid(p, Point(0, -5, -6), Point(9, 15, 8))), n)
      // Cisterns behind the thalami, under the splenium.
      canvas.lay(.fluid, Distance.ellipsoid(p, Point(0, -36, -1), Point(9, 5.5, 5)), n)
      let callosum = coverage(max(template.corpusCallosum(p, outline: callosal), core), 1.5)
      canvas.cover(.callosum, callosum * smoothStep(15, 4, m.x), n)
      if core < 0 {
        region[n] = .cerebrum
        depth[n] = 3 - core
      }
    }
    let stem = template.brainstem(p)
    if stem < 2 {
      canvas.lay(.brainstem, stem, n)
      if stem < 0 {
        region[n] = .brainstem
        depth[n] = 3 - stem
      }
    }
    guard m.x < 42, p.y > -50, p.y < 40, p.z > -34, p.z < 34 else { return }
    let shift = wobble * 0.4
    let hippocampus = template.hippocampus(m) + shift
    canvas.lay(.hippocampus, hippocampus, n)
    let thalamus = template.thalamus(m) + shift
    let caudate = template.caudate(m) + shift
    let putamen = template.putamen(m) + shift
    let pallidum = template.pallidum(m) + shift
    canvas.lay(.thalamus, thalamus, n)
    canvas.lay(.caudate, caudate, n)
    canvas.lay(.putamen, putamen, n)
    canvas.lay(.pallidum, pallidum, n)
  }

  private func drawVentricles(_ canvas: inout TissueCanvas, _ site: Site, world: Point) -> Float {
    let (n, p, m) = (site.voxel, site.p, site.m)
    let lateral = template.lateralVentricle(p) + 0.25 * noise.primary(world)
    let midline = template.midlineVentricles(p)
    let wall = min(lateral, midline)
    guard wall < 3 else { return min(wall, 10) }
    canvas.lay(.fluid, wall, n)
    // The septum keeps the two sides apart.
    if m.x < 3, p.y > -14, p.y < 34, midline > 0.5 { canvas.lay(.septum, max(m.x - 0.55, lateral - 3), n) }
    return wall
  }
}
