import Testing

@testable import Reports

@Suite struct PagesCohortTests {
  private let strong = PagesSamples.results(label: "sub-strong", session: nil, lesions: 2, candidates: 1)
  private let weak = PagesSamples.results(label: "sub-weak", session: nil, lesions: 9, candidates: 1)
  private let empty = PagesSamples.results(label: "sub-none", session: nil, lesions: 0, candidates: 0, truth: false)

  private var entries: [CohortEntry] {
    [
      PagesSamples.entry("sub-strong", results: strong), PagesSamples.entry("sub-weak", results: weak),
      PagesSamples.entry("sub-none", .skipped, results: empty, reason: "already done with these inputs"),
      PagesSamples.entry("sub-skip", .skipped, reason: "no FLAIR image"),
      PagesSamples.entry("sub-stop", .interrupted, reason: "stopped by the user"),
      PagesSamples.entry("sub-bad", .failed, reason: "truncated gzip"),
    ]
  }

  @Test func whatWentWrongComesFirst() {
    // Weakest lesions: 24.5/9 = 2.7 in sub-weak, 24.5/2 = 12.3 in sub-strong.
    #expect(
      CohortEntry.inReviewOrder(entries).map(\.name)
        == ["sub-bad", "sub-stop", "sub-skip", "sub-none", "sub-weak", "sub-strong"])
  }

  @Test func calibratedPatientsGoByExpectedErrors() {
    let digest = String(repeating: "e", count: 64)
    let many = PagesSamples.results(label: "sub-b", lesions: 9, calibration: digest)
    let few = PagesSamples.results(label: "sub-a", lesions: 2, calibration: digest)
    let ordered = CohortEntry.inReviewOrder([
      PagesSamples.entry("a", results: few), PagesSamples.entry("b", results: many),
    ])
    #expect(ordered.map(\.name) == ["b", "a"])
  }

  @Test func pooledFiguresAddCountsAndAverageOverlap() throws {
    var second = weak
    second.truth?.truePositives = 2
    second.truth?.falsePositives = 1
    second.truth?.falseNegatives = 2
    second.truth?.dsc = 0.5
    second.truth?.normalisedDsc = nil
    let summary = CohortSummary([
      PagesSamples.entry("a", results: strong), PagesSamples.entry("b", results: second),
      PagesSamples.entry("c", results: empty), PagesSamples.entry("d", .failed, reason: "unreadable"),
    ])
    // (6, 3, 2) + (2, 1, 2): TPR 8/12, FDR 4/12, F1 16/24; DSC (0.684 + 0.5)/2; nDSC of the first alone.
    let pooled = try #require(summary.pooled)
    #expect(pooled.truePositives == 8 && pooled.falsePositives == 4 && pooled.falseNegatives == 4)
    #expect(abs(try #require(summary.meanDSC) - 0.592) < 1e-12)  // two additions in double precision
    #expect(summary.meanNormalisedDSC == 0.71)
    #expect(summary.patientsWithTruth == 2)
    #expect(summary.statesInWords == "4 patients: 3 done, 1 failed")
    #expect(
      summary.truthInWords
        == "Against expert masks of 2 patients: 8 TP, 4 FP, 4 FN; lesion TPR 67\u{A0}%, FDR 33\u{A0}%, F1 0.67 (pooled); "
        + "mean DSC 0.59, mean nDSC 0.71.")
    #expect(CohortSummary([PagesSamples.entry("c", results: empty)]).truthInWords == nil)
  }

  @Test func thePageShowsEveryPatientWithStateReasonAndLink() throws {
    let page = try PagesSamples.index(entries)
    for text in [
      "truncated gzip", "stopped by the user", "no FLAIR image", "already done with these inputs",
      "href=\"./sub-weak.html\"", "href=\"./sub-weak.html#L009\"", "7b7b7b7b7b7b<", "1 FAILED",
    ] {
      #expect(page.contains(text), "\(text)")
    }
    #expect(!page.contains("./sub-bad.html"))
  }
}
