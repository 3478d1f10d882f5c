import Results
import Testing

@testable import Reports

/// The section on the self-test: what it says, and that it says nothing where nothing was done.
@Suite struct PagesSelfTestTests {
  @Test func theSectionCountsAndRanks() throws {
    let page = try PagesSamples.page(PagesSamples.results())
    #expect(page.contains("Self-test on this scan"))
    #expect(
      page.contains(
        "Of 3 planted lesions, 1 was found as lesion, 1 as candidate only and 1 not at all. Of 3 planted mimics, 1 was marked as "
          + "lesion (false alarms), 1 as candidate and 1 ignored."))
    #expect(page.contains("In 1 of 1 pair of a planted lesion and a mimic, both marked as lesion, the mimic is"))
    #expect(page.contains("In 0 of 1 pair of a planted lesion and a mimic, both marked as candidate, the lesion is"))
    #expect(page.contains("6 lesions and 6 mimics were wanted: there was no room for more."))
    #expect(page.contains("<td>2 of 4</td>") && page.contains("marked as lesion (false alarm)"))
    #expect(page.contains("12.0 × 1.4"))
  }

  @Test func withoutPairsThereIsNothingToRank() {
    var test = PagesSamples.selfTest
    test.lesionPairs = .init(count: 0, inOrder: 0)
    test.mimics = .init(wanted: 6, planted: 3, asLesion: 0, asCandidate: 1, notMarked: 2)
    func sentences() -> String { Wording.selfTest(test, calibrated: true).joined(separator: " ") }
    #expect(sentences().contains("Nothing to rank among things marked as lesion: no mimic was marked as lesion."))
    #expect(sentences().contains("by the calibration of this report"))
    test.lesions.asLesion = 0
    #expect(sentences().contains("no planted lesion and no mimic was marked as lesion"))
    test.mimics.asLesion = 1
    #expect(sentences().contains("no planted lesion was marked as lesion"))
    test.contrast?.isOfFoundLesions = false
    #expect(sentences().contains("a fixed value"))
  }

  @Test func nothingPlantedIsSaid() throws {
    var results = PagesSamples.results()
    let none = SelfTestFacts.MarkedCounts(wanted: 6, planted: 0, asLesion: 0, asCandidate: 0, notMarked: 0)
    results.selfTest = SelfTestFacts(
      planted: [], lesions: none, mimics: none, lesionPairs: .init(count: 0, inOrder: 0),
      candidatePairs: .init(count: 0, inOrder: 0), findingsOrdered: 0, clearanceMillimetres: 10, contrast: nil,
      limitation: "nothing was planted, because the images show the head")
    let page = try PagesSamples.page(results)
    #expect(page.contains("6 lesions and 6 mimics were wanted: nothing was planted, because the images show the head."))
    #expect(!page.contains("Planted lesions and mimics and how they were marked"))
    #expect(!page.contains("Nothing to rank"))
    results.selfTest = nil
    #expect(try !PagesSamples.page(results).contains("Self-test on this scan"))
    #expect(try PatientResults.decode(results.encoded()).selfTest == nil)
  }
}
