import Foundation
import Saliency
import SharedPatients
import Testing

@testable import Analysis

/// The same weights with and without a planted fault that makes a network decide by more than a lesion's surroundings.
///
/// The fault is a normalisation over the window, so that the very same brightness means something else when the rest of
/// the window is dark.
@Suite struct ContextModelTests {
  @Test func aNetworkThatNeedsTheWholeWindowFails() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("context-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let anat = checkout.appendingPathComponent("sample-data/sub-03/anat/sub-03").path
    let reference = checkout.appendingPathComponent(
      "sample-data/derivatives/truth/sub-03/anat/sub-03_label-L_mask.nii.gz")
    let patient = PatientInput(
      label: "sub-03", flair: URL(fileURLWithPath: anat + "_FLAIR.nii.gz"),
      mprage: URL(fileURLWithPath: anat + "_T1w.nii.gz"), reference: reference, synthetic: true)
    func context(norm: String) throws -> (CheckOutcome, PerilesionalCurve) {
      let scan = try CheckedScan(
        patient, model: LoadedModel(folder: BrightnessNetwork.write(to: folder, norm: norm), threads: 0))
      let (curves, _) = try PerilesionalContext.curves(scan, count: 1)
      let curve = try #require(curves.first)
      #expect(curve.meanProbability > 0.3 && curve.meanProbability < 0.95)
      return (ExperimentChecks.context(curves), curve)
    }
    let (sound, alone) = try context(norm: "batch")
    #expect(sound.passed == true && alone.saturationMillimetres == 1)
    let (faulty, disturbed) = try context(norm: "instance")
    #expect(faulty.passed == false && disturbed.saturationMillimetres == nil)
    // It is still detected: brighter than it is, which is a fault all the same.
    #expect(disturbed.points.last?.detected == true)
  }
}
