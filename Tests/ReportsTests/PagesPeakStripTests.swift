import ErrorScore
import Foundation
import Lesions
import Testing

@testable import Reports
@testable import Results

/// The strips of the sample calibration: false positives 1.5 – 2.25 – 3 – 4.5 – 6, true positives 4 – 6 – 8 – 12 – 16.
@Suite struct PagesPeakStripTests {
  private let results = PagesSamples.results(calibrated: true)

  @Test func wordsSayWhereThePeakLies() throws {
    let peaks = try #require(results.calibration?.lesions.peaks)
    for (peak, errors, correct) in [
      (1.0, "below 95\u{A0}%", "below 95\u{A0}%"), (2, "in the lower quarter", "below 95\u{A0}%"),
      (4.5, "in the middle half", "in the lower quarter"), (5, "in the upper quarter", "in the lower quarter"),
      (20, "above 95\u{A0}%", "above 95\u{A0}%"),
    ] {
      let words = Wording.strip(.lesion, peak: peak, samples: nil, peaks)
      #expect(words.contains(": \(errors) of 81 false positives, \(correct) of 128 true positives"), "\(peak)")
    }
    let alt = Wording.stripAlt(results.lesions[0], peak: 24.5, peaks)
    #expect(
      alt == "FLAIR peaks of the calibration's findings in logit per SD: false positives from 1.50 to 6.00, "
        + "median 3.00; true positives from 4.00 to 16.0, median 8.00. L001 lies at 24.5.")
  }

  @Test func aPeakIsHeldAgainstThoseOfAsManySamples() throws {
    var results = results
    results.findings[0].saliency?.scoring?.saliency.flairSumPeak = 5
    #expect(PeakStrip.peak(results.lesions[0], results) == 5)
    guard case .fields(let fields)? = PeakStrip(.lesion, results)?.fields(of: results.lesions[0], results),
      case .text(let words)? = fields["stripWords"]
    else {
      Issue.record("no strip")
      return
    }
    #expect(words.hasPrefix("FLAIR peak 5.00 (first 10 noise samples) against the calibration: in the upper"))
    results.findings[0].saliency?.scoring = nil
    #expect(PeakStrip.peak(results.lesions[0], results) == results.findings[0].saliency?.flairSumPeak?.value)
  }

  @Test func theAxisIsOrderedAndHoldsEveryFinding() throws {
    let strip = try #require(PeakStrip(.lesion, results))
    for finding in results.lesions {
      let x = strip.x(finding.saliency!.flairSumPeak!.value)
      #expect(x >= PeakStrip.left && x <= PeakStrip.right)
    }
    #expect(strip.x(-1) < strip.x(0) && strip.x(0) < strip.x(1.5) && strip.x(1.5) < strip.x(16))
    // The ends of what is drawn are the false positives' 5 % and the patient's highest peak, 3 % of their distance from
    // the edge.
    let width = (PeakStrip.right - PeakStrip.left) * 0.03 / 1.06
    #expect(abs(strip.x(1.5) - PeakStrip.left - width) < 1e-9 && abs(PeakStrip.right - strip.x(24.5) - width) < 1e-9)
  }

  @Test func everyFindingOfACalibratedReportHasAStripAndNoOther() throws {
    func count(_ page: String) -> Int { page.components(separatedBy: "<figure class=\"strip\">").count - 1 }
    #expect(count(try PagesSamples.page(results)) == 12)
    #expect(count(try PagesSamples.page(PagesSamples.results())) == 0)
    // Without peaks of a kind there is nothing to hold them against.
    var earlier = results
    earlier.calibration?.lesions.peaks = nil
    let page = try PagesSamples.page(earlier)
    #expect(count(page) == 3 && page.contains("missed lesions from 2.00 to 8.00"))
  }

  @Test func onlyPeaksOfSumMapsAreMarked() throws {
    var other = results
    other.settings?.aggregation = .signedMax
    #expect(PeakStrip.peak(other.lesions[0], other) == 24.5)
    other.findings[0].saliency?.flairSumPeak = nil
    other.findings[0].saliency?.scoring = nil
    #expect(PeakStrip.peak(other.lesions[0], other) == nil)
    other.settings?.aggregation = .sum
    #expect(PeakStrip.peak(other.lesions[0], other) == other.findings[0].saliency?.flair.inside.maximum.value)
    #expect(PeakStrip.peak(PagesSamples.external().lesions[0], other) == nil)
  }
}
