import Testing
import Volumes

@testable import Phantoms

struct OrientationTests {
  static let grids: [PhantomGrid] = [
    .standard, try! .axes("LPS", spacingMillimetres: (1, 1, 1)), try! .axes("PSR", spacingMillimetres: (1.2, 1.2, 1.2)),
    try! .axes("ILA", spacingMillimetres: (3, 1, 1)), try! .axes("RAS", spacingMillimetres: (1, 1, 3)),
    try! PhantomGrid.standard.oblique(pitchDegrees: 14, yawDegrees: -9),
    try! PhantomGrid.axes("LAS", spacingMillimetres: (1, 1, 3)).oblique(pitchDegrees: -20, yawDegrees: 12),
  ]

  /// Wherever the axes of the file run, the mark is on the patient's left (x < 0), by the affine alone.
  @Test(arguments: grids.indices) func markIsOnThePatientsLeft(number: Int) {
    let grid = Self.grids[number]
    let recipe = PhantomRecipe(grid: grid, noise: 0, mimicRate: 0, marksLeft: true, drawingSpacingMillimetres: 2)
    let patient = Phantom.patient(seed: 2, index: 0, recipe: recipe)
    #expect(patient.flair.affine == grid.affine)
    for volume in [patient.flair, patient.mprage] {
      let top = volume.voxels.max()!
      var (x, y, z, count) = (0.0, 0.0, 0.0, 0.0)
      for n in volume.voxels.indices where volume.voxels[n] > 0.75 * top {
        let p = volume.affine.world(volume.shape.voxel(at: n))
        (x, y, z, count) = (x + p.x, y + p.y, z + p.z, count + 1)
      }
      #expect(abs(x / count + 36) < 1.5)
      #expect(abs(y / count + 10) < 1.5)
      #expect(abs(z / count - 34) < 1.5)
      // A cube of 12 mm, less the edges that the threshold and the point spread take.
      let volumeMillimetres3 = count * volume.affine.voxelVolumeMillimetres3
      #expect((800...2600).contains(volumeMillimetres3))
    }
  }

  /// A flipped and permuted grid holds the very values of the standard one, at the same places in the patient.
  @Test func permutedGridHoldsTheSameValues() {
    let recipe = { (grid: PhantomGrid) in PhantomRecipe(grid: grid, noise: 0, drawingSpacingMillimetres: 2) }
    let straight = Phantom.patient(seed: 4, index: 1, recipe: recipe(try! .axes("RAS", spacingMillimetres: (2, 2, 2))))
    let turned = Phantom.patient(seed: 4, index: 1, recipe: recipe(try! .axes("PIL", spacingMillimetres: (2, 2, 2))))
    let (s, t) = (straight.flair.shape, turned.flair.shape)
    #expect((t.ni, t.nj, t.nk) == (s.nj, s.nk, s.ni))
    var differing = 0
    for n in straight.flair.voxels.indices {
      let v = s.voxel(at: n)
      let w = VoxelIndex(s.nj - 1 - v.j, s.nk - 1 - v.k, s.ni - 1 - v.i)
      if straight.flair.voxels[n] != turned.flair[w] || straight.truth.voxels[n] != turned.truth[w] { differing += 1 }
    }
    // Shading is read at positions that may differ in the last bit: a few values round the other way.
    #expect(differing < s.voxelCount / 10_000)
    let places = { (p: PhantomPatient) in p.lesions.map(\.centreMillimetres) }
    #expect(places(straight) == places(turned))
  }

  /// An oblique or coarser grid keeps the volume of truth within what half-covered voxels can change.
  @Test func truthKeepsItsVolume() throws {
    func millilitres(_ grid: PhantomGrid) -> Double {
      let truth = Phantom.patient(seed: 1001, index: 27, recipe: PhantomRecipe(grid: grid, noise: 0)).truth
      return Double(truth.voxels.count { $0 == 1 }) * truth.affine.voxelVolumeMillimetres3 / 1000
    }
    let plain = millilitres(.standard)
    #expect(plain > 3)
    let turned = try PhantomGrid.standard.oblique(pitchDegrees: 11, yawDegrees: 7)
    #expect(abs(millilitres(turned) / plain - 1) < 0.15)
    #expect(abs(millilitres(try! .axes("RAS", spacingMillimetres: (1, 1, 3))) / plain - 1) < 0.35)
  }

  @Test(arguments: ["RAR", "RA", "XYZ", "RASS", "RLA", "ras"]) func wrongAxesAreRefused(codes: String) {
    #expect(throws: PhantomError.axes(codes)) { try PhantomGrid.axes(codes) }
  }

  @Test func wrongSpacingIsRefused() {
    #expect(throws: PhantomError.self) { try PhantomGrid.axes("RAS", spacingMillimetres: (1, .nan, 1)) }
    #expect(throws: PhantomError.spacing([1, 1, 0])) { try PhantomGrid.axes("RAS", spacingMillimetres: (1, 1, 0)) }
  }
}

@Test func whatIsNoAngleIsRefused() {
  for degrees in [Double.nan, .infinity, -.infinity, 90.5, -1e300] {
    #expect(throws: PhantomError.self) { try PhantomGrid.standard.oblique(pitchDegrees: degrees, yawDegrees: 0) }
    #expect(throws: PhantomError.self) { try PhantomGrid.standard.oblique(pitchDegrees: 0, yawDegrees: degrees) }
  }
}
