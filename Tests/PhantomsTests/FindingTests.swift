import Testing
import Volumes

@testable import Phantoms

struct FindingTests {
  @Test func truthLiesInTheBrainAndIsWhatWasPainted() {
    for s in Specimens.cohort {
      let truth = s.patient.truth.voxels
      #expect(truth.indices.allSatisfy { truth[$0] == 0 || s.patient.flair.voxels[$0] != 0 })
      let painted = Set(s.canvas.findings.filter { $0.kind == .lesion }.flatMap(\.voxels))
      #expect(painted == Set(truth.indices.filter { truth[$0] == 1 }))
      #expect(truth.allSatisfy { $0 <= 1 })
    }
  }

  @Test func lesionsHaveClinicalSizesAndNumbers() {
    let counts = Specimens.cohort.map(\.patient.lesions.count)
    #expect(counts.allSatisfy { (1...60).contains($0) })
    #expect(Set(counts).count > 2)
    let volumes = Specimens.cohort.flatMap { $0.patient.lesions.map(\.volumeMillimetres3) }
    #expect(volumes.count > 40)
    // 27 real patients: quartiles 13, 27 and 62 mm³, and a long tail.
    #expect((12...80).contains(quantile(volumes, 0.5)))
    #expect(quantile(volumes, 0.1) < 15)
    #expect(quantile(volumes, 0.95) > 150)
    #expect(volumes.allSatisfy { $0 >= 3 && $0 < 20_000 })
  }

  @Test func lesionsAreFoundInEveryRegionAndSomeAreFaint() {
    let lesions = Specimens.cohort.flatMap(\.patient.lesions)
    for place: PhantomFinding.Place in [.periventricular, .juxtacortical, .deepWhiteMatter, .infratentorial] {
      #expect(lesions.contains { $0.place == place }, "\(place)")
    }
    let faint = Double(lesions.count { $0.faint }) / Double(lesions.count)
    #expect((0.05...0.4).contains(faint))
  }

  /// Every lesion that is neither faint nor tiny is brighter on FLAIR and darker on MPRAGE than white matter near it.
  @Test func lesionsAreBrightOnFLAIRAndDarkOnMPRAGE() {
    var judged = 0
    for s in Specimens.cohort {
      let lattice = s.anatomy.lattice
      for lesion in s.canvas.findings where lesion.kind == .lesion && !lesion.faint && lesion.voxels.count >= 30 {
        let inside = Set(lesion.voxels)
        let near = lattice.box(around: lesion.centre, radius: 20)!
        let around = near.rows(in: lattice.shape).joined().filter {
          s.anatomy.white[$0] > 0.97 && s.canvas.lesionShare[$0] == 0
        }
        // Grey matter that a lesion reaches is darker than white on MPRAGE by itself: judge its white part.
        let own = inside.filter { s.anatomy.white[$0] > 0.9 }
        guard own.count >= 15, around.count >= 200 else { continue }
        func mean(_ v: Volume<Float>, _ voxels: some Collection<Int>) -> Float {
          voxels.reduce(0) { $0 + v.voxels[$1] } / Float(voxels.count)
        }
        judged += 1
        #expect(mean(s.patient.flair, own) > 1.08 * mean(s.patient.flair, around))
        #expect(mean(s.patient.mprage, own) < 0.99 * mean(s.patient.mprage, around))
      }
    }
    #expect(judged >= 15)
  }

  /// Periventricular lesions stand on the ventricle's wall.
  @Test func periventricularLesionsAreNearTheVentricles() {
    for s in Specimens.cohort {
      for lesion in s.canvas.findings where lesion.kind == .lesion && lesion.place == .periventricular {
        let nearest = lesion.voxels.map { s.anatomy.ventricle[$0] }.min()!
        #expect(nearest < 4.5)
      }
    }
  }

  @Test func mimicsAreNotInTheTruth() {
    for s in Specimens.cohort {
      for mimic in s.canvas.visibleFindings where mimic.kind != .lesion {
        let inTruth = mimic.voxels.count { s.patient.truth.voxels[$0] == 1 }
        #expect(2 * inTruth < mimic.voxels.count, "\(mimic.kind)")
      }
    }
    #expect(
      Set(Specimens.cohort.flatMap { $0.patient.mimics.map(\.kind) }) == Set(PhantomFinding.Kind.allCases.dropFirst()))
  }

  /// Some mimics look so much like lesions that contrast alone cannot tell: bright, small, in white matter.
  @Test func hardMimicsOverlapTheLesionsRange() {
    let lesions = Specimens.cohort.flatMap(\.patient.lesions).map(\.flairContrast)
    let hard = Specimens.cohort.flatMap(\.patient.mimics).filter { $0.kind == .nonspecificSpot }.map(\.flairContrast)
    #expect(hard.count >= 6)
    #expect(quantile(hard, 0.5) > quantile(lesions, 0.1))
    #expect(hard.max()! > quantile(lesions, 0.4))
  }

  @Test func patientWithoutLesionsAndMimics() {
    var recipe = Specimens.quick
    recipe.lesionLoad = 0
    recipe.mimicRate = 0
    let patient = Phantom.patient(seed: 11, index: 0, recipe: recipe)
    #expect(patient.lesions.isEmpty)
    #expect(patient.truth.voxels.allSatisfy { $0 == 0 })
    #expect(patient.mimics.allSatisfy { $0.kind == .choroidPlexus })
    #expect(patient.mimics.count == 2)
  }

  @Test func centresPointAtTheLesions() {
    for s in Specimens.cohort {
      for lesion in s.patient.lesions {
        let back = s.patient.truth.affine.world(lesion.centreVoxel)
        let m = lesion.centreMillimetres
        #expect(max(abs(back.x - m.x), abs(back.y - m.y), abs(back.z - m.z)) <= 0.5001)
      }
    }
  }
}
