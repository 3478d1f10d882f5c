import Testing

@testable import Phantoms

struct DeterminismTests {
  @Test func sameSeedAndIndexGiveTheSamePatient() {
    let again = Phantom.patient(seed: 11, index: 0, recipe: Specimens.quick)
    #expect(again.flair == Specimens.quickPatient.flair)
    #expect(again.mprage == Specimens.quickPatient.mprage)
    #expect(again.truth == Specimens.quickPatient.truth)
    #expect(again.lesions == Specimens.quickPatient.lesions)
    #expect(again.mimics == Specimens.quickPatient.mimics)
  }

  @Test(arguments: [(12, 0), (11, 1)]) func otherSeedOrIndexGivesAnotherPatient(seed: UInt64, index: Int) {
    let other = Phantom.patient(seed: seed, index: index, recipe: Specimens.quick)
    let one = Specimens.quickPatient
    let differing = zip(one.flair.voxels, other.flair.voxels).count { $0 != $1 }
    let brain = one.flair.voxels.count { $0 != 0 }
    #expect(differing > brain / 2)
    // Not the same head with other noise: the outlines differ too.
    let outlines = zip(one.flair.voxels, other.flair.voxels).count { ($0 == 0) != ($1 == 0) }
    #expect(outlines > brain / 100)
    #expect(one.lesions != other.lesions)
  }

  /// What is painted and how it is scanned come from streams of their own.
  @Test func optionsLeaveTheRestOfThePatientAlone() {
    var recipe = Specimens.quick
    recipe.noise = 0
    let silent = Phantom.patient(seed: 11, index: 0, recipe: recipe)
    #expect(silent.truth == Specimens.quickPatient.truth)
    #expect(silent.lesions == Specimens.quickPatient.lesions)
    recipe.lesionLoad = 0
    let healthy = Phantom.patient(seed: 11, index: 0, recipe: recipe)
    #expect(healthy.mimics.filter { $0.kind == .choroidPlexus }.count == 2)
    #expect(healthy.tissue == silent.tissue)
  }
}
