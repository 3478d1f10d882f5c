import Testing
import Volumes

@testable import Registration

/// Known transforms come back: within 0.2 mm over the brain, forward and backward within 0.2 mm of each other.
@Suite struct PhantomRegistrationTests {
  static let recipes = [
    PhantomPair.Recipe(name: "3D FLAIR, 3D MPRAGE"),
    PhantomPair.Recipe(name: "slices of 3 mm", flairSpacing: (0.8, 0.8, 3), index: 1),
    PhantomPair.Recipe(name: "slices of 5 mm", flairSpacing: (0.8, 0.8, 5), index: 2),
    PhantomPair.Recipe(
      name: "slices of 5 mm, two missing", flairSpacing: (0.8, 0.8, 5), missing: [0.35, 0.6], index: 3),
    PhantomPair.Recipe(
      name: "slices of 4 mm, T1 with slices of 3 mm", flairSpacing: (0.8, 0.8, 4), mprageSpacing: (0.9, 0.9, 3),
      index: 4),
    PhantomPair.Recipe(
      name: "sagittal MPRAGE, three times the noise", flairSpacing: (1, 1, 3), mprageAxes: "ASR", noise: 3, index: 5),
    PhantomPair.Recipe(
      name: "off by 20° and 30 mm", flairSpacing: (1, 1, 3), rotationDegrees: SIMD3(12, -11, 11.6),
      shiftMillimetres: SIMD3(16, -19, 17), index: 6),
    PhantomPair.Recipe(
      name: "off by -20° and -30 mm", rotationDegrees: SIMD3(-20, 0, 0), shiftMillimetres: SIMD3(0, 0, -30), index: 7),
    PhantomPair.Recipe(name: "already registered", rotationDegrees: .zero, shiftMillimetres: .zero, index: 8),
    PhantomPair.Recipe(name: "with scalp and noise in the air", flairSpacing: (1, 1, 3), index: 9, addsHead: true),
  ]

  @Test(arguments: recipes) func theKnownTransformComesBack(_ recipe: PhantomPair.Recipe) throws {
    let pair = try PhantomPair(recipe)
    let result = try RigidRegistration().register(fixed: pair.flair, moving: pair.mprage)
    let report = result.report
    let error = pair.error(of: result.fixedToMoving)
    print("\(recipe.name): \(error) mm, forward and backward \(report.forwardBackward.meanMillimetres) mm")
    #expect(error <= 0.2)
    #expect(report.forwardBackward.meanMillimetres <= 0.2)
    #expect(report.forwardBackward.maximumMillimetres >= report.forwardBackward.meanMillimetres)
    #expect(report.normalisedMutualInformationAfter >= report.normalisedMutualInformationBefore)
    #expect(report.region == (recipe.addsHead ? .innerHead : .brainMask))
    #expect(report.missingSlicesOfFixed == recipe.missing.count && report.missingSlicesOfMoving == 0)
    #expect(report.overlap > 0.9)
    #expect(Set(report.stages.map(\.level)) == [1, 2, 3] && report.stages.count == 8)
  }

  /// A mask on the grid of either image, and threads, which change nothing at all.
  @Test func masksOfEitherImageAndThreads() throws {
    let pair = try PhantomPair(PhantomPair.Recipe(name: "", flairSpacing: (1, 1, 3), index: 9, addsHead: true))
    let clean = try PhantomPair(PhantomPair.Recipe(name: "", flairSpacing: (1, 1, 3), index: 9))
    let ofFixed = BrainMask.ofFixed(clean.flair.map { $0 != 0 ? 1 : 0 })
    let ofMoving = BrainMask.ofMoving(clean.mprage.map { $0 != 0 ? 1 : 0 })
    for mask in [ofFixed, ofMoving] {
      let one = try RigidRegistration(threads: 1).register(fixed: pair.flair, moving: pair.mprage, mask: mask)
      let two = try RigidRegistration(threads: 2).register(fixed: pair.flair, moving: pair.mprage, mask: mask)
      #expect(one == two)
      #expect(one.report.region == .brainMask)
      #expect(pair.error(of: two.fixedToMoving) <= 0.2)
      #expect(two.report.forwardBackward.meanMillimetres <= 0.2)
    }
  }

  /// Gain, offset and the sign of a contrast say nothing about where a head lies.
  @Test func theScaleOfIntensitiesDoesNotMatter() throws {
    let pair = try PhantomPair(PhantomPair.Recipe(name: "", flairSpacing: (1, 1, 3), index: 1))
    let usual = try RigidRegistration().register(fixed: pair.flair, moving: pair.mprage)
    let scaled = try RigidRegistration().register(
      fixed: pair.flair.map { $0 * 0.25 }, moving: pair.mprage.map { $0 * 16 })
    #expect(scaled == usual)
  }

  /// The figures before are those of the images as they came.
  @Test func whatIsRegisteredStaysWhereItIs() throws {
    let pair = try PhantomPair(PhantomPair.Recipe(name: "", rotationDegrees: .zero, shiftMillimetres: .zero, index: 8))
    let report = try RigidRegistration().register(fixed: pair.flair, moving: pair.mprage).report
    #expect(report.movement.maximumMillimetres < 0.4)
    #expect(report.rotationDegrees < 0.2)
    #expect(report.normalisedMutualInformationAfter - report.normalisedMutualInformationBefore < 0.005)
  }

  /// Resampled once onto the FLAIR grid, MPRAGE is that of a patient who was scanned there.
  @Test func theResampledImageLiesOnTheOther() throws {
    let recipe = PhantomPair.Recipe(name: "", noise: 0, shading: 0, index: 2)
    let pair = try PhantomPair(recipe)
    let unmoved = try PhantomPair(
      PhantomPair.Recipe(name: "", noise: 0, shading: 0, rotationDegrees: .zero, shiftMillimetres: .zero, index: 2))
    let result = try RigidRegistration().register(fixed: pair.flair, moving: pair.mprage)
    let resampled = result.resampled(pair.mprage, onto: pair.flair.shape, pair.flair.affine)
    let expected = Resampling.cubic(unmoved.mprage, onto: pair.flair.shape, pair.flair.affine)
    #expect(resampled.affine == pair.flair.affine)
    let brain = pair.flair.voxels.indices.filter { pair.flair.voxels[$0] != 0 }
    let differences = brain.map { abs(resampled.voxels[$0] - expected.voxels[$0]) }.sorted()
    let mean = brain.reduce(0) { $0 + Double(expected.voxels[$1]) } / Double(brain.count)
    #expect(Double(differences[differences.count / 2]) < 0.02 * mean)
  }
}
