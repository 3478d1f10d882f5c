import Statistics
import Volumes

/// Turns a painted anatomy into the volumes a scanner would store.
struct Examination {
  let seed: UInt64
  let patient: Int
  let scanner: Scanner
  let grid: PhantomGrid

  func image(_ canvas: FindingCanvas) -> PhantomPatient {
    let anatomy = canvas.anatomy
    let lattice = anatomy.lattice
    let flair = scanner.project(
      anatomy.flair, fluid: Tissue.fluid.flair, scanner.flair, lattice: lattice, mask: anatomy.mask)
    let mprage = scanner.project(
      anatomy.mprage, fluid: Tissue.fluid.mprage, scanner.mprage, lattice: lattice, mask: anatomy.mask)
    let inside = anatomy.mask.map { $0 ? Float(1) : 0 }

    var storedFlair = [Float](repeating: 0, count: grid.shape.voxelCount)
    var storedMprage = storedFlair
    var truth = [UInt8](repeating: 0, count: grid.shape.voxelCount)
    let sampler = Sampler(lattice: lattice, grid: grid)
    let flairKey = RandomStream.key(seed: seed, patient: patient, aspect: .flairNoise)
    let mprageKey = RandomStream.key(seed: seed, patient: patient, aspect: .mprageNoise)
    sampler.forEachVoxel([inside, flair, mprage, canvas.lesionShare]) { n, p, v in
      guard v[0] >= 0.5 else { return }
      storedFlair[n] = stored(v[1], scanner.flair, at: p, key: flairKey, voxel: n)
      storedMprage[n] = stored(v[2], scanner.mprage, at: p, key: mprageKey, voxel: n)
      truth[n] = v[3] >= 0.5 ? 1 : 0
    }
    let findings = canvas.visibleFindings.map(finding)
    let white = anatomy.millilitres(of: anatomy.white)
    let grey = anatomy.millilitres(of: anatomy.grey)
    return PhantomPatient(
      flair: Volume(shape: grid.shape, affine: grid.affine, voxels: storedFlair),
      mprage: Volume(shape: grid.shape, affine: grid.affine, voxels: storedMprage),
      truth: Volume(shape: grid.shape, affine: grid.affine, voxels: truth),
      lesions: findings.filter { $0.kind == .lesion }, mimics: findings.filter { $0.kind != .lesion },
      tissue: PhantomPatient.TissueVolumes(
        whiteMillilitres: white, greyMillilitres: grey, fluidMillilitres: anatomy.millilitres(of: inside) - white - grey
      ))
  }

  /// Shading, magnitude of complex noise (Rician), gain, and rounding to a whole number that is never 0.
  private func stored(_ value: Float, _ channel: Scanner.Channel, at p: Point, key: UInt64, voxel: Int) -> Float {
    let signal = value * exponential(channel.shading * channel.shadingField(p))
    let word = key &+ UInt64(voxel) &* 2
    let (re, im) = RandomStream.normalPair(SplitMix64.scrambled(word), SplitMix64.scrambled(word &+ 1))
    let magnitude = hypotenuse(signal + channel.noise * Float(re), channel.noise * Float(im))
    return max(1, (magnitude * channel.gain).rounded())
  }

  private func finding(_ entry: FindingCanvas.Entry) -> PhantomFinding {
    let centre = WorldPoint(x: Double(entry.centre.x), y: Double(entry.centre.y), z: Double(entry.centre.z))
    return PhantomFinding(
      kind: entry.kind, place: entry.place, volumeMillimetres3: entry.volumeMillimetres3,
      flairContrast: entry.flairContrast, mprageContrast: entry.mprageContrast, faint: entry.faint,
      centreVoxel: grid.nearestVoxel(to: centre), centreMillimetres: centre)
  }
}

extension PhantomGrid {
  /// The voxel of the grid whose centre is nearest to a position.
  func nearestVoxel(to point: WorldPoint) -> VoxelIndex {
    let v = affine.voxelCoordinate(of: point)
    func index(_ x: Double, _ count: Int) -> Int { min(max(Int(saturating: x.rounded()), 0), count - 1) }
    return VoxelIndex(index(v.i, shape.ni), index(v.j, shape.nj), index(v.k, shape.nk))
  }
}
