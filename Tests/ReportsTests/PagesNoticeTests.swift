import Results
import Testing

@testable import Reports

/// Warnings above the work list: what matters first, and no more than there is room for.
@Suite struct PagesNoticeTests {
  static let thick =
    "2D FLAIR: slices of 5 mm over 0.5 × 0.6 mm in plane. Lesions may be missed, and volumes are uncertain."
  static let units = "the header names no unit of length; mm are assumed"

  /// The warnings of a thick, cut and swapped 2D FLAIR with an MPRAGE that is no better.
  static func awkward() -> PatientResults {
    var results = PagesSamples.results(
      synthetic: false, brainExtracted: true,
      warnings: [
        "FLAIR: \(units)", "MPRAGE: \(units)", thick, thick.replacing("FLAIR", with: "MPRAGE"),
        "The top slice of the FLAIR still shows brain: lesions above it are not in this report.",
        "The FLAIR has voxels of 0.5 × 0.6 × 5 mm, the network was trained at 1 × 1 × 1 mm: expect more errors.",
        "White matter is brighter against the cortex in FLAIR than in MPRAGE: the two images look swapped.",
        "The model's calibration is not used: it was made with 10 noise draws, this run has 2.",
      ])
    for index in results.inputs.indices { results.inputs[index].headerProblems = [units] }
    return results
  }

  @Test func theMostSeriousComesFirstAndTheHeaderLast() {
    let notices = Notices(Self.awkward())
    #expect(notices.serious.map { $0.hasPrefix("White matter") } == [true])
    #expect(notices.shown == [Self.thick.replacing("2D FLAIR", with: "2D FLAIR and MPRAGE")])
    #expect(notices.folded.count == 4 && notices.folded.last == "FLAIR and MPRAGE: \(Self.units)")
  }

  @Test func twoAreNotFolded() {
    let results = PagesSamples.results(warnings: ["a", "b"])
    #expect(Notices(results).shown == ["a", "b"] && Notices(results).folded.isEmpty)
    #expect(Notices(PagesSamples.results(warnings: ["a", "b", "c"])).folded == ["b", "c"])
    #expect(Notices(PagesSamples.results(warnings: [])).shown.isEmpty)
  }

  @Test func thePageShowsEveryOneOnce() throws {
    let page = try PagesSamples.page(Self.awkward())
    #expect(page.contains("<summary>4 more notes on these images</summary>"))
    let failed = try #require(page.range(of: "TRUST CHECK FAILED</strong>")).lowerBound
    let swapped = try #require(page.range(of: "look swapped")).lowerBound
    let uncalibrated = try #require(page.range(of: "UNCALIBRATED ORDER</strong>")).lowerBound
    #expect(failed < swapped && swapped < uncalibrated)
    for warning in [
      "look swapped", "still shows brain", "trained at", "calibration is not used", "2D FLAIR and MPRAGE",
    ] {
      #expect(page.components(separatedBy: warning).count == 2, "\(warning)")
    }
  }
}
