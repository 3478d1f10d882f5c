import Lesions
import Testing

@testable import Reports
@testable import Results

@Suite struct PagesCohortTests {
  private let strong = PagesSamples.results(label: "sub-strong", session: nil, lesions: 2, candidates: 1)
  private let weak = PagesSamples.results(label: "sub-weak", session: nil, lesions: 9, candidates: 1)
  private let empty = PagesSamples.results(label: "sub-none", session: nil, lesions: 0, candidates: 0, reference: false)

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
      CohortEntry.inReviewOrder(entries).map(\.name) == [
        "sub-bad", "sub-stop", "sub-skip", "sub-none", "sub-weak", "sub-strong",
      ])
  }

  /// Warnings come before their absence, and the state says how many there are; oddities of headers do not count.
  @Test func warningsAreAStateOfTheirOwn() throws {
    func results(_ label: String, _ warnings: [Warning]) -> PatientResults {
      PagesSamples.results(label: label, session: nil, lesions: 2, warnings: warnings)
    }
    let two = [Warning(.noLesions), Warning(.brainCutAtTop, images: ["FLAIR"])]
    let header = Warning(.header, images: ["FLAIR"], ["fault": "sform and qform differ"])
    let entries = [
      PagesSamples.entry("sub-a", results: results("sub-a", [header])),
      PagesSamples.entry("sub-b", results: results("sub-b", two)),
      PagesSamples.entry("sub-c", results: results("sub-c", [two[0]])),
      PagesSamples.entry("sub-d", .failed, reason: "bad"),
    ]
    let ordered = CohortEntry.inReviewOrder(entries)
    #expect(ordered.map(\.name) == ["sub-d", "sub-b", "sub-c", "sub-a"])
    #expect(ordered.map(\.stateInWords) == ["failed", "done, 2 warnings", "done, 1 warning", "done"])
    let page = try PagesSamples.index(entries)
    #expect(page.contains(">done, 2 warnings</span>") && page.contains(">done, 1 warning</span>"))
    #expect(page.contains("<li>\(two[1].sentence)</li>") && !page.contains("sform and qform"))
    let table = String(decoding: CohortTable.bytes(entries), as: UTF8.self).split(separator: "\n")
    let column = try #require(table[0].split(separator: "\t").firstIndex(of: "warnings"))
    #expect(
      table.dropFirst().map { $0.split(separator: "\t")[column] } == [
        "n/a", "noLesions,brainCutAtTop", "noLesions", "n/a",
      ])
  }

  @Test func calibratedPatientsGoByExpectedErrors() {
    let many = PagesSamples.results(label: "sub-b", lesions: 9, calibrated: true)
    let few = PagesSamples.results(label: "sub-a", lesions: 2, calibrated: true)
    let ordered = CohortEntry.inReviewOrder([
      PagesSamples.entry("a", results: few), PagesSamples.entry("b", results: many),
    ])
    #expect(ordered.map(\.name) == ["b", "a"])
  }

  @Test func pooledFiguresAddCountsAndAverageOverlap() throws {
    var second = weak
    second.reference?.detection = DetectionMetrics(truePositives: 2, falsePositives: 1, falseNegatives: 2)
    second.reference?.dsc = 0.5
    second.reference?.normalisedDsc = nil
    let summary = CohortSummary([
      PagesSamples.entry("a", results: strong), PagesSamples.entry("b", results: second),
      PagesSamples.entry("c", results: empty), PagesSamples.entry("d", .failed, reason: "unreadable"),
    ])
    // (6, 3, 2) + (2, 1, 2): TPR 8/12, FDR 4/12, F1 16/24; DSC (0.684 + 0.5)/2; nDSC of the first alone.
    let reference = try #require(summary.reference)
    let pooled = reference.pooled
    #expect(pooled.truePositives == 8 && pooled.falsePositives == 4 && pooled.falseNegatives == 4)
    #expect(abs(try #require(reference.meanDsc) - 0.592) < 1e-12)  // two additions in double precision
    #expect(reference.meanNormalisedDsc == 0.71)
    #expect(reference.patients == 2)
    #expect(summary.statesInWords == "4 patients: 3 done, 1 failed")
    #expect(
      summary.referenceInWords
        == "Against reference segmentations of 2 patients: 12 of 16 lesions found, 4 of 12 false; "
        + "lesion TPR 67\u{A0}%, FDR 33\u{A0}%, F1 0.67 (pooled); " + "mean DSC 0.59, mean nDSC 0.71.")
    #expect(CohortSummary([PagesSamples.entry("c", results: empty)]).referenceInWords == nil)
  }

  @Test func thePageShowsEveryPatientWithStateReasonAndLink() throws {
    let page = try PagesSamples.index(entries)
    for text in [
      "truncated gzip", "stopped by the user", "no FLAIR image", "already done with these inputs",
      "href=\"./sub-weak.html\"", "href=\"./sub-weak.html#L009\"", "7b7b7b7b7b7b<", "1 FAILED",
    ] { #expect(page.contains(text), "\(text)") }
    #expect(!page.contains("./sub-bad.html"))
  }

  @Test func failedPatientsHaveAPageThatSaysWhy() throws {
    let page = try PagesSamples.index(entries)
    #expect(page.contains("href=\"./failed-sub-bad.html\"") && page.contains("href=\"./failed-sub-stop.html\""))
    #expect(page.contains("href=\"./failed-sub-skip.html\"") && !page.contains("failed-sub-none"))
    let templates = try TemplateFolder(path: PagesSamples.templates)
    let bad = PagesSamples.entry("sub-bad", .failed, reason: "truncated gzip <b>")
    let failed = String(decoding: try FailurePage.render(bad, templates: templates), as: UTF8.self)
    #expect(failed.contains("truncated gzip &lt;b&gt;") && failed.contains("audit show OUTPUT_DIR sub-bad"))
    #expect(failed.contains("Content-Security-Policy"))
    #expect(FailurePage.isNeeded(bad) && !FailurePage.isNeeded(PagesSamples.entry("sub-strong", results: strong)))
  }

  @Test func staleResultsAreMarkedAndStandBeforeSoundOnes() throws {
    let stale = PagesSamples.entry(
      "sub-strong", .stale, results: strong, reason: "sub-strong.html is not as the run left it")
    let ordered = CohortEntry.inReviewOrder([PagesSamples.entry("sub-weak", results: weak), stale])
    #expect(ordered.map(\.name) == ["sub-strong", "sub-weak"])
    let page = try PagesSamples.index([stale])
    #expect(page.contains("1 STALE") && page.contains("is not as the run left it"))
  }

  @Test func cellsCarryTheNumbersToSortBy() throws {
    let page = try PagesSamples.index(entries)
    #expect(page.contains("data-sort=\"9.0\">9<") && page.contains("data-sort=\"\">–<"))
    #expect(page.contains("data-state=\"failed\""))
    let calibrated = PagesSamples.results(lesions: 2, candidates: 0, calibrated: true)
    // Scores 0.6 − percentile / 2 at percentiles 0 and 1: 0.6 + 0.1.
    let scored = try PagesSamples.index([PagesSamples.entry("a", results: calibrated)])
    #expect(
      scored.contains("Expected errors") && scored.contains("data-sort=\"0.7") && !page.contains("Expected errors"))
  }

  @Test func distributionsSayTheirNumbersInWords() throws {
    let page = try PagesSamples.index([
      PagesSamples.entry("sub-strong", results: strong), PagesSamples.entry("sub-none", results: empty),
    ])
    // Peaks of two lesions 24.5 and 12.25, one candidate 4.4; median of the lesions 18.375.
    #expect(page.contains("2 lesions: median 18.4, from 12.2 to 24.5 logit per SD; 1 candidate: median 4.40"))
    #expect(page.contains("1 patient with lesions: median") && page.contains("1 patient without any lesion"))
    #expect(!(try PagesSamples.index([PagesSamples.entry("sub-none", results: empty)])).contains("<svg"))
  }

  @Test func scoresHaveADistributionWhereThereIsACalibration() throws {
    // Scores of nine lesions 0.6 − percentile / 2 at percentiles 0, 1/8 … 1, of three candidates at 0, 1/2, 1.
    let results = PagesSamples.results(calibrated: true)
    let page = try PagesSamples.index([PagesSamples.entry("a", results: results)])
    #expect(page.contains("<b>Error score</b>, probability; at most"))
    #expect(page.contains("9 lesions: median 0.350, from 0.100 to 0.600 probability; 3 candidates: median 0.350"))
    #expect(!(try PagesSamples.index(entries)).contains("Error score"))
    #expect(PlotAxis(probabilityWidth: 360).bin(1) == 9 && PlotAxis(probabilityWidth: 360).bin(0.1) == 1)
  }

  @Test func theScannerIsAColumnAndAFilterWhereItIsKnown() throws {
    var known = weak
    known.scanner = ScannerIdentity(manufacturer: "Siemens", model: "Prisma_fit", fieldTesla: 3)
    var other = strong
    other.scanner = ScannerIdentity(fieldTesla: 1.5)
    let page = try PagesSamples.index([
      PagesSamples.entry("a", results: known), PagesSamples.entry("b", results: other),
      PagesSamples.entry("c", .failed, reason: "truncated gzip"),
    ])
    #expect(page.contains("<option>1.5\u{A0}T</option><option>Siemens Prisma_fit, 3\u{A0}T</option>"))
    #expect(page.contains("data-scanner=\"Siemens Prisma_fit, 3\u{A0}T\"") && page.contains("data-scanner=\"\""))
    // Two lesions of 24.5 and 12.25, nine of 24.5/1 … 24.5/9.
    #expect(page.contains("<b>FLAIR peak of a lesion by scanner</b>"))
    #expect(page.contains("Siemens Prisma_fit, 3\u{A0}T: median 4.90; 1.5\u{A0}T: median 18.4."))
    #expect(!(try PagesSamples.index([PagesSamples.entry("a", results: known)])).contains("by scanner"))
    #expect(!(try PagesSamples.index(entries)).contains("Scanner"))
    #expect(try PagesSamples.page(known).contains("from the sidecar beside the FLAIR image"))
  }

  @Test func barsAddUpToTheFindings() throws {
    let fields = CohortPlots.fields([PagesSamples.entry("sub-weak", results: weak)])
    #expect(fields.count == 3)
    guard case .list(let bars)? = fields[0]["bars"] else {
      Issue.record("no bars")
      return
    }
    // "2.4 to 4.0 logit per SD: 3 lesions"
    let counts = bars.compactMap { bar -> Int? in
      guard case .text(let tip)? = bar["tip"] else { return nil }
      return tip.split(separator: ":").last.flatMap { Int($0.split(separator: " ").first ?? "") }
    }
    #expect(counts.reduce(0, +) == weak.lesions.count + weak.candidates.count)
  }
}
