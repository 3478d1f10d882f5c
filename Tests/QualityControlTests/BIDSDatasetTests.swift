import Foundation
import Testing

@testable import QualityControl

/// A folder with empty files of these names.
private func makeFolder(_ files: [String]) throws -> URL {
  let root = FileManager.default.temporaryDirectory.appendingPathComponent("bids-\(UUID().uuidString)")
  for file in files {
    let url = root.appendingPathComponent(file)
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data().write(to: url)
  }
  return root
}

@Test func patientsAndSessionsAreFoundInOrder() throws {
  let root = try makeFolder([
    "sub-02/ses-b/anat/sub-02_ses-b_FLAIR.nii.gz", "sub-02/ses-b/anat/sub-02_ses-b_T1w.nii.gz",
    "sub-02/ses-a/anat/sub-02_ses-a_acq-3D_FLAIR.nii.gz", "sub-02/ses-a/anat/sub-02_ses-a_T1w.nii",
    "sub-01/anat/sub-01_FLAIR.nii", "sub-01/anat/sub-01_T1w.nii.gz", "sub-01/anat/sub-01_T2w.nii.gz",
  ])
  let entries = try BIDSDataset(root: root).entries()
  #expect(entries.map(\.name) == ["sub-01", "sub-02_ses-a", "sub-02_ses-b"])
  #expect(try entries[1].input.get().stem == "sub-02_ses-a_acq-3D")
  #expect(try BIDSDataset(root: root).entries(labels: ["02"], sessions: ["ses-b"]).map(\.name) == ["sub-02_ses-b"])
}

@Test func missingAndAmbiguousImagesAreThePatientsFault() throws {
  let root = try makeFolder([
    "sub-01/anat/sub-01_FLAIR.nii.gz", "sub-02/anat/sub-02_run-1_FLAIR.nii.gz", "sub-02/anat/sub-02_run-2_FLAIR.nii.gz",
    "sub-02/anat/sub-02_T1w.nii.gz",
  ])
  let entries = try BIDSDataset(root: root).entries()
  #expect { try entries[0].input.get() } throws: { "\($0)".contains("T1w") }
  #expect { try entries[1].input.get() } throws: { "\($0)".contains("run-1") && "\($0)".contains("run-2") }
}

@Test func unknownPatientIsRefusedByName() throws {
  let root = try makeFolder(["sub-01/anat/sub-01_FLAIR.nii.gz"])
  #expect { try BIDSDataset(root: root).entries(labels: ["sub-09"]) } throws: { "\($0)".contains("sub-09") }
  #expect(throws: QualityControlError.self) { try BIDSDataset(root: root.appendingPathComponent("absent")) }
}

@Test(arguments: ["", "a b", "../x", "sub-", "é", String(repeating: "a", count: 65)]) func badIdentifiersAreRefused(
  _ identifier: String
) {
  #expect(throws: QualityControlError.self) { try PatientInput.label(from: identifier) }
}

@Test func identifiersBecomeLabels() throws {
  #expect(try PatientInput.label(from: "patient07") == "sub-patient07")
  #expect(try PatientInput.label(from: "sub-07") == "sub-07")
}
