import Testing
import Volumes

@testable import Lesions

struct ReferenceComparisonTests {
  /// Components of rows given as (row, first i, length).
  private func components(_ rows: [(Int, Int, Int)], minimum: Int = 6) throws -> Components {
    let shape = GridShape(20, 20, 1)
    var volume = Volume<UInt8>(shape: shape, affine: .scaling(1, 1, 1), repeating: 0)
    for (j, i, length) in rows { for x in i..<i + length { volume[VoxelIndex(x, j, 0)] = 1 } }
    return Components(of: volume, rule: try ComponentRule(minimumVoxels: minimum))
  }

  @Test func oneSharedVoxelIsEnough() throws {
    let prediction = try components([(0, 0, 6), (4, 0, 7)])
    let reference = try components([(0, 5, 8), (8, 0, 6)])
    let comparison = try ReferenceComparison(prediction: prediction, reference: reference)
    #expect(comparison.predicted.map(\.outcome) == [.falsePositive, .truePositive])
    #expect(comparison.predicted[1].referenceNumbers == [1] && comparison.predicted[1].sharedVoxels == 1)
    #expect(comparison.reference.map(\.isMissed) == [false, true])
    #expect(comparison.reference[0].predictedNumbers == [2])
  }

  @Test func twoPredictionsInOneReferenceLesionAreTwoTruePositives() throws {
    let comparison = try ReferenceComparison(
      prediction: try components([(0, 0, 6), (0, 10, 6)]), reference: try components([(0, 0, 20)]))
    let metrics = DetectionMetrics(comparison)
    #expect(metrics == DetectionMetrics(truePositives: 2, falsePositives: 0, falseNegatives: 0))
    #expect(comparison.reference[0].predictedNumbers == [1, 2] && comparison.reference[0].sharedVoxels == 12)
  }

  @Test func smallComponentsOfEitherSideDoNotCount() throws {
    // A dropped reference component cannot make a true positive, nor a dropped prediction save a reference lesion.
    let comparison = try ReferenceComparison(
      prediction: try components([(0, 0, 6), (4, 0, 5)]), reference: try components([(0, 0, 5), (4, 0, 6)]))
    let metrics = DetectionMetrics(comparison)
    #expect(metrics == DetectionMetrics(truePositives: 0, falsePositives: 1, falseNegatives: 1))
  }

  @Test func ratesByHandAndUndefinedOnes() {
    let metrics = DetectionMetrics(truePositives: 6, falsePositives: 2, falseNegatives: 4)
    #expect(metrics.truePositiveRate == 0.6 && metrics.falseNegativeRate == 0.4)
    #expect(metrics.falseDiscoveryRate == 0.25 && metrics.positivePredictiveValue == 0.75)
    #expect(metrics.f1 == 12.0 / 18)
    let none = DetectionMetrics(truePositives: 0, falsePositives: 0, falseNegatives: 0)
    #expect(none.truePositiveRate == nil && none.falseNegativeRate == nil && none.falseDiscoveryRate == nil)
    #expect(none.positivePredictiveValue == nil && none.f1 == nil)
    let onlyMisses = DetectionMetrics(truePositives: 0, falsePositives: 0, falseNegatives: 3)
    #expect(onlyMisses.truePositiveRate == 0 && onlyMisses.falseDiscoveryRate == nil && onlyMisses.f1 == 0)
    #expect(metrics + onlyMisses == DetectionMetrics(truePositives: 6, falsePositives: 2, falseNegatives: 7))
  }

  @Test func overlapByHand() throws {
    // 400 voxels; prediction 10, reference 8, 6 shared.
    let overlap = try VoxelOverlap(prediction: try components([(0, 0, 10)]), reference: try components([(0, 4, 8)]))
    #expect(overlap.truePositiveVoxels == 6 && overlap.falsePositiveVoxels == 4 && overlap.falseNegativeVoxels == 2)
    #expect(overlap.dice == 12.0 / 18)
    let kappa = 0.999 * 8 / (0.001 * 392)
    #expect(abs(overlap.normalisedDice! - 12 / (kappa * 4 + 12 + 2)) < 1e-15)
  }

  @Test func overlapAtTheEdges() throws {
    let shape = GridShape(4, 2, 1)
    let empty = Volume<UInt8>(shape: shape, affine: .scaling(1, 1, 1), repeating: 0)
    let full = Volume<UInt8>(shape: shape, affine: .scaling(1, 1, 1), repeating: 1)
    let nothing = try VoxelOverlap(prediction: empty, reference: empty)
    #expect(nothing.dice == nil && nothing.normalisedDice == nil)
    let invented = try VoxelOverlap(prediction: full, reference: empty)
    #expect(invented.dice == 0 && invented.normalisedDice == nil)
    let missed = try VoxelOverlap(prediction: empty, reference: full)
    #expect(missed.dice == 0 && missed.normalisedDice == 0)
    let everything = try VoxelOverlap(prediction: full, reference: full)
    #expect(everything.dice == 1 && everything.normalisedDice == 1)
  }

  @Test func gridsMustAgree() throws {
    let other = Components(of: Volume<UInt8>(shape: GridShape(2, 2, 2), affine: .scaling(1, 1, 1), repeating: 1))
    #expect(throws: LesionsError.self) { try ReferenceComparison(prediction: try components([]), reference: other) }
    #expect(throws: LesionsError.self) { try VoxelOverlap(prediction: try components([]), reference: other) }
  }
}
