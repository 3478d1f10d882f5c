import Lesions
import Results
import Testing
import Volumes

@testable import Analysis

/// What a network's mask is told about.
@Suite struct MaskPlausibilityTests {
  /// 40³ voxels; the brain is the lower half.
  private static let shape = GridShape(40, 40, 40)
  private static let brain = Volume<UInt8>(
    shape: shape, affine: .scaling(1, 1, 1), voxels: (0..<64000).map { $0 < 32000 ? 1 : 0 })

  /// Lesions of so many voxels each, one after another from a voxel on; their shape does not matter here.
  private func warnings(
    _ sizes: [Int], from start: Int = 0, millilitres: Double = 0.001, brain: Volume<UInt8>? = brain,
    calibrated: Int? = nil
  ) -> [Warning] {
    var next = start
    let kept = sizes.map { size in
      defer { next += size }
      return Array(next..<next + size)
    }
    return MaskPlausibility(
      Components(shape: Self.shape, rule: .published, kept: kept, dropped: [[63_999]]), voxelMillilitres: millilitres,
      brain: brain, calibrated: calibrated
    ).warnings
  }

  @Test func whatIsPlausibleIsNotSpokenOf() {
    #expect(warnings([100]) == [])
    #expect(warnings([1600, 1600]) == [])
    #expect(warnings(Array(repeating: 6, count: 150)) == [])
    #expect(warnings(Array(repeating: 6, count: 156), calibrated: 52) == [])
  }

  @Test func tooMuchOfTheBrain() {
    #expect(
      warnings([1600, 1601]) == [
        Warning(.maskVolumeImplausible, ["millilitres": .number(3.201), "fraction": .number(3201.0 / 32000)])
      ])
    // The volume alone, where the images show the head.
    #expect(warnings([600, 400], millilitres: 0.5, brain: nil) == [])
    #expect(
      warnings([601, 400], millilitres: 0.5, brain: nil) == [
        Warning(.maskVolumeImplausible, ["millilitres": .number(500.5)])
      ])
    #expect(warnings([20_000], brain: nil).map(\.code) == [.oneLargeLesion])
  }

  @Test func outsideTheBrain() {
    #expect(
      warnings([60, 40], from: 31_950) == [
        Warning(.lesionsOutsideBrain, ["voxels": .number(50), "millilitres": .number(0.05)])
      ])
    #expect(warnings([60, 40], from: 31_900) == [])
    #expect(warnings([60, 40], from: 31_950, brain: nil) == [])
  }

  @Test func oneLesionThatIsNearlyAll() {
    #expect(
      warnings([901, 99], millilitres: 0.005) == [
        Warning(.oneLargeLesion, ["fraction": .number(0.901), "millilitres": .number(5)])
      ])
    #expect(warnings([900, 100], millilitres: 0.005) == [])
    #expect(warnings([901, 98], millilitres: 0.005) == [])
  }

  @Test func howMany() {
    #expect(
      warnings(Array(repeating: 6, count: 151)) == [
        Warning(.manyLesions, ["lesions": .number(151), "limit": .number(150)])
      ])
    #expect(
      warnings(Array(repeating: 6, count: 157), calibrated: 52) == [
        Warning(.manyLesions, ["lesions": .number(157), "limit": .number(156), "calibrated": .number(52)])
      ])
    #expect(warnings([]) == [Warning(.noLesions)])
  }
}
