import Lesions
import Results
import Testing
import Volumes

@testable import Analysis

/// What is counted and ranked, on cases made by hand.
@Suite struct InsertionOutcomeTests {
  private func id(_ kind: FindingKind, _ number: Int) -> FindingID { FindingID(kind: kind, number: number) }

  private func outcome(lesions: [FindingID?], mimics: [FindingID?], order: [FindingID]) -> InsertionOutcome {
    InsertionOutcome(
      things: lesions.map { .init(isMimic: false, mark: $0) } + mimics.map { .init(isMimic: true, mark: $0) },
      positions: Dictionary(uniqueKeysWithValues: order.enumerated().map { ($1, $0 + 1) }))
  }

  @Test func allFoundAndEveryMimicReviewedFirst() {
    let (l1, l2, m1, m2) = (id(.lesion, 1), id(.lesion, 2), id(.lesion, 3), id(.lesion, 4))
    let found = outcome(lesions: [l1, l2], mimics: [m1, m2], order: [m1, m2, l1, l2])
    #expect(
      found.counts(mimics: false, wanted: 6) == .init(wanted: 6, inserted: 2, asLesion: 2, asCandidate: 0, missed: 0))
    #expect(
      found.counts(mimics: true, wanted: 6) == .init(wanted: 6, inserted: 2, asLesion: 2, asCandidate: 0, missed: 0))
    #expect(found.pairs(.lesion) == .init(count: 4, inOrder: 4))
    #expect(found.pairs(.candidate) == .init(count: 0, inOrder: 0))
    // m1 before both lesions, m2 before none: 2 of 4.
    let mixed = outcome(lesions: [l1, l2], mimics: [m1, m2], order: [m1, l1, l2, m2])
    #expect(mixed.pairs(.lesion) == .init(count: 4, inOrder: 2))
  }

  @Test func candidatesAreInOrderWhenTheMissedLesionComesFirst() {
    let (lesion, c1, c2) = (id(.lesion, 1), id(.candidate, 1), id(.candidate, 2))
    let missed = outcome(lesions: [lesion, c2], mimics: [c1, nil], order: [c1, lesion, c2])
    #expect(missed.counts(mimics: false, wanted: 2).asCandidate == 1)
    #expect(missed.counts(mimics: true, wanted: 2).missed == 1)
    #expect(missed.pairs(.candidate) == .init(count: 1, inOrder: 0))
    #expect(missed.pairs(.lesion).count == 0)
  }

  @Test func nothingFoundIsCountedAsThat() {
    let none = outcome(lesions: [nil, nil, nil], mimics: [nil], order: [])
    #expect(
      none.counts(mimics: false, wanted: 3) == .init(wanted: 3, inserted: 3, asLesion: 0, asCandidate: 0, missed: 3))
    #expect(none.pairs(.lesion) == .init(count: 0, inOrder: 0) && none.pairs(.candidate).count == 0)
  }

  @Test func oneFindingOverLesionAndMimicMakesNoPair() {
    let both = id(.lesion, 1)
    #expect(outcome(lesions: [both], mimics: [both], order: [both]).pairs(.lesion).count == 0)
  }

  @Test func aLesionMarksBeforeACandidateThenTheLargestOverlap() {
    func finding(_ kind: FindingKind, _ number: Int, _ voxels: [Int]) -> Finding {
      Finding(
        id: id(kind, number), voxels: voxels,
        measurements: Measurements(
          voxels: voxels, shape: GridShape(10, 1, 1), affine: .scaling(1, 1, 1), probability: nil))
    }
    let findings = [finding(.lesion, 1, [0, 1]), finding(.lesion, 2, [3, 4]), finding(.candidate, 1, [5, 6, 7])]
    #expect(InsertionOutcome.mark(of: [1, 3, 4, 5, 6, 7], among: findings) == id(.lesion, 2))
    #expect(InsertionOutcome.mark(of: [1, 4], among: findings) == id(.lesion, 1))
    #expect(InsertionOutcome.mark(of: [6], among: findings) == id(.candidate, 1))
    #expect(InsertionOutcome.mark(of: [8, 9], among: findings) == nil)
  }
}
