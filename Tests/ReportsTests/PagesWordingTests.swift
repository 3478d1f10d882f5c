import Lesions
import Saliency
import Testing

@testable import ErrorScore
@testable import Reports
@testable import Results

/// What the report claims: as much as was done and measured.
@Suite struct PagesWordingTests {
  @Test func aMaskAloneClaimsNothingThatWasNotDone() throws {
    let page = try PagesSamples.page(PagesSamples.external())
    for claim in [
      "Monte-Carlo", "FLAIR peak", "logit per SD", "Mean entropy", "<th scope=\"row\">Probability",
      ">Probability <span", "id=\"saliency-scale\"", "Saliency shows", "sub-threshold", "training data",
      "missed-lesion candidates</", "no map", "Saliency file", "is the candidate",
    ] { #expect(!page.contains(claim), "\(claim)") }
    for words in [
      "<b>–</b><span>not looked for: no probability map</span>",
      "<span>Mask</span> external segmentation, tool not named", "There are no saliency maps",
      "Missed lesions were not looked for: that takes a probability map.",
      "within its kind by lesion size alone, 0 the most suspicious", "through its centroid",
      "<label hidden><input type=\"checkbox\" id=\"show-saliency\"",
    ] { #expect(page.contains(words), "\(words)") }
    #expect(!page.contains("There is no saliency map of this finding"))
    // What a network's report says.
    let network = try PagesSamples.page(PagesSamples.results())
    for words in [
      "Monte-Carlo", "Mean entropy", "id=\"saliency-scale\"", "sub-threshold regions", "<span>Model</span> lesionqc",
    ] { #expect(network.contains(words), "\(words)") }
  }

  @Test func anEmptyMaskIsNoAnswerOfANetwork() throws {
    var results = PagesSamples.external()
    (results.findings, results.reviewOrder) = ([], [])
    let page = try PagesSamples.page(results)
    #expect(page.contains("Missed lesions were not looked for, as there is no probability map."))
    #expect(page.contains("the answer of the given mask, not proof") && !page.contains("candidate threshold"))
    results.external?.hasProbability = true
    #expect(Wording.noLesion(results).contains("No other region reached the candidate threshold."))
    #expect(Wording.noLesion(PagesSamples.results(lesions: 0)).contains("This is the network's answer"))
  }

  @Test func aFindingWithoutAMapAmongOthersSaysSo() throws {
    var results = PagesSamples.results()
    results.external = ExternalSegmentation(tool: "tool", hasProbability: true, hasSaliency: false)
    results.findings[0].saliency = nil
    let page = try PagesSamples.page(results)
    #expect(page.components(separatedBy: Wording.noSaliency).count == 2)
    #expect(page.contains("the given FLAIR map"))
  }

  @Test func theCohortSaysWhereMissedLesionsWereNotLookedFor() throws {
    let mask = PagesSamples.entry("a", results: PagesSamples.external())
    let only = try PagesSamples.index([mask])
    #expect(only.contains("<b>–</b><span>not looked for: no probability maps</span>"))
    #expect(only.contains("Findings are ordered by lesion size alone, not") && !only.contains("logit per SD"))
    #expect(
      only.contains("<span>Mask</span> external segmentation, tool not named") && !only.contains("<span>Model</span>"))
    let both = try PagesSamples.index([mask, PagesSamples.entry("b", results: PagesSamples.results())])
    #expect(both.contains("<b>3</b><span>not looked for in 1 patient without a probability map</span>"))
    #expect(both.contains("ordered by lesion size alone or a raw saliency peak, not"))
  }

  @Test func theScoreSaysWhatItIsMadeOfAndHowGoodItIsBesideThePeak() throws {
    let page = try PagesSamples.page(PagesSamples.results(calibrated: true))
    #expect(
      page.contains(
        "made of FLAIR peak, minimum FLAIR saliency, MPRAGE peak, FLAIR fraction, inside minus rim, volume, "
          + "mean probability and "
          + "maximum probability, calibrated on 40 patients with reference segmentations (synthetic)"))
    #expect(page.contains("FLAIR peak alone 0.52 and 0.63 (0.5 is chance)."))
    #expect(page.contains("AUROC on other patients: 0.80 for lesions and 0.70 for candidates; FLAIR peak alone"))
    #expect(page.contains("The FLAIR peak alone reached 0.52 and 0.63 with this network."))
    #expect(!page.contains("usually has a high") && !page.contains("need not hold") && !page.contains("Percentile"))
    #expect(page.contains("<td role=\"cell\" class=\"score\" data-label=\"Error score\"><b>60\u{A0}%</b>"))
    // How good the peak is alone may not be known.
    var earlier = PagesSamples.results(calibrated: true)
    earlier.calibration?.lesions.peakAreaUnderROC = nil
    let older = try PagesSamples.page(earlier)
    #expect(older.contains("How far the FLAIR peak goes alone is not known") && !older.contains("FLAIR peak alone"))
    let plain = try PagesSamples.page(PagesSamples.results())
    #expect(plain.contains("This need not hold for this network") && plain.contains("Percentile"))
    #expect(!plain.contains("Error score"))
  }

  @Test(arguments: [(0.001, "< 1\u{A0}%"), (0.0051, "1\u{A0}%"), (0.634, "63\u{A0}%"), (0.999, "> 99\u{A0}%")])
  func likelihoodsAreWholePercents(_ score: Double, _ text: String) {
    #expect(Wording.likelihood(score) == text)
    #expect(Wording.errorScore(score, .candidate) == "\(text) likely a missed lesion")
  }

  @Test func theCutoffSaysWhatItPromisesAndForWhom() {
    let rule = ReviewCutoff(percent: 55, tolerated: 0.25, patients: 21, lostPatients: 1)
    let text = Wording.cutoff(.init(position: 10, rule: rule), of: 18)
    #expect(text.hasPrefix("Review cut-off: the first 10 of 18 findings."))
    for words in [
      "more than 25\u{A0}% of a patient's listed errors in at most 10\u{A0}% of patients on average",
      "if this patient is like the 21 with reference segmentations", "stand in no list are not counted",
    ] { #expect(text.contains(words), "\(words)") }
  }

  @Test func whyThereIsNoCutoff() {
    var results = PagesSamples.results(calibrated: true)
    #expect(Wording.noCutoff(results) == nil)
    results.calibration?.cutoff = nil
    #expect(Wording.noCutoff(results) == "No review cut-off: the calibration was made without one.")
    results.calibration?.patients = 8
    #expect(
      Wording.noCutoff(results)?.contains("takes 9 patients with reference segmentations, the calibration has 8")
        == true)
    results.calibration?.unlike = [.features]
    #expect(Wording.noCutoff(results) == nil && Wording.noCutoff(PagesSamples.results()) == nil)
  }

  @Test func aSignIsToldWhereThereIsOne() {
    var finding = PagesSamples.finding(.lesion, 1, peak: 24)
    func words(_ inside: Double, _ rim: Double, error: Double?) -> String {
      finding.saliency?.signBalance = SignBalance(meanInside: inside, meanRim: rim)
      finding.saliency?.flair.inside.maximum.standardError = error
      return Wording.explanation(finding, othersHaveMaps: true).joined(separator: " ")
    }
    #expect(words(3.22, -0.0047, error: nil).contains("positive inside (3.22) and about zero in the rim"))
    #expect(words(3.22, -0.2, error: nil).contains("negative in the rim"))
    // The peak of 24 is known to 10 %: a tenth of 3.22 is not told from zero.
    #expect(words(3.22, -0.2, error: 2.4).contains("about zero in the rim"))
    #expect(words(-0.01, -2, error: nil).contains("about zero inside (−0.010) and negative in the rim"))
  }

  @Test func fractionsOfSanityChecksArePercents() {
    func text(_ quantity: SanityCheck.Quantity, _ value: Double) -> String {
      CheckOutcome(.splitHalf, passed: true, measures: [.init(quantity, value)]).figures
    }
    #expect(text(.lesionsWithFlairAhead, 1) == "fraction of lesions with FLAIR ahead 100\u{A0}%")
    #expect(text(.medianStandardError, 0.0569) == "median relative standard error 5.7\u{A0}%")
    #expect(text(.errorAlongGradient, 0.00166) == "relative error along the gradient 0.17\u{A0}%")
    #expect(text(.relativeDifference, 1.47e-9) == "relative difference 1.5 × 10⁻⁹")
    #expect(text(.medianCorrelation, 0.9) == "median correlation 0.900")
  }

  @Test func everySanityCheckHasItsWords() {
    let names = SanityCheck.allCases.map(\.name)
    #expect(Set(names).count == names.count && !names.contains(""))
    // A limit stands in each rule that has one: the number that the check compares with.
    let limits: [(SanityCheck, String)] = [
      (.maskOverlap, "0.2"), (.finiteDifferences, "2\u{A0}%"), (.windowAverage, "1.0 × 10⁻⁵"),
      (.singleVoxel, "1.0 × 10⁻⁵"), (.weightRandomisation, "0.5"), (.windowShift, "0.8"), (.splitHalf, "30\u{A0}%"),
      (.standardError, "15\u{A0}%"), (.seedSensitivity, "25\u{A0}%"), (.noiseSensitivity, "0.8"),
      (.controlRegion, "75\u{A0}%"), (.insideSign, "75\u{A0}%"), (.flairFraction, "75\u{A0}%"),
      (.perilesionalContext, "34 dilations"),
    ]
    for (check, limit) in limits { #expect(check.rule.contains(limit), "\(check): \(check.rule)") }
    let measured = SanityCheck.Quantity.allCases.map { $0.words(of: "0.5") }
    #expect(Set(measured).count == measured.count)
    #expect(measured.contains("last 50\u{A0}% shuffled") && measured.contains("rank correlation at a noise of 0.5"))
    for limitation in SanityCheck.Limitation.allCases {
      #expect(CheckOutcome(.windowShift, notAssessed: limitation).figures == "Not assessed: \(limitation.words).")
    }
  }

  @Test func aLocationThatIsOpenHasItsOwnNote() {
    let results = PagesSamples.results()
    var finding = results.findings[0]
    finding.location = .notAssessed
    #expect(ReportTables.locationRow(finding, results)[0]["note"] == .optional("the two images do not settle it"))
    finding.location = .juxtacortical
    #expect(ReportTables.locationRow(finding, results)[0]["note"] == .optional("from this scan alone, no atlas"))
  }

  @Test func theSelfTestHasALineOnTheFirstScreen() throws {
    #expect(
      try PagesSamples.page(PagesSamples.results()).contains(": 1 of 3 inserted lesions and 1 of 3 mimics detected."))
    #expect(try !PagesSamples.page(PagesSamples.external()).contains("self-test-line\">"))
  }

  @Test func everyContourHasItsKey() throws {
    let page = try PagesSamples.page(PagesSamples.results())
    typealias Colour = ContourColour
    for colour in [Colour.finding, Colour.other, Colour.candidate, Colour.reference, Colour.overSaliency] {
      #expect(page.contains("stroke=\"\(colour.hexadecimal)\""))
    }
    #expect(page.components(separatedBy: "<use href=\"#saliency-scale\"/>").count == 14)
    #expect(
      try !PagesSamples.page(PagesSamples.results(reference: false)).contains(ContourColour.reference.hexadecimal))
  }

  @Test func everySettingHasARow() {
    let settings = Set(PagesSamples.settings.rows.flatMap(\.settings))
    #expect(settings == Set(Mirror(reflecting: RunSettings()).children.compactMap(\.label)))
    // What only adds an output is not listed where it was not asked for.
    #expect(RunSettings().rows.map(\.name).suffix(2) == ["Maximum number of candidates", "Mirroring"])
  }

  @Test func everyKindOfFindingHasItsWords() {
    #expect(
      FindingKind.allCases.map(Wording.kind) == [
        "lesion", "missed-lesion candidate", "reference lesion missed by the network", "mark of the reader",
      ])
  }

  /// The numbers of the order are named, with the end that comes first, in the rules, the banner and on the cohort
  /// page.
  @Test func anOrderBySaliencyNamesItsNumbers() throws {
    var results = PagesSamples.results()
    results.rules.order = .saliency
    results.rules.orderFeatures = UncalibratedOrder(lesions: .rimToPeak, candidates: .flairPeak)
    let page = try PagesSamples.page(results)
    #expect(
      page.contains("Uncalibrated: lesions by rim ÷ peak, highest first; candidates by FLAIR peak, highest first"))
    #expect(page.contains("With a peak of 0 or less it is not defined: lesions then come first, candidates last."))
    let banner = "ordered by rim ÷ peak (lesions) and FLAIR peak (candidates) of saliency, not by a probability"
    #expect(page.contains(banner) && page.contains("logit per SD"))
    #expect(try PagesSamples.index([PagesSamples.entry("a", results: results)]).contains(banner))
  }

  @Test func rulesAreSentencesOfTheirValues() throws {
    let network = try PagesSamples.page(PagesSamples.results())
    for sentence in [
      "A lesion is a connected group of at least 6 voxels whose lesion probability exceeds 0.3. Voxels are "
        + "connected that share a " + "face or an edge (18 neighbours); smaller groups are dropped.",
      "A missed-lesion candidate is a group of at least 3 voxels, connected in the same way, whose lesion "
        + "probability is 0.1 or more "
        + "and of which none belongs to a lesion. At most 20 are kept, by maximum probability.",
      "Uncalibrated: lesions ascending and candidates descending by the maximum of their FLAIR sum map "
        + "inside the finding", "No atlas and no registration is used",
    ] { #expect(network.contains(sentence), "\(sentence)") }
    let external = try PagesSamples.page(PagesSamples.external())
    for sentence in [
      "A lesion is a connected group of at least 6 voxels of the given mask.",
      "No probability was given, so missed lesions were not looked for.",
      "Without saliency and probability: lesions by volume, smallest first.",
    ] { #expect(external.contains(sentence), "\(sentence)") }
    #expect(
      try PagesSamples.page(PagesSamples.results(calibrated: true)).contains("By probability of an error, descending"))
  }
}
