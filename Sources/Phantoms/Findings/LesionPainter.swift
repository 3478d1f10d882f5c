import Statistics
import Volumes

/// Paints the demyelinated lesions of one patient.
///
/// Number, size, place and contrast follow consensus masks of 3 T scans of MS patients: instance volumes are log-normal
/// (median about 33 mm³, log deviation 1.3), contrasts range from as bright as fluid suppression allows to barely above
/// noise, and periventricular lesions stand perpendicular to the ventricle's wall (Dawson's fingers).
struct LesionPainter {
  private var stream: RandomStream
  private let load: Double

  init(seed: UInt64, patient: Int, load: Double) {
    stream = RandomStream(seed: seed, patient: patient, aspect: .lesions)
    self.load = load
  }

  mutating func paint(_ canvas: inout FindingCanvas, sites: Sites) {
    guard load > 0 else { return }
    let count = Int(saturating: (exponential(stream.normal(2.5, 0.7, within: 0.7...3.7)) * load).rounded())
    let burden = exponential(stream.normal(0, 0.35, within: -0.8...0.9))
    for _ in 0..<max(1, min(count, 60)) { paintOne(&canvas, sites: sites, burden: burden) }
  }

  private mutating func paintOne(_ canvas: inout FindingCanvas, sites: Sites, burden: Double) {
    let place = drawPlace()
    let choices = sites.voxels(place)
    guard !choices.isEmpty else { return }
    var volume = exponential(stream.normal(3.55, 1.25, within: 1.2...8.6)) * burden
    if place == .periventricular { volume = min(volume * 2.2, 9000) }
    if place == .juxtacortical || place == .infratentorial { volume = min(volume * 0.8, 600) }
    let faint = stream.chance(0.2)
    let bright = exponential(stream.normal(-0.85, 0.3, within: -1.7 ... -0.1))
    let flair = Float(faint ? stream.uniform(0.10, 0.22) : bright)
    let mprage = min(flair * Float(stream.uniform(0.15, 0.85)) + (volume > 300 ? 0.08 : 0), 0.6)
    var site = choices[stream.index(below: choices.count)]
    for _ in 0..<8 where canvas.lesionShare[site] > 0.1 { site = choices[stream.index(below: choices.count)] }

    var blob = body(at: site, place: place, volume: volume, anatomy: canvas.anatomy)
    var cover = canvas.cover(blob, edge: 1.2, margin: 3)
    // A body that lost its voxels to fluid grows until at least three remain, or is given up.
    for attempt in 0... {
      let seen = cover.count { $0.share >= 0.5 && canvas.tissue($0.voxel) > 0.5 }
      if Double(seen) * cubed(Double(canvas.anatomy.lattice.spacing)) >= 3 { break }
      if attempt == 4 { return }
      blob = blob.scaled(1.25)
      cover = canvas.cover(blob, edge: 1.2, margin: 3)
    }
    apply(cover, to: &canvas, place: place, flair: flair, mprage: mprage, volume: volume, faint: faint)
  }

  private mutating func drawPlace() -> PhantomFinding.Place {
    switch stream.unit() {
    case ..<0.36: .periventricular
    case ..<0.60: .juxtacortical
    case ..<0.90: .deepWhiteMatter
    default: .infratentorial
    }
  }

  private mutating func body(at site: Int, place: PhantomFinding.Place, volume: Double, anatomy: Anatomy) -> Blob {
    let lattice = anatomy.lattice
    let radius = Float(cubeRoot(volume * 3 / (4 * Double.pi)))
    var centre = lattice.position(site)
    var axis = stream.direction()
    var stretch = Float(stream.uniform(1, 1.7))
    if place == .periventricular {
      let v = lattice.shape.voxel(at: site)
      let away = lattice.gradient(anatomy.ventricle, v.i, v.j, v.k)
      if length(away) > 0.1 { axis = normalised(normalised(away) + axis * 0.25) }
      stretch = Float(stream.uniform(1.3, 2.6))
    }
    let along = radius * power(stretch, 2 / 3)
    let across = radius * power(stretch, -1 / 3)
    if place == .periventricular { centre += axis * along * 0.55 }
    var blob = Blob(centre, axis: axis, along: along, across: across, unevenness: min(max(0.2 * radius, 0.15), 1.1))
    // Larger lesions are several that have run together.
    let parts = volume > 1200 ? 2 + stream.index(below: 3) : volume > 150 ? stream.index(below: 3) : 0
    for _ in 0..<parts {
      let aside = stream.direction()
      let size = Float(stream.uniform(0.45, 0.85))
      blob.spheroids.append(
        Blob.Spheroid(
          centre: centre + aside * radius * Float(stream.uniform(0.7, 1.2)), axis: axis, along: along * size,
          across: across * size))
    }
    return blob
  }

  private func apply(
    _ cover: [FindingCanvas.Cover], to canvas: inout FindingCanvas, place: PhantomFinding.Place, flair: Float,
    mprage: Float, volume: Double, faint: Bool
  ) {
    var covered: [(voxel: Int, share: Float)] = []
    for c in cover {
      let tissue = canvas.tissue(c.voxel)
      let receptive = canvas.anatomy.white[c.voxel] + 0.55 * canvas.anatomy.grey[c.voxel]
      // Around large lesions the white matter is not quite normal.
      let halo = volume > 100 ? 0.16 * exponential(-max(c.distance, 0) / 1.4) * (1 - c.share) : 0
      let core = 0.8 + 0.35 * smoothStep(0, 3, -c.distance)
      canvas.stain(c.voxel, flair: flair, mprage: 0, degree: (c.share + halo) * receptive)
      canvas.stain(c.voxel, flair: 0, mprage: min(mprage * core, 0.7), degree: (c.share + 0.5 * halo) * receptive)
      guard tissue > 0.5, c.share > 0 else { continue }
      covered.append((c.voxel, c.share))
      canvas.markLesion(c.voxel, share: c.share)
    }
    canvas.enter(.lesion, place, covered, flair: flair, mprage: mprage, faint: faint)
  }
}

func normalised(_ p: Point) -> Point { p / max(length(p), 1e-6) }

func cubed(_ x: Double) -> Double { x * x * x }
