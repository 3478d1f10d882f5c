import Testing

@testable import Reports
@testable import Results

/// Warnings above the work list: what matters first, and no more than there is room for.
@Suite struct PagesNoticeTests {
  static let thick = Warning(
    .thickSlices, images: ["FLAIR"],
    ["thicknessMillimetres": 5.0, "inPlaneMillimetres": .numbers([0.5, 0.6]), "acceptedMillimetres": 3.0])
  static let units = "the header names no unit of length; mm are assumed"

  /// The warnings of a thick, cut and swapped 2D FLAIR with an MPRAGE that is no better.
  static func awkward() -> PatientResults {
    func header(_ image: String) -> Warning { Warning(.header, images: [image], ["fault": .text(units)]) }
    var other = thick
    other.images = ["MPRAGE"]
    var results = PagesSamples.results(warnings: [
      header("FLAIR"), header("MPRAGE"), thick, other, Warning(.brainCutAtTop, images: ["FLAIR"]),
      Warning(
        .voxelsUnlikeTraining, images: ["FLAIR"],
        ["voxelMillimetres": .numbers([0.5, 0.6, 5]), "trainingMillimetres": .numbers([1, 1, 1])]),
      Warning(.swappedByWhiteMatter, images: ["FLAIR", "MPRAGE"]),
      Warning(.calibrationNotUsed, ["calibratedSamples": 10.0, "samples": 2.0]),
    ])
    results.patient.synthetic = false
    results.model?.brainExtracted = true
    for index in results.inputs.indices { results.inputs[index].headerProblems = [units] }
    return results
  }

  @Test func theMostSeriousComesFirstAndTheHeaderLast() {
    let notices = Notices(Self.awkward().warnings)
    #expect(notices.serious.map { $0.hasPrefix("White matter") } == [true])
    #expect(
      notices.shown == [
        "2D FLAIR and MPRAGE: slices of 5 mm over 0.5 × 0.6 mm in plane. Lesions may be missed, and volumes "
          + "are uncertain; the " + "consensus protocol asks for 3D, or slices of at most 3 mm."
      ])
    #expect(notices.folded.count == 4 && notices.folded.last == "FLAIR and MPRAGE: \(Self.units)")
  }

  @Test func twoAreNotFolded() {
    let warnings = [Warning(.brainCutAtTop), Warning(.brainCutAtBottom), Warning(.calibrationFittedOnThisPatient)]
    let sentences = warnings.map(\.sentence)
    let two = Notices(Array(warnings.prefix(2)))
    #expect(two.shown == Array(sentences.prefix(2)) && two.folded.isEmpty)
    #expect(Notices(warnings).folded == Array(sentences.dropFirst()))
    #expect(Notices([]).shown.isEmpty)
  }

  @Test func aRefusedCalibrationSaysItsRemedyInTheRuleOfTheOrder() throws {
    let page = try PagesSamples.page(Self.awkward())
    #expect(page.contains("For the scores of the model&#39;s calibration: use 10 noise samples or more."))
  }

  @Test func thePageShowsEveryOneOnce() throws {
    let page = try PagesSamples.page(Self.awkward())
    #expect(page.contains("<summary>4 more notes on these images</summary>"))
    let failed = try #require(page.range(of: "SANITY CHECK FAILED</strong>")).lowerBound
    let swapped = try #require(page.range(of: "look swapped")).lowerBound
    let uncalibrated = try #require(page.range(of: "UNCALIBRATED ORDER</strong>")).lowerBound
    #expect(failed < swapped && swapped < uncalibrated)
    for warning in [
      "look swapped", "still shows brain", "trained at", "calibration is not used", "2D FLAIR and MPRAGE",
    ] { #expect(page.components(separatedBy: warning).count == 2, "\(warning)") }
  }
}
