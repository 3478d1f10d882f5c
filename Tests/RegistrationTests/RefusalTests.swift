import Statistics
import Testing
import Volumes

@testable import Registration

@Suite struct RefusalTests {
  static let pair = try! PhantomPair(
    PhantomPair.Recipe(name: "", flairSpacing: (2, 2, 4), mprageSpacing: (2, 2, 2), index: 10))

  /// Noise where a head was: both directions find something, each something else.
  @Test func noiseIsRefusedWithItsFigures() throws {
    var random = SplitMix64(seed: 3)
    let noise = Self.pair.mprage.map { _ in Float(random.next(below: 1000)) }
    let (result, failures) = try #require(Self.refusal(RigidRegistration(), Self.pair.flair, noise))
    #expect(failures.contains(.informationTooLow(result.report.normalisedMutualInformationAfter, limit: 1.02)))
    #expect(result.report.normalisedMutualInformationAfter < 1.02)
    let line = RegistrationError.refused(result, failures).description
    #expect(line.contains("failed its check") && line.contains("normalised mutual information is 1.0"))
  }

  /// Each limit refuses by itself, with the figure and the limit.
  @Test func everyLimitRefuses() throws {
    let report = try RigidRegistration().register(fixed: Self.pair.flair, moving: Self.pair.mprage).report
    var limits = RigidRegistration.Limits()
    limits.forwardBackwardMillimetres = 0
    expect(limits, .forwardBackward(meanMillimetres: report.forwardBackward.meanMillimetres, limit: 0))
    limits = RigidRegistration.Limits()
    limits.leastInformation = 2
    expect(limits, .informationTooLow(report.normalisedMutualInformationAfter, limit: 2))
    limits = RigidRegistration.Limits()
    limits.leastOverlap = 1.5
    expect(limits, .overlapTooSmall(report.overlap, limit: 1.5))
  }

  private func expect(_ limits: RigidRegistration.Limits, _ failure: RegistrationError.Failure) {
    let refusal = Self.refusal(RigidRegistration(limits: limits), Self.pair.flair, Self.pair.mprage)
    #expect(refusal?.failures == [failure])
    // The transform is there to be looked at.
    #expect(refusal.map { Self.pair.error(of: $0.result.fixedToMoving) < 1 } == true)
  }

  /// What a registration was refused with; nil where it was not.
  static func refusal(_ registration: RigidRegistration, _ fixed: Volume<Float>, _ moving: Volume<Float>) -> (
    result: RegistrationResult, failures: [RegistrationError.Failure]
  )? {
    let error = #expect(throws: RegistrationError.self) { try registration.register(fixed: fixed, moving: moving) }
    if case .refused(let result, let failures)? = error { return (result, failures) }
    return nil
  }

  /// Intensities at the ends of what a Float holds are no trap.
  @Test func hugeIntensitiesAreRegistered() throws {
    let scale = Float.greatestFiniteMagnitude / 4096
    let huge = Self.pair.mprage.map { ($0 - 300) * scale }
    let flair = Self.pair.flair.map { $0 * 0x1p-140 }
    let result = try RigidRegistration().register(fixed: flair, moving: huge)
    let error = Self.pair.error(of: result.fixedToMoving)
    #expect(error < 0.5)
  }

  @Test func informationMayNotFall() {
    let text = RegistrationError.Failure.informationFell(before: 1.08, after: 1.0712).description
    #expect(text == "normalised mutual information fell from 1.0800 to 1.0712")
  }

  @Test func imagesThatCannotBeRegisteredAreNamed() {
    let (flair, mprage) = (Self.pair.flair, Self.pair.mprage)
    let slice = Volume(shape: GridShape(64, 64, 1), affine: .scaling(3, 3, 5), repeating: Float(1))
    let toy = Volume(shape: GridShape(16, 16, 16), affine: .scaling(1, 1, 1), repeating: Float(1))
    var hole = flair
    hole.voxels[17] = .nan
    hole.voxels[18] = .infinity
    var speck = mprage.map { _ in Float(5) }
    speck.voxels[100] = 6
    for (fixed, moving, error) in [
      (
        slice, mprage,
        RegistrationError.notThreeDimensional(.fixed, shape: slice.shape, extentMillimetres: [192, 192, 5])
      ), (flair, slice, .notThreeDimensional(.moving, shape: slice.shape, extentMillimetres: [192, 192, 5])),
      (flair, toy, .notThreeDimensional(.moving, shape: toy.shape, extentMillimetres: [16, 16, 16])),
      (hole, mprage, .nonFiniteVoxels(.fixed, count: 2, voxelCount: flair.shape.voxelCount)),
      (flair, speck, .noContrast(.moving, value: 5)), (speck, speck, .noContrast(.fixed, value: 5)),
    ] {
      #expect(throws: error) { try RigidRegistration().register(fixed: fixed, moving: moving) }
      #expect(!error.description.contains("\n"))
    }
  }

  @Test func masksThatCannotBeUsedAreNamed() {
    let (flair, mprage) = (Self.pair.flair, Self.pair.mprage)
    let empty = Volume(shape: flair.shape, affine: flair.affine, repeating: UInt8(0))
    let other = BrainMask.ofMoving(flair.map { $0 != 0 ? 1 : 0 })
    #expect(throws: RegistrationError.maskTooSmall(millilitres: 0)) {
      try RigidRegistration().register(fixed: flair, moving: mprage, mask: .ofFixed(empty))
    }
    #expect(throws: RegistrationError.maskOnAnotherGrid(.moving, GridComparison(flair, mprage))) {
      try RigidRegistration().register(fixed: flair, moving: mprage, mask: other)
    }
  }
}
