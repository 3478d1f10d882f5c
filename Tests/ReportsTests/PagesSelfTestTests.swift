import Testing

@testable import Reports
@testable import Results

/// The section on the self-test: what it says, and that it says nothing where nothing was done.
@Suite struct PagesSelfTestTests {
  @Test func theSectionCountsAndRanks() throws {
    let page = try PagesSamples.page(PagesSamples.results())
    #expect(page.contains("Self-test on this scan"))
    #expect(
      page.contains(
        "Of 3 inserted lesions, 1 was detected as lesion, 1 as candidate only and 1 missed. Of 3 inserted "
          + "mimics, 1 was detected as " + "lesion (false positives), 1 as candidate and 1 not at all."))
    #expect(page.contains("In 1 of 1 pair of an inserted lesion and a mimic, both detected as lesion, the mimic is"))
    #expect(
      page.contains("In 0 of 1 pair of an inserted lesion and a mimic, both detected as candidate, the lesion is"))
    #expect(
      page.contains(
        "6 lesions and 6 mimics were wanted: white matter that looks even and lies 10 mm or more from findings and "
          + "other inserted things had no room for more."))
    #expect(page.contains("<td>2 of 4</td>") && page.contains("detected as lesion (false positive)"))
    #expect(page.contains("12.0 × 1.4"))
  }

  @Test func withoutPairsThereIsNothingToRank() {
    var test = PagesSamples.selfTest
    test.pairs.lesions = .init(count: 0, inOrder: 0)
    test.mimics = .init(wanted: 6, inserted: 3, asLesion: 0, asCandidate: 1, missed: 2)
    func sentences() -> String { Wording.selfTest(test, calibrated: true).joined(separator: " ") }
    #expect(sentences().contains("Nothing to rank among things detected as lesion: no mimic was detected as lesion."))
    #expect(sentences().contains("by the calibration of this report"))
    test.lesions.asLesion = 0
    #expect(sentences().contains("no inserted lesion and no mimic was detected as lesion"))
    test.mimics.asLesion = 1
    #expect(sentences().contains("no inserted lesion was detected as lesion"))
    test.contrast?.isOfFoundLesions = false
    #expect(sentences().contains("a fixed value"))
  }

  @Test func nothingInsertedIsSaid() throws {
    var results = PagesSamples.results()
    let none = SelfTestRecord.DetectionCounts(wanted: 6, inserted: 0, asLesion: 0, asCandidate: 0, missed: 0)
    results.selfTest = SelfTestRecord(
      inserted: [], lesions: none, mimics: none,
      pairs: .init(lesions: .init(count: 0, inOrder: 0), candidates: .init(count: 0, inOrder: 0)), findingsOrdered: 0,
      clearanceMillimetres: 10, contrast: nil, limitation: .headShown)
    let page = try PagesSamples.page(results)
    #expect(
      page.contains(
        "6 lesions and 6 mimics were wanted: nothing was inserted, because the images show the head; give a brain mask."
      ))
    #expect(!page.contains("Inserted synthetic lesions and mimics and how they were detected"))
    #expect(!page.contains("Nothing to rank"))
    results.selfTest = nil
    #expect(try !PagesSamples.page(results).contains("Self-test on this scan"))
    #expect(try PatientResults.decode(results.encoded()).selfTest == nil)
  }
}
