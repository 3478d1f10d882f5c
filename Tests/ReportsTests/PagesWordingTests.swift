import Lesions
import Results
import Testing

@testable import Reports

/// What the report claims: as much as was done and measured.
@Suite struct PagesWordingTests {
  private let digest = String(repeating: "e", count: 64)

  @Test func aMaskAloneClaimsNothingThatWasNotDone() throws {
    let page = try PagesSamples.page(PagesSamples.external())
    for claim in [
      "Monte-Carlo", "FLAIR peak", "logit per SD", "Mean entropy", "<th scope=\"row\">Probability",
      ">Probability <span",
      "id=\"saliency-scale\"", "Saliency shows", "nearly marked", "training data", "missed-lesion candidates</",
      "no map",
      "Saliency file", "is the candidate",
    ] { #expect(!page.contains(claim), "\(claim)") }
    for words in [
      "<b>–</b><span>not looked for: no probability map</span>", "<span>Mask</span> another program, not named",
      "There are no saliency maps", "Missed lesions were not looked for: that takes a probability map.",
      "within its kind by lesion size alone, lowest the most suspicious", "through its centroid",
      "<label hidden><input type=\"checkbox\" id=\"show-saliency\"",
    ] { #expect(page.contains(words), "\(words)") }
    #expect(!page.contains("There is no saliency map of this finding"))
    // What a network's report says.
    let network = try PagesSamples.page(PagesSamples.results())
    for words in [
      "Monte-Carlo", "Mean entropy", "id=\"saliency-scale\"", "nearly marked", "<span>Model</span> lesionqc",
    ] {
      #expect(network.contains(words), "\(words)")
    }
  }

  @Test func anEmptyMaskIsNoAnswerOfANetwork() throws {
    var results = PagesSamples.external()
    (results.lesions, results.reviewOrder) = ([], [])
    let page = try PagesSamples.page(results)
    #expect(page.contains("Missed lesions were not looked for, as there is no probability map."))
    #expect(page.contains("the answer of the given mask, not proof") && !page.contains("candidate threshold"))
    results.external?.hasProbability = true
    #expect(Wording.noLesion(results).contains("No other place reached the candidate threshold."))
    #expect(Wording.noLesion(PagesSamples.results(lesions: 0)).contains("This is the network's answer"))
  }

  @Test func aFindingWithoutAMapAmongOthersSaysSo() throws {
    var results = PagesSamples.results()
    results.external = ExternalSegmentation(tool: "tool", hasProbability: true, hasSaliency: false)
    (results.lesions[0].flair, results.lesions[0].mprage) = (.undefined, .undefined)
    let page = try PagesSamples.page(results)
    #expect(page.components(separatedBy: Wording.noSaliency).count == 2)
    #expect(page.contains("the given FLAIR map"))
  }

  @Test func theCohortSaysWhereMissedLesionsWereNotLookedFor() throws {
    let mask = PagesSamples.entry("a", results: PagesSamples.external())
    let only = try PagesSamples.index([mask])
    #expect(only.contains("<b>–</b><span>not looked for: no probability maps</span>"))
    #expect(only.contains("Findings are ordered by lesion size alone, not") && !only.contains("logit per SD"))
    #expect(only.contains("<span>Mask</span> another program, not named") && !only.contains("<span>Model</span>"))
    let both = try PagesSamples.index([mask, PagesSamples.entry("b", results: PagesSamples.results())])
    #expect(both.contains("<b>3</b><span>not looked for in 1 patient without a probability map</span>"))
    #expect(both.contains("ordered by lesion size alone or a raw saliency peak, not"))
  }

  @Test func theScoreSaysWhatItIsMadeOfAndHowGoodItIsBesideThePeak() throws {
    let page = try PagesSamples.page(PagesSamples.results(calibration: digest))
    #expect(
      page.contains(
        "made of FLAIR peak, lowest FLAIR saliency, MPRAGE peak, FLAIR share, inside minus rim, volume, mean probability and "
          + "highest probability, calibrated on 40 labelled patients (synthetic)"))
    #expect(page.contains("FLAIR peak alone 0.52 and 0.63 (0.5 is chance)."))
    #expect(
      page.contains(
        "AUROC on other patients: 0.80 for lesions and 0.70 for candidates; FLAIR peak alone"))
    #expect(page.contains("The FLAIR peak alone reached 0.52 and 0.63 with this network."))
    #expect(!page.contains("usually has a high") && !page.contains("need not hold") && !page.contains("Percentile"))
    #expect(page.contains("<td role=\"cell\" class=\"score\" data-label=\"Error score\"><b>60\u{A0}%</b>"))
    // Results of an earlier version do not know how good the peak is.
    var earlier = PagesSamples.results(calibration: digest)
    earlier.calibrationFacts?.lesions.peakAreaUnderROC = nil
    let older = try PagesSamples.page(earlier)
    #expect(
      older.contains("How far the FLAIR peak goes alone is not known") && !older.contains("FLAIR peak alone"))
    let plain = try PagesSamples.page(PagesSamples.results())
    #expect(plain.contains("This need not hold for this network") && plain.contains("Percentile"))
    #expect(!plain.contains("Error score"))
  }

  @Test(arguments: [(0.001, "< 1\u{A0}%"), (0.0051, "1\u{A0}%"), (0.634, "63\u{A0}%"), (0.999, "> 99\u{A0}%")])
  func likelihoodsAreWholePercents(_ score: Double, _ text: String) {
    #expect(Wording.likelihood(score) == text)
    #expect(Wording.errorScore(score, .candidate) == "\(text) likely a missed lesion")
  }

  @Test func expectedErrorsAreWholeErrors() {
    func line(_ errors: Double, _ rest: Double) -> String {
      Wording.stopLine(.init(position: 10, expectedErrors: errors, expectedRemainingErrors: rest), of: 18)
    }
    #expect(
      line(4.94, 0.86).hasPrefix(
        "About 5 errors are expected in all 18 findings; after the first 10 about 1 error is still expected."))
    #expect(
      line(0.4, 0).hasPrefix("Less than 1 error is expected in all 18 findings; after the first 10 no error is still"))
  }

  @Test func aSignIsToldWhereThereIsOne() {
    var finding = PagesSamples.finding(.lesion, 1, peak: 24, truthStatus: nil)
    func words(_ inside: Double, _ rim: Double, error: Double?) -> String {
      finding.signBalance = SignBalance(meanInside: inside, meanRim: rim)
      finding.flair.insideHighest.standardError = error
      return Wording.explanation(finding, othersHaveMaps: true).joined(separator: " ")
    }
    #expect(words(3.22, -0.0047, error: nil).contains("positive inside (3.22) and about zero in the rim"))
    #expect(words(3.22, -0.2, error: nil).contains("negative in the rim"))
    // The peak of 24 is known to 10 %: a tenth of 3.22 is not told from zero.
    #expect(words(3.22, -0.2, error: 2.4).contains("about zero in the rim"))
    #expect(words(-0.01, -2, error: nil).contains("about zero inside (−0.010) and negative in the rim"))
  }

  @Test func sharesOfTrustChecksArePercents() {
    func text(_ name: String, _ value: Double) -> String {
      CheckFacts(name: "", passed: true, measures: [.init(name: name, value: value)], rule: "", detail: "").figures
    }
    #expect(text("share of lesions with FLAIR ahead", 1) == "share of lesions with FLAIR ahead 100\u{A0}%")
    #expect(text("median relative standard error", 0.0569) == "median relative standard error 5.7\u{A0}%")
    #expect(text("relative error along the gradient", 0.00166) == "relative error along the gradient 0.17\u{A0}%")
    #expect(text("relative difference", 1.47e-9) == "relative difference 1.5 × 10⁻⁹")
    #expect(text("median correlation", 0.9) == "median correlation 0.900")
  }

  @Test func aPlaceThatIsOpenHasItsOwnNote() {
    var finding = PagesSamples.finding(.lesion, 1, peak: 24, truthStatus: nil)
    finding.location = LesionLocation.notAssessed.rawValue
    #expect(ReportFacts.placeRow(finding)[0]["note"] == .optional("the two images do not settle it"))
    finding.location = LesionLocation.juxtacortical.rawValue
    #expect(ReportFacts.placeRow(finding)[0]["note"] == .optional("from this scan alone, no atlas"))
  }

  @Test func theSelfTestHasALineOnTheFirstScreen() throws {
    #expect(
      try PagesSamples.page(PagesSamples.results()).contains(
        ": 1 of 3 planted lesions found, 1 of 3 mimics marked as lesion."))
    #expect(try !PagesSamples.page(PagesSamples.external()).contains("self-test-line\">"))
  }

  @Test func everyContourHasItsKey() throws {
    let page = try PagesSamples.page(PagesSamples.results())
    typealias Colour = ContourColour
    for colour in [Colour.finding, Colour.other, Colour.candidate, Colour.truth, Colour.overSaliency] {
      #expect(page.contains("stroke=\"\(colour.hexadecimal)\""))
    }
    #expect(page.components(separatedBy: "<use href=\"#saliency-scale\"/>").count == 13)
    #expect(try !PagesSamples.page(PagesSamples.results(truth: false)).contains(ContourColour.truth.hexadecimal))
  }
}
