import Foundation
import Results
import Testing

@testable import Analysis

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
  #expect(throws: Fault.self) { try BIDSDataset(root: root.appendingPathComponent("absent")) }
}

@Test func aPatientWithoutT1wIsTakenOnlyWhereNoneIsNeeded() throws {
  let root = try makeFolder([
    "sub-01/anat/sub-01_FLAIR.nii.gz", "sub-02/anat/sub-02_FLAIR.nii.gz", "sub-02/anat/sub-02_T1w.nii.gz",
    "sub-03/anat/sub-03_FLAIR.nii.gz", "sub-03/anat/sub-03_run-1_T1w.nii.gz", "sub-03/anat/sub-03_run-2_T1w.nii.gz",
    "sub-04/anat/sub-04_T1w.nii.gz",
  ])
  func found(needsMPRAGE: Bool) throws -> [String] {
    try BIDSDataset(root: root).entries(needsMPRAGE: needsMPRAGE).map { entry in
      switch entry.input {
      case .success(let input): input.mprage?.lastPathComponent ?? "FLAIR alone"
      case .failure(let fault): "\(fault)".contains("FLAIR: no image") ? "no FLAIR" : "refused"
      }
    }
  }
  #expect(try found(needsMPRAGE: true) == ["refused", "sub-02_T1w.nii.gz", "refused", "no FLAIR"])
  // Which of two T1w images is meant has still to be said.
  #expect(try found(needsMPRAGE: false) == ["FLAIR alone", "sub-02_T1w.nii.gz", "refused", "no FLAIR"])
}

@Test(arguments: ["", "a b", "../x", "sub-", "é", String(repeating: "a", count: 65)]) func badIdentifiersAreRefused(
  _ identifier: String
) { #expect(throws: Fault.self) { try PatientInput.label(from: identifier) } }

@Test func identifiersBecomeLabels() throws {
  #expect(try PatientInput.label(from: "patient07") == "sub-patient07")
  #expect(try PatientInput.label(from: "sub-07") == "sub-07")
}

/// Writes a filter file and returns its place.
private func makeFilter(_ json: String) throws -> URL {
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("filter-\(UUID().uuidString).json")
  try Data(json.utf8).write(to: url)
  return url
}

@Test func aFilterFileChoosesAmongSeveralImages() throws {
  let root = try makeFolder([
    "sub-01/anat/sub-01_acq-2D_FLAIR.nii.gz", "sub-01/anat/sub-01_acq-3D_FLAIR.nii.gz",
    "sub-01/anat/sub-01_FLAIR.nii.gz", "sub-01/anat/sub-01_run-01_T1w.nii.gz", "sub-01/anat/sub-01_run-02_T1w.nii.gz",
  ])
  func input(_ json: String) throws -> PatientInput {
    try BIDSDataset(root: root, filter: BIDSFilter(file: makeFilter(json))).entries()[0].input.get()
  }
  let chosen = try input(#"{"flair": {"acquisition": "3D", "datatype": "anat"}, "t1w": {"run": 2}}"#)
  #expect(chosen.flair.lastPathComponent == "sub-01_acq-3D_FLAIR.nii.gz")
  #expect(chosen.mprage?.lastPathComponent == "sub-01_run-02_T1w.nii.gz")
  let bare = try input(#"{"flair": {"acquisition": null}, "t1w": {"run": [1, 7]}}"#)
  #expect(bare.flair.lastPathComponent == "sub-01_FLAIR.nii.gz")
  #expect(bare.mprage?.lastPathComponent == "sub-01_run-01_T1w.nii.gz")
  #expect { try input(#"{"flair": {"acquisition": ["2D", "3D"]}, "t1w": {"run": 1}}"#) } throws: {
    guard let fault = $0 as? Fault else { return false }
    return fault.role == "FLAIR" && fault.found.hasPrefix("2 images") && fault.remedy == .chooseImage
  }
}

@Test(arguments: [
  "[]", "{", "", #"{"flair": 3}"#, #"{"flair": null}"#, #"{"flair": {"acq": "3D"}}"#, #"{"t1w": {"run": []}}"#,
  #"{"flair": {"run": 1}, "FLAIR": {"run": 2}}"#, #"{"flair": {"run": 1}, "flair": {"run": 2}}"#,
  #"{"flair": {"run": 1, "Run": 2}}"#, #"{"flair": {"run": true}}"#, #"{"flair": {"run": 1.5}}"#,
  #"{"flair": {"run": {"min": 1}}}"#, #"{"flair": {"run": [[1]]}}"#, #"{"flair": {"desc": "Query.MAYBE"}}"#,
  #"{"flair": {"colour": "red"}}"#, #"{"flair": {}} trailing"#, String(repeating: "[", count: 100_000),
]) func badFilterFilesAreRefusedByName(_ json: String) throws {
  let file = try makeFilter(json)
  #expect { try BIDSFilter(file: file) } throws: {
    ($0 as? Fault)?.subject == .input && "\($0)".contains(file.lastPathComponent) && !"\($0)".contains("\n")
  }
}

@Test func sectionsOfOtherProgramsAreSkippedWithANote() throws {
  let file = try makeFilter(#"{"bold": {"task": "rest"}, "t2w": 3, "FLAIR": {"Acquisition": "3D"}}"#)
  let filter = try BIDSFilter(file: file)
  #expect(filter.notes.count == 1 && filter.notes[0].contains("\"bold\", \"t2w\""))
  #expect(try !filter.takes(BIDSName("sub-01_FLAIR.nii"), section: "flair"))
  #expect(try BIDSFilter(file: makeFilter(#"{"t1w": {}}"#)).notes == [])
}
