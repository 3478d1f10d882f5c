import Foundation
import Lesions
import Results
import SharedPatients
import Testing
import Volumes

@testable import Analysis

private let realPatients = checkout.deletingLastPathComponent().appendingPathComponent("shared/data/ljubljana-ms")

@Suite struct SwapCheckTests {
  private func check(_ root: URL, _ label: String) throws {
    let anat = root.appendingPathComponent("\(label)/anat/\(label)").path
    let flair = URL(fileURLWithPath: anat + "_FLAIR.nii.gz")
    let mprage = URL(fileURLWithPath: anat + "_T1w.nii.gz")
    func warning(_ flair: URL, _ mprage: URL) throws -> Warning? {
      let scan = try PatientScan(
        PatientInput(label: label, flair: flair, mprage: mprage), expectsBrainExtracted: true, reslice: false)
      let nothing = Volume(
        shape: scan.brainMask.shape, affine: scan.brainMask.affine,
        voxels: [UInt8](repeating: 0, count: scan.brainMask.voxels.count))
      return try #require(SwapCheck(scan)).warning(lesions: Components(of: nothing))
    }
    #expect(try warning(flair, mprage) == nil)
    let swapped = try #require(try warning(mprage, flair))
    #expect(swapped.code == .swappedByWhiteMatter && swapped.sentence.contains("swapped"))
  }

  @Test(arguments: ["sub-01", "sub-02", "sub-03"]) func ofPhantoms(_ label: String) throws {
    try check(checkout.appendingPathComponent("sample-data"), label)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: realPatients.path)), arguments: ["sub-07", "sub-26"])
  func ofRealPatients(_ label: String) throws { try check(realPatients, label) }
}
