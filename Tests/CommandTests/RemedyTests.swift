import Results
import Testing

@testable import lesionqc

/// Every way out that a fault offers: plain words in the libraries, an option or a command on the command line.
@Suite("Remedies on the command line") struct RemedyTests {
  static let named: [(remedy: Fault.Remedy, names: String)] = [
    (.replace, "--overwrite"), (.replaceOrOtherFolder, "--overwrite"), (.runAgain, "--overwrite"),
    (.otherPlace, "--output"), (.runFirst, "'lesionqc run'"), (.gather, "'lesionqc run BIDS_DIR OUTPUT_DIR group'"),
    (.drawAgain, "'lesionqc report'"), (.chooseImage, "--bids-filter-file"), (.reslice, "--reslice"),
    (.brainMask, "--brain-mask"), (.nameLabel(.lesions), "--mask-label"), (.nameLabel(.reference), "--reference-label"),
    (.nameLabel(.brain), "--brain-label"), (.runNetwork, "'lesionqc run --model'"), (.nameImages, "--images"),
    (.choosePseudonym, "--id"), (.nameKey, "--pseudonym-key"), (.installBrowser, "--pdf"),
    (.makeCalibration, "'lesionqc calibrate'"), (.withoutCalibration(or: "calibrate this model"), "--calibration none"),
    (.makeIntensities, "'lesionqc model intensities'"), (.withoutMirroring, "--mirror"), (.nameLayer, "--layer"),
  ]

  @Test(arguments: named.indices) func becomesAnOption(_ index: Int) {
    let (remedy, names) = Self.named[index]
    #expect(remedy.options.contains(names) && !remedy.options.contains("\n"), "\(remedy.options)")
    #expect(!remedy.description.contains("--") && !remedy.description.contains("'lesionqc"), "\(remedy)")
  }

  @Test func plainWordsStayAsTheyAre() {
    #expect(Fault.Remedy.plain("leave one").options == "leave one")
    #expect(Fault.Remedy.otherFolder.options == "choose another output folder")
  }

  @Test func theLineHoldsAllEvidence() {
    let fault = Fault(.input, "/a/t1.nii", role: "MPRAGE", found: "is empty", expected: "a brain", remedy: .reslice)
    #expect(
      ErrorClass.line(of: fault) == "/a/t1.nii: MPRAGE: is empty; expected a brain; \(Fault.Remedy.reslice.options)")
    #expect("\(Fault(.output, "/a", found: "exists"))" == "/a: exists")
  }
}
