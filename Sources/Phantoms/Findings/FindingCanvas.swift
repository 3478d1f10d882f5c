import Volumes

/// Paints lesions and mimics into an anatomy and keeps account of them.
struct FindingCanvas {
  private(set) var anatomy: Anatomy

  /// Largest share of each voxel that any lesion covers; at least one half is lesion in the truth.
  private(set) var lesionShare: [Float]
  private(set) var findings: [Entry] = []
  private let ripple: BandNoise

  /// A finding before the written grid is known.
  struct Entry: Sendable {
    let kind: PhantomFinding.Kind
    let place: PhantomFinding.Place
    let volumeMillimetres3: Double
    let flairContrast: Double
    let mprageContrast: Double
    let faint: Bool
    let centre: Point

    /// The lattice voxels it covers by half or more.
    let voxels: [Int]
  }

  /// A voxel, the share of it that is covered and the signed distance to the surface in mm.
  struct Cover {
    let voxel: Int
    let share: Float
    let distance: Float
  }

  init(anatomy: Anatomy, seed: UInt64, patient: Int) {
    self.anatomy = anatomy
    lesionShare = [Float](repeating: 0, count: anatomy.mask.count)
    var stream = RandomStream(seed: seed, patient: patient, aspect: .surfaces)
    ripple = BandNoise(wavelength: 8, spread: 0.3, waves: 24, box: anatomy.lattice.box, stream: &stream)
  }

  /// The voxels of the brain that a blob covers or that lie within `margin` mm of it.
  func cover(_ blob: Blob, edge: Float = 1, margin: Float = 0) -> [Cover] {
    let lattice = anatomy.lattice
    let centre = blob.spheroids[0].centre
    guard let box = lattice.box(around: centre, radius: blob.reach + margin) else { return [] }
    var result: [Cover] = []
    for n in box.rows(in: lattice.shape).joined() where anatomy.mask[n] {
      let p = lattice.position(n)
      let d = blob.distance(p, ripple: ripple(p))
      if d < max(edge / 2, margin) {
        result.append(Cover(voxel: n, share: coverage(d, max(edge, lattice.spacing)), distance: d))
      }
    }
    return result
  }

  /// Share of tissue, without fluid, in a voxel.
  func tissue(_ n: Int) -> Float { anatomy.white[n] + anatomy.grey[n] }

  /// Brightens FLAIR by `flair` white-matter units and darkens MPRAGE by the factor 1 − `mprage`, to the given degree.
  mutating func stain(_ n: Int, flair: Float, mprage: Float, degree: Float) {
    anatomy.flair[n] += flair * degree
    anatomy.mprage[n] *= 1 - mprage * degree
  }

  /// Mixes both intensities towards the given values.
  mutating func mix(_ n: Int, flair: Float, mprage: Float?, degree: Float) {
    anatomy.flair[n] += degree * (flair - anatomy.flair[n])
    if let mprage { anatomy.mprage[n] += degree * (mprage - anatomy.mprage[n]) }
  }

  mutating func markLesion(_ n: Int, share: Float) { lesionShare[n] = max(lesionShare[n], share) }

  /// The account without the mimics that lesions, painted later, have covered by half or more.
  var visibleFindings: [Entry] {
    findings.filter { entry in
      entry.kind == .lesion || 2 * entry.voxels.count { lesionShare[$0] >= 0.5 } < entry.voxels.count
    }
  }

  /// Enters a finding into the account; one that covers no voxel by half is not entered.
  mutating func enter(
    _ kind: PhantomFinding.Kind, _ place: PhantomFinding.Place, _ cover: [(voxel: Int, share: Float)], flair: Float,
    mprage: Float, faint: Bool = false
  ) {
    var sum = Point(0, 0, 0)
    let voxels = cover.filter { $0.share >= 0.5 }.map(\.voxel)
    for n in voxels { sum += anatomy.lattice.position(n) }
    guard !voxels.isEmpty else { return }
    let count = Float(voxels.count)
    let voxel = Double(anatomy.lattice.spacing)
    findings.append(
      Entry(
        kind: kind, place: place, volumeMillimetres3: Double(count) * voxel * voxel * voxel,
        flairContrast: Double(flair), mprageContrast: Double(mprage), faint: faint, centre: sum / count, voxels: voxels)
    )
  }
}
