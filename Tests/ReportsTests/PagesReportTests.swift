import Digests
import Foundation
import Lesions
import Saliency
import Testing

@testable import Reports
@testable import Results

@Suite struct PagesReportTests {
  static let hostile = #"<script>alert("x")</script>' onload='y"#

  private func matches(_ pattern: String, _ text: String) throws -> [String] {
    let expression = try NSRegularExpression(pattern: pattern)
    return expression.matches(in: text, range: NSRange(text.startIndex..., in: text)).map { match in
      Range(match.range(at: match.numberOfRanges - 1), in: text).map { String(text[$0]) } ?? ""
    }
  }

  @Test func hostileTextIsShownAndNotRun() throws {
    var results = PagesSamples.results(
      label: Self.hostile,
      warnings: [
        Warning(.header, images: ["FLAIR"], ["fault": .text(Self.hostile)]),
        Warning(.calibrationNotUsed, ["differences": .texts([Self.hostile])]),
      ])
    results.model?.name = Self.hostile
    results.inputs[0].headerProblems = [Self.hostile]
    results.checks?[1] = CheckOutcome(
      .singleVoxel, passed: false, measures: [.init(.maximumDifference, of: Self.hostile, 1)])
    results.findings[0].files.saliency = Self.hostile
    let entry = CohortEntry(
      name: Self.hostile, reportFile: "javascript:" + Self.hostile, state: .failed, reason: Self.hostile,
      results: results, reportID: nil, auditHead: Self.hostile)
    let report = try PagesSamples.page(results)
    let data = try matches(#"<script type="application/json" id="decisions">([^<]*)</script>"#, report)
    #expect(data.count == 1)
    #expect(try JSONDecoder().decode(ReviewDecisions.self, from: Data(data[0].utf8)).patient == Self.hostile)
    for page in [report.replacingOccurrences(of: data[0], with: ""), try PagesSamples.index([entry])] {
      #expect(!page.contains("<script>alert"))
      #expect(!page.contains("onload='"))
      #expect(!page.contains("javascript:<") && !page.contains("\"javascript:"))
      #expect(page.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&#39; onload=&#39;y"))
    }
  }

  @Test func missedLesionsStandBehindTheReferenceAndNowhereOnABlindPage() throws {
    let results = PagesSamples.results()
    let page = try PagesSamples.page(results)
    let section = try #require(page.range(of: "<section id=\"missed\" data-reference"))
    #expect(page[section.upperBound...].contains("id=\"M001\"") && page.contains("href=\"#M002\""))
    #expect(!page[..<section.lowerBound].contains("id=\"M001\""), "it is none of the findings to decide on")
    #expect(page.contains("2 of 8 reference lesions are touched by no lesion of the mask"))
    let (blind, leftOut) = PageContent(isBlind: true).of(results)
    let hidden = try PagesSamples.page(blind)
    #expect(leftOut == 0 && blind.missed == nil && blind.controls == nil)
    #expect(blind.findings.allSatisfy { $0.reference == nil })
    #expect(!hidden.contains("M001") && !hidden.contains("id=\"reference\"") && !hidden.contains("0.684"))
  }

  /// Many small lesions at the cortex beside one large periventricular one.
  @Test func whereMostLesionsAreIsNotWhereMostOfTheVolumeIs() {
    var results = PagesSamples.results(lesions: 3, candidates: 0, reference: false)
    for (index, place) in [LesionLocation.periventricular, .juxtacortical, .juxtacortical].enumerated() {
      results.findings[index].location = place
    }
    // 906, 456 and 306 voxels.
    #expect(
      Wording.answer(results).contains("ml, most of them juxtacortical, most of the volume periventricular."),
      "\(Wording.answer(results))")
    results.findings[1].location = .periventricular
    #expect(Wording.answer(results).contains("ml, mostly periventricular."))
  }

  @Test func anExcerptHoldsWhatIsFlaggedAndWhatWasDecided() throws {
    let results = PagesSamples.results(lesions: 40, candidates: 0)
    let last = try #require(results.reviewOrder.last).finding
    var content = PageContent(isFlaggedOnly: true)
    content.decided = [last]
    let (shown, leftOut) = content.of(results)
    #expect(shown.reviewOrder.map(\.position) == Array(1...10) + [40] && leftOut == 29)
    #expect(shown.findings.contains { $0.id == last } && shown.missed?.isEmpty == true)
  }

  @Test func escapingWorksOnScalarsNotOnClusters() {
    // U+0301 joins the character before it: a cluster-wise escape would let the quotation mark end an attribute.
    #expect(HTMLText.escape("a\"\u{301} onerror=x") == "a&quot;\u{301} onerror=x")
    #expect(HTMLText.escape("<\u{301}b>&'") == "&lt;\u{301}b&gt;&amp;&#39;")
    #expect(HTMLText.escape("sub-\u{202E}10\0\u{9F}") == "sub-\u{FFFD}10\u{FFFD}\u{FFFD}")
    #expect(HTMLText.escape("Größe 3 mm³") == "Größe 3 mm³")
  }

  @Test func pagesForbidEveryRequest() throws {
    let results = PagesSamples.results()
    let policy = { (script: String) in
      #"content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; \#(script)"#
        + #"base-uri 'none'; form-action 'none'""#
    }
    let report = try PagesSamples.page(results)
    let index = try PagesSamples.index([PagesSamples.entry("sub-01_ses-02", results: results)])
    // The one script that runs, exactly as it stands between its tags.
    let scripts = try matches(#"<script>([^<]*(?:<(?!/script>)[^<]*)*)</script>"#, report)
    #expect(scripts.count == 1)
    let digest = Data(Digest.sha256Bytes(scripts[0].utf8)).base64EncodedString()
    #expect(report.contains(policy("script-src 'sha256-\(digest)'; ")))
    let indexScripts = try matches(#"<script>([^<]*(?:<(?!/script>)[^<]*)*)</script>"#, index)
    let indexDigest = Data(Digest.sha256Bytes(indexScripts[0].utf8)).base64EncodedString()
    #expect(index.contains(policy("script-src 'sha256-\(indexDigest)'; ")) && indexScripts.count == 1)
    #expect(try matches(#"(<script)"#, index).count == 1)
    #expect(try matches(#"(<script)"#, report).count == 3, "the script and two data elements")
    #expect(try matches(#"<script type="(application/json)""#, report).count == 2)
    for page in [
      report.replacingOccurrences(of: scripts[0], with: ""), index.replacingOccurrences(of: indexScripts[0], with: ""),
    ] {
      #expect(!page.contains("<link") && !page.contains("<iframe"))
      #expect(try matches(#"url\(|@import|https?:|srcset|//"#, page).isEmpty)
    }
    for script in [scripts[0], indexScripts[0]] {
      #expect(try matches(#"fetch\(|XMLHttpRequest|WebSocket|import\(|https?:|eval\(|innerHTML"#, script).isEmpty)
    }
    let reportTargets = try matches(#"(?:src|href|action|data)="([^"]*)""#, report)
    #expect(reportTargets.count > 30)
    #expect(reportTargets.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("data:image/png;base64,") })
    let indexTargets = try matches(#"(?:src|href|action|data)="([^"]*)""#, index)
    #expect(indexTargets.contains("./sub-01_ses-02.html"))
    #expect(indexTargets.allSatisfy { $0.hasPrefix("#") || $0.hasPrefix("./sub-01_ses-02.html") })
  }

  @Test func everyFindingHasALineAPanelAndTextForItsPicture() throws {
    let results = PagesSamples.results()
    let page = try PagesSamples.page(results)
    for finding in results.findings {
      #expect(page.contains("<a href=\"#\(finding.id)\">"))
      #expect(page.contains("<article class=\"finding\" id=\"\(finding.id)\""))
      #expect(page.contains("alt=\"\(Wording.panelAlt(finding, hasMPRAGE: true))\""))
      #expect(page.contains("alt=\"\(Wording.mapsAlt(finding))\""))
    }
    #expect(page.contains("12 of 12 findings pictured (100\u{A0}%)."))
    #expect(try matches(#"<img (?!class="(?:saliency|contours|anatomy)")(?![^>]*alt="[^"]+")"#, page).isEmpty)
    // In work-list order: the panels repeat the order of the lines.
    let lines = try matches(##"finding-cell"><a href="#([LC]\d{3})">"##, page)
    let panels = try matches(#"<article class="finding" id="([LC]\d{3})""#, page)
    #expect(lines == panels)
    #expect(panels == results.reviewOrder.map { "\($0.finding)" })
  }

  @Test func aFindingWithoutAPictureIsRefused() throws {
    let results = PagesSamples.results()
    var pictures = PagesSamples.pictures(results)
    pictures.panels["C002"] = nil
    #expect(throws: ReportsError.missingPicture(finding: "C002")) { try PagesSamples.page(results, pictures: pictures) }
  }

  @Test func idsAreUniqueAndAnchorsLead() throws {
    let page = try PagesSamples.page(PagesSamples.results())
    let ids = try matches(#" id="([^"]+)""#, page)
    #expect(Set(ids).count == ids.count)
    let anchors = try matches(##"href="#([^"]+)""##, page)
    #expect(Set(anchors).subtracting(ids).isEmpty)
    let labels = try matches(#"aria-labelledby="([^"]+)""#, page)
    #expect(Set(labels).subtracting(ids).isEmpty)
  }

  @Test func headingsDescendWithoutGaps() throws {
    for page in [
      try PagesSamples.page(PagesSamples.results()),
      try PagesSamples.index([PagesSamples.entry("sub-01", results: PagesSamples.results())]),
    ] {
      let levels = try matches(#"<h([1-6])"#, page).compactMap(Int.init)
      #expect(levels.first == 1 && levels.count { $0 == 1 } == 1)
      for (before, after) in zip(levels, levels.dropFirst()) { #expect(after <= before + 1) }
    }
  }

  @Test func bannersFollowTheFacts() throws {
    let marked = try PagesSamples.page(PagesSamples.results())
    for text in [
      "UNCALIBRATED ORDER", "SYNTHETIC", "Whole head", "Research software, not a medical device",
      "slices of 3 mm over 1 × 1 mm",
    ] { #expect(marked.contains("<strong>\(text)") || marked.contains(text)) }
    var other = PagesSamples.results(calibrated: true, warnings: [])
    other.patient.synthetic = false
    other.model?.brainExtracted = true
    let plain = try PagesSamples.page(other)
    #expect(!plain.contains("<strong>UNCALIBRATED ORDER") && !plain.contains("class=\"uncalibrated\""))
    #expect(!plain.contains("<strong>SYNTHETIC") && !plain.contains("Whole head"))
    #expect(
      plain.contains("Research software, not a medical device") && plain.contains("60\u{A0}% likely a false positive"))
  }

  /// A calibration with patients of another kind orders, and nothing that could be taken for a probability stands on
  /// any page.
  @Test func aCalibrationOfAnotherKindGivesAnOrderAndNoMore() throws {
    var results = PagesSamples.results(calibrated: true, warnings: [])
    results.patient.synthetic = false
    results.calibration?.unlike = [.synthetic]
    results.calibration?.cutoff = nil
    let warning = Warning(.calibrationNotOfAKind, ["reasons": .texts(["synthetic"])])
    results.warnings = [warning]
    let entries = [PagesSamples.entry("sub-01_ses-02", results: results)]
    let (page, cohort) = try (PagesSamples.page(results), PagesSamples.index(entries))
    for text in [page, cohort] {
      for words in ["likely a", "rrors expected", "errors are", "eview cut-off", "Expected errors", "Go by the"] {
        #expect(!text.contains(words), "\(words)")
      }
      #expect(text.contains("UNCALIBRATED ORDER"))
      #expect(text.contains(warning.sentence.replacing("'", with: "&#39;")))
    }
    #expect(page.contains("by a calibration with patients of another kind"))
    let table = String(decoding: FindingTable.bytes(entries), as: UTF8.self).split(separator: "\n").map {
      $0.split(separator: "\t", omittingEmptySubsequences: false)
    }
    let column = try #require(table[0].firstIndex(of: "error_score"))
    #expect(table.dropFirst().allSatisfy { $0[column] == "n/a" } && table.count == 13)
    // The order is the calibration's, and the results keep its scores for an evaluation.
    #expect(table.dropFirst().map { String($0[3]) } == results.reviewOrder.map(\.finding.description))
    #expect(results.reviewOrder.allSatisfy { $0.errorScore != nil })
  }

  @Test func aPatientWithoutLesionsIsTold() throws {
    let page = try PagesSamples.page(PagesSamples.results(lesions: 0, candidates: 0, reference: false))
    #expect(page.contains("No lesion was found."))
    #expect(page.contains("4 components were too small for the size rule and dropped."))
    #expect(page.contains("alt=\"Montage of FLAIR slices; no lesion and no candidate is marked.\""))
    #expect(!page.contains("<article") && !page.contains("id=\"reference\""))
  }

  @Test func threeHundredFindings() throws {
    let results = PagesSamples.results(lesions: 280, candidates: 20)
    let page = try PagesSamples.page(results)
    #expect(try matches("(<article class=\"finding\" )", page).count == 300)
    #expect(page.contains("300 of 300 findings pictured (100\u{A0}%)."))
  }

  @Test func equalInputGivesEqualBytes() throws {
    let results = PagesSamples.results()
    #expect(try PagesSamples.page(results) == PagesSamples.page(results))
    let entries = [
      PagesSamples.entry("sub-03", .failed, reason: "truncated gzip"), PagesSamples.entry("sub-01", results: results),
      PagesSamples.entry("sub-02", results: PagesSamples.results(label: "sub-02", lesions: 0)),
    ]
    #expect(try PagesSamples.index(entries) == PagesSamples.index(entries.reversed()))
  }

  @Test func aLargeFileSaysSo() throws {
    let results = PagesSamples.results(lesions: 1, candidates: 0)
    var pictures = PagesSamples.pictures(results)
    #expect(try !PagesSamples.page(results, pictures: pictures).contains("Large file"))
    let large = EmbeddedPicture(png: Array(repeating: 7, count: 6_000_001), width: 10, height: 10)
    pictures.overview = Overview(
      first: .init(picture: LayeredPicture(anatomy: large, saliency: nil, contours: nil), sliceCount: 1), further: [],
      slicesLeftOut: 0, findingsNotShown: 0)
    let page = try PagesSamples.page(results, pictures: pictures)
    #expect(page.contains("This file holds 8.0 MB of pictures, more than the 8 MB a report should stay under."))
  }

  @Test func numbersOfOneFindingAreAllThere() throws {
    let results = PagesSamples.results()
    let page = try PagesSamples.page(results)
    // L003: peak 24.5/3 with 4 % error at voxel (81, 113, 85); volume 306 voxels of 1.2 mm³.
    for text in [
      "8.17 ± 0.33", "367 mm³", "306 voxels", "(81, 113, 85)", "9.0 L · 3.0 A · 15.0 S", "8.8 L · 2.5 A · 15.0 S mm",
      "sub-01_desc-L003",
    ] { #expect(page.contains(text), "\(text)") }
    #expect(page.contains("FLAIR carries 81\u{A0}% of the absolute saliency, MPRAGE 19\u{A0}%."))
    #expect(page.contains("there is no rim of 2–5 mm to compare with"))
    #expect(page.contains(String(repeating: "9a", count: 32)) && page.contains(String(repeating: "7b", count: 32)))
  }

  @Test func aFailedSanityCheckIsSaidOnTop() throws {
    var results = PagesSamples.results()
    let failing = try PagesSamples.page(results)
    #expect(failing.contains("SANITY CHECK FAILED"))
    #expect(failing.contains("one voxel: all aggregations agree"))
    results.checks = [PagesSamples.checks[0]]
    let quiet = try PagesSamples.page(results)
    #expect(!quiet.contains("SANITY CHECK FAILED") && quiet.contains("Sanity checks of the maps"))
    results.checks = nil
    let without = try PagesSamples.page(results)
    #expect(!without.contains("Sanity checks of the maps"))
  }
}
