import Testing
import Volumes

@testable import Phantoms

struct AnatomyTests {
  /// Ranges around adult volumes (white and grey matter each about 400–700 ml in life) for a head a little smaller than
  /// average; fluid inside a brain mask that hugs the cortex, much more of it in an atrophic brain.
  @Test(arguments: 0..<6) func tissueVolumesArePlausible(index: Int) {
    let tissue = Specimens.cohort[index].patient.tissue
    #expect((360...680).contains(tissue.whiteMillilitres))
    #expect((420...690).contains(tissue.greyMillilitres))
    #expect((90...330).contains(tissue.fluidMillilitres))
    let all = tissue.whiteMillilitres + tissue.greyMillilitres + tissue.fluidMillilitres
    #expect((950...1550).contains(all))
  }

  @Test func headsDiffer() {
    let volumes = Specimens.cohort.map { $0.patient.tissue.whiteMillilitres + $0.patient.tissue.greyMillilitres }
    #expect(volumes.max()! - volumes.min()! > 40)
  }

  /// Medians over almost pure voxels: MPRAGE white > grey > fluid, FLAIR grey > white > fluid.
  @Test(arguments: 0..<6) func contrastsOfTissues(index: Int) {
    let s = Specimens.cohort[index]
    let a = s.anatomy
    func median(_ volume: Volume<Float>, _ passes: (Int) -> Bool) -> Double {
      quantile(a.mask.indices.filter { a.mask[$0] && passes($0) }.map { Double(volume.voxels[$0]) }, 0.5)
    }
    let healthy = { (n: Int) in s.patient.truth.voxels[n] == 0 }
    let white = { (n: Int) in a.white[n] > 0.98 && a.depthBelowCortex[n] > 2 && healthy(n) }
    let grey = { (n: Int) in a.grey[n] > 0.98 && a.depthBelowCortex[n] < -1 && healthy(n) }
    let fluid = { (n: Int) in a.ventricle[n] < -2 && a.white[n] + a.grey[n] == 0 && a.flair[n] < 0.5 }
    let (mw, mg, mf) = (
      median(s.patient.mprage, white), median(s.patient.mprage, grey), median(s.patient.mprage, fluid)
    )
    let (fw, fg, ff) = (median(s.patient.flair, white), median(s.patient.flair, grey), median(s.patient.flair, fluid))
    // Ratios measured on two real scans: grey/white 0.69 and fluid/white 0.07 on MPRAGE; 1.20 and 0.17 on FLAIR. The
    // scanner stretches grey's distance from white by 0.7–1.35 on FLAIR and 0.9–1.1 on MPRAGE; shading adds its share.
    #expect((0.60...0.80).contains(mg / mw))
    #expect(mf / mw < 0.25)
    #expect((1.03...1.40).contains(fg / fw))
    #expect(ff / fw < 0.35)
  }

  /// The cortex is folded: fluid reaches deep below the outline, and white matter runs up into gyri.
  @Test(arguments: 0..<6) func cortexIsFolded(index: Int) {
    let a = Specimens.cohort[index].anatomy
    let shape = a.lattice.shape
    // Steps from the outside of the brain mask, 6-connected, as depth in mm.
    var depth = [Int](repeating: -1, count: a.mask.count)
    var front = a.mask.indices.filter { !a.mask[$0] }
    for n in front { depth[n] = 0 }
    for step in 1...12 {
      var next: [Int] = []
      for n in front {
        let v = shape.voxel(at: n)
        for w in [
          VoxelIndex(v.i - 1, v.j, v.k), VoxelIndex(v.i + 1, v.j, v.k), VoxelIndex(v.i, v.j - 1, v.k),
          VoxelIndex(v.i, v.j + 1, v.k), VoxelIndex(v.i, v.j, v.k - 1), VoxelIndex(v.i, v.j, v.k + 1),
        ] where shape.contains(w) {
          let m = shape.linearIndex(w)
          if depth[m] < 0 {
            depth[m] = step
            next.append(m)
          }
        }
      }
      front = next
    }
    let cerebrum = a.mask.indices.filter { a.mask[$0] && a.ventricle[$0] > 4 && a.template[$0].z > 0 }
    let deepFluid = cerebrum.count { (depth[$0] < 0 || depth[$0] >= 8) && a.white[$0] + a.grey[$0] < 0.5 }
    let shallowWhite = cerebrum.count { (1...7).contains(depth[$0]) && a.white[$0] > 0.5 }
    let shallow = cerebrum.count { (1...7).contains(depth[$0]) }
    #expect(deepFluid > 10_000)  // more than 10 ml of sulci 8 mm below the outline
    #expect(Double(shallowWhite) / Double(shallow) > 0.05)
  }

  /// Each named part of the brain is there and of its tissue, at its place in template space.
  @Test(arguments: [
    (Point(24, 6, -1), true), (Point(-24, 6, -1), true), (Point(10, -14, 7), true), (Point(13, 16, 3), true),
    (Point(0, -5, 24.5), false), (Point(0, -25, -31), false), (Point(28, 10, 32), false),
  ]) func partsOfTheBrain(place: Point, isGrey: Bool) {
    let a = Specimens.cohort[0].anatomy
    let n = a.voxel(atTemplate: place)
    #expect((isGrey ? a.grey : a.white)[n] > 0.9)
  }

  @Test(arguments: 0..<6) func ventriclesHoldFluid(index: Int) {
    let a = Specimens.cohort[index].anatomy
    let millilitres = Double(a.mask.indices.count { a.mask[$0] && a.ventricle[$0] < 0 }) / 1000
    #expect((5...90).contains(millilitres))
    // Both lateral ventricles, the third and the fourth.
    for place in [Point(8, 10, 12), Point(-8, 10, 12), Point(0, 0, 0), Point(0, -39, -30)] {
      #expect(a.ventricle[a.voxel(atTemplate: place)] < 0.5)
    }
  }

  /// The distribution of z-scores resembles that of two real brain-extracted 3 T scans, whose quantiles
  /// (1, 10, 50, 90, 99 %) are FLAIR −3.7/−3.4, −1.1/−1.4, 0.17/0.20, 0.96/0.94, 1.5/1.6 and MPRAGE −2.7/−2.6,
  /// −1.6/−1.6, 0.23/0.26, 1.0/1.0, 1.3/1.3.
  /// Single phantoms vary, with the amount of fluid above all; their average is compared.
  @Test func normalisedIntensitiesResembleRealOnes() {
    func zScores(_ volume: Volume<Float>) -> [Double] {
      let values = volume.voxels.filter { $0 != 0 }.map(Double.init)
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
      return values.map { ($0 - mean) / variance.squareRoot() }.sorted()
    }
    let shares = [0.01, 0.1, 0.5, 0.9, 0.99]
    let channels: [(String, KeyPath<PhantomPatient, Volume<Float>> & Sendable, [Double])] = [
      ("FLAIR", \.flair, [-3.55, -1.25, 0.18, 0.95, 1.55]), ("MPRAGE", \.mprage, [-2.65, -1.6, 0.25, 1.0, 1.3]),
    ]
    for (name, channel, real) in channels {
      let all = Specimens.cohort.map { zScores($0.patient[keyPath: channel]) }
      for (share, value) in zip(shares, real) {
        let mean = all.reduce(0) { $0 + $1[Int(Double($1.count - 1) * share)] } / Double(all.count)
        #expect(abs(mean - value) < 0.35, "\(name), quantile \(share)")
      }
    }
  }

  /// Brain extraction leaves exact zeros outside and none inside, whole numbers, and the same mask on both contrasts.
  @Test func backgroundIsExactlyZero() {
    for s in Specimens.cohort {
      let (flair, mprage) = (s.patient.flair.voxels, s.patient.mprage.voxels)
      #expect(flair.indices.allSatisfy { (flair[$0] == 0) == (mprage[$0] == 0) })
      #expect(flair.indices.allSatisfy { (flair[$0] != 0) == s.anatomy.mask[$0] })
      #expect(flair.allSatisfy { $0 >= 0 && $0 == $0.rounded() && $0 < 32768 })
    }
  }
}
