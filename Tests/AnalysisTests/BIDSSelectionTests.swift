import Foundation
import Results
import Testing

@testable import Analysis

/// What becomes of the images of one patient, by their names.
@Suite struct BIDSSelectionTests {
  enum Outcome: Equatable {
    /// This one is FLAIR.
    case taken(String)
    /// Several can be meant.
    case candidates(Int)
    /// None can; a word of the reason.
    case refused(String)
  }

  struct Case: Sendable {
    let files: [String]
    var filter = "{}"
    let outcome: Outcome
    /// Words of the reasons why something was not read.
    var skipped: [String] = []
  }

  static let cases: [Case] = [
    // Names that change nothing.
    Case(files: ["sub-01_FLAIR.nii.gz"], outcome: .taken("sub-01_FLAIR.nii.gz")),
    Case(files: ["sub-01_acq-3D_run-01_FLAIR.nii"], outcome: .taken("sub-01_acq-3D_run-01_FLAIR.nii")),
    Case(files: ["sub-01_part-mag_FLAIR.nii.gz"], outcome: .taken("sub-01_part-mag_FLAIR.nii.gz")),
    Case(files: ["sub-01_FLAIR.nii", "sub-01_FLAIR.nii.gz"], outcome: .candidates(2)),
    Case(files: ["sub-01_FLAIR.nii.gz", "sub-01_ce-gado_FLAIR.nii.gz"], outcome: .candidates(2)),
    Case(files: ["sub-01_FLAIR.nii.gz", "sub-01_space-MNI_FLAIR.nii.gz"], outcome: .candidates(2)),
    Case(files: ["._sub-01_FLAIR.nii.gz", "sub-01_FLAIR.nii.gz"], outcome: .taken("sub-01_FLAIR.nii.gz")),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_FLAIR.json", "sub-01_T2w.nii.gz"], outcome: .taken("sub-01_FLAIR.nii.gz")),
    // Parts of a complex image are no pictures of tissue.
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_part-phase_FLAIR.nii.gz"], outcome: .taken("sub-01_FLAIR.nii.gz"),
      skipped: ["phase part"]),
    Case(
      files: ["sub-01_part-mag_FLAIR.nii.gz", "sub-01_part-real_FLAIR.nii.gz", "sub-01_part-imag_FLAIR.nii.gz"],
      outcome: .taken("sub-01_part-mag_FLAIR.nii.gz"), skipped: ["imaginary", "real"]),
    Case(files: ["sub-01_part-phase_FLAIR.nii.gz"], outcome: .refused("phase part"), skipped: ["phase"]),
    Case(
      files: ["sub-01_part-phase_FLAIR.nii.gz"], filter: #"{"flair": {"part": "phase"}}"#,
      outcome: .refused("phase part"), skipped: ["phase"]),
    Case(files: ["sub-01_part-PHASE_FLAIR.nii.gz"], outcome: .refused("phase part"), skipped: ["phase"]),
    // Names that are not this patient's or not BIDS.
    Case(files: ["sub-02_FLAIR.nii.gz"], outcome: .refused("another patient"), skipped: ["another patient"]),
    Case(files: ["sub-1_FLAIR.nii.gz"], outcome: .refused("another patient"), skipped: ["another patient"]),
    Case(files: ["Doe_FLAIR.nii.gz"], outcome: .refused("no entity"), skipped: ["no entity"]),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_acq-3 D_FLAIR.nii.gz"], outcome: .taken("sub-01_FLAIR.nii.gz"),
      skipped: ["no entity"]),
    Case(files: ["sub-01_acq-a_acq-b_FLAIR.nii.gz"], outcome: .refused("twice"), skipped: ["twice"]),
    Case(files: ["sub-01_ses-02_FLAIR.nii.gz"], outcome: .refused("session"), skipped: ["session"]),
    Case(files: ["acq-3D_sub-01_FLAIR.nii.gz"], outcome: .refused("begin with sub-"), skipped: ["begin with"]),
    Case(files: ["sub-01_acq-u\u{308}_FLAIR.nii.gz"], outcome: .refused("NFC"), skipped: ["NFC"]),
    Case(files: [], outcome: .refused("no image *_FLAIR.nii.gz")),
    // The filter.
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_ce-gado_FLAIR.nii.gz"], filter: #"{"flair": {"ceagent": null}}"#,
      outcome: .taken("sub-01_FLAIR.nii.gz")),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_ce-gado_FLAIR.nii.gz"], filter: #"{"Flair": {"CEAgent": "*"}}"#,
      outcome: .taken("sub-01_ce-gado_FLAIR.nii.gz")),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_ce-gado_FLAIR.nii.gz"], filter: #"{"flair": {"ceagent": "Query.NONE"}}"#,
      outcome: .taken("sub-01_FLAIR.nii.gz")),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_ce-gado_FLAIR.nii.gz"],
      filter: #"{"flair": {"ceagent": "<Query.ANY: 2>"}}"#, outcome: .taken("sub-01_ce-gado_FLAIR.nii.gz")),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_run-1_FLAIR.nii.gz"], filter: #"{"flair": {"run": "Query.OPTIONAL"}}"#,
      outcome: .candidates(2)),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_run-01_FLAIR.nii.gz", "sub-01_run-02_FLAIR.nii.gz"],
      filter: #"{"flair": {"run": [null, 1]}}"#, outcome: .candidates(2)),
    Case(
      files: ["sub-01_run-01_FLAIR.nii.gz", "sub-01_run-02_FLAIR.nii.gz"], filter: #"{"flair": {"run": "2"}}"#,
      outcome: .taken("sub-01_run-02_FLAIR.nii.gz")),
    Case(
      files: ["sub-01_acq-01_FLAIR.nii.gz", "sub-01_acq-1_FLAIR.nii.gz"], filter: #"{"flair": {"acquisition": "1"}}"#,
      outcome: .taken("sub-01_acq-1_FLAIR.nii.gz")),
    Case(
      files: ["sub-01_FLAIR.nii", "sub-01_FLAIR.nii.gz"], filter: #"{"flair": {"extension": ".nii"}}"#,
      outcome: .taken("sub-01_FLAIR.nii")),
    Case(
      files: ["sub-01_FLAIR.nii", "sub-01_FLAIR.nii.gz"], filter: #"{"flair": {"extension": ["nii.gz"]}}"#,
      outcome: .taken("sub-01_FLAIR.nii.gz")),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "sub-01_T2w.nii.gz"], filter: #"{"flair": {"suffix": "T2w"}}"#,
      outcome: .taken("sub-01_T2w.nii.gz")),
    Case(files: ["sub-01_FLAIR.nii.gz"], filter: #"{"flair": {"suffix": "flair"}}"#, outcome: .refused("*_flair")),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "../perf/sub-01_FLAIR.nii.gz"], filter: #"{"flair": {"datatype": "anat"}}"#,
      outcome: .taken("sub-01_FLAIR.nii.gz")),
    Case(
      files: ["../perf/sub-01_acq-x_FLAIR.nii.gz"], filter: #"{"flair": {"datatype": "perf"}}"#,
      outcome: .taken("sub-01_acq-x_FLAIR.nii.gz")),
    Case(
      files: ["sub-01_FLAIR.nii.gz", "../perf/sub-01_FLAIR.nii.gz"], filter: #"{"flair": {"datatype": "*"}}"#,
      outcome: .candidates(2)),
    Case(
      files: ["sub-01_FLAIR.nii.gz"], filter: #"{"flair": {"subject": "sub-01", "session": null}}"#,
      outcome: .taken("sub-01_FLAIR.nii.gz")),
    Case(files: ["sub-01_FLAIR.nii.gz"], filter: #"{"flair": {"subject": "02"}}"#, outcome: .refused("no image")),
  ]

  @Test(arguments: cases) func theImageOfAPatient(_ specimen: Case) throws {
    let root = try tree(["sub-01/anat/sub-01_T1w.nii.gz"] + specimen.files.map { "sub-01/anat/\($0)" })
    let file = root.appendingPathComponent("filter.json")
    try Data(specimen.filter.utf8).write(to: file)
    let survey = try BIDSDataset(root: root, filter: BIDSFilter(file: file)).survey()
    let outcome: Outcome
    switch try #require(survey.entries.first).input {
    case .success(let input): outcome = .taken(input.flair.lastPathComponent)
    case .failure(let fault):
      #expect(fault.role == "FLAIR")
      let count = Int(fault.found.prefix { $0.isNumber }) ?? 0
      if case .refused(let words) = specimen.outcome, fault.found.contains(words) {
        outcome = specimen.outcome
      } else {
        outcome = count > 1 ? .candidates(count) : .refused(fault.found)
      }
    }
    #expect(outcome == specimen.outcome)
    #expect(survey.skipped.count == specimen.skipped.count, "\(survey.skipped)")
    for (found, words) in zip(survey.skipped, specimen.skipped) { #expect(found.reason.contains(words)) }
  }

  private func tree(_ files: [String]) throws -> URL {
    let root = FileManager.default.temporaryDirectory.appendingPathComponent("bids-\(UUID().uuidString)")
    for file in files {
      let url = URL(fileURLWithPath: root.path + "/" + file).standardizedFileURL
      try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try #require(FileManager.default.createFile(atPath: url.path, contents: Data()))
    }
    return root
  }

  private func pair(_ folder: String, _ stem: String) -> [String] {
    ["FLAIR", "T1w"].map { "\(folder)/anat/\(stem)_\($0).nii.gz" }
  }

  @Test(
    "Folders and labels: who is read, and who is skipped with a reason",
    arguments: [
      (["sub-01", "sub-01_ses-02"], ["sub-01"], ["label"]), (["sub-01", "sub-a b"], ["sub-01"], ["label"]),
      (["sub-01", "sub-01-copy", "sub-", "sub-é"], ["sub-01"], ["label", "label", "label"]),
      (["sub-01", "sub-e\u{301}"], ["sub-01"], ["label"]),
      (["sub-AB", "sub-ab", "sub-c"], ["sub-c"], ["capitals", "capitals"]),
      (["sub-01", "sub-02/ses-1", "sub-02/ses-b c"], ["sub-01", "sub-02_ses-1"], ["label"]),
      (["sub-01/ses-a", "sub-01/ses-A"], nil, ["capitals", "capitals"]),
      (["sub-01/ses-a", "sub-01"], ["sub-01_ses-a"], ["beside the sessions"]),
    ] as [([String], [String]?, [String])]) func folders(_ folders: [String], _ names: [String]?, _ reasons: [String])
    throws
  {
    let root = try tree(folders.flatMap { folder in pair(folder, folder.replacing("/", with: "_")) })
    guard let names else {
      #expect(throws: Fault.self) { try BIDSDataset(root: root).survey() }
      return
    }
    let survey = try BIDSDataset(root: root).survey()
    #expect(survey.entries.map(\.name) == names)
    #expect(survey.skipped.count == reasons.count, "\(survey.skipped)")
    for (found, words) in zip(survey.skipped, reasons) { #expect(found.reason.contains(words)) }
    for entry in survey.entries { _ = try entry.input.get() }
  }

  @Test("One folder under two names is one patient") func oneFolderTwice() throws {
    let root = try tree(pair("sub-01", "sub-01"))
    try FileManager.default.createSymbolicLink(atPath: root.path + "/sub-02", withDestinationPath: "sub-01")
    let survey = try BIDSDataset(root: root).survey()
    #expect(survey.entries.map(\.name) == ["sub-01"])
    #expect(survey.skipped.map(\.reason) == ["is the same folder as sub-01"])
    #expect { try BIDSDataset(root: root).survey(labels: ["02"]) } throws: { "\($0)".contains("same folder") }
  }

  @Test("Names that are not UTF-8 are skipped") func otherBytes() throws {
    let root = try tree(pair("sub-01", "sub-01"))
    for path in ["/sub-\u{01}", "/sub-01/anat/sub-01_acq-\u{01}_FLAIR.nii.gz"] {
      let bytes = Array((root.path + path).utf8).map { $0 == 1 ? CChar(bitPattern: 0xE9) : CChar(bitPattern: $0) } + [0]
      if path.hasSuffix("gz") { close(creat(bytes, 0o600)) } else { mkdir(bytes, 0o700) }
    }
    let survey = try BIDSDataset(root: root).survey()
    #expect(survey.entries.count == 1)
    _ = try survey.entries[0].input.get()
    #expect(survey.skipped.map(\.reason) == ["its name is not UTF-8", "its name is not UTF-8"])
    #expect(survey.skipped.map(\.place).contains("sub-\\xE9"))
  }

  @Test(
    "What version control left in the place of an image is named with the command that fetches it",
    arguments: [
      ("link", "../.git/annex/objects/a/b/MD5E-s1--c/MD5E-s1--c", "datalad get"),
      ("text", "/annex/objects/MD5E-s1--c\n", "datalad get"),
      ("text", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n", "git lfs pull"),
      ("link", "/nowhere/flair.nii.gz", "does not exist"),
    ]) func pointers(_ kind: String, _ content: String, _ words: String) throws
  {
    let root = try tree(["sub-01/anat/sub-01_T1w.nii.gz"])
    let flair = root.appendingPathComponent("sub-01/anat/sub-01_FLAIR.nii.gz")
    if kind == "link" {
      try FileManager.default.createSymbolicLink(atPath: flair.path, withDestinationPath: content)
    } else {
      try Data(content.utf8).write(to: flair)
    }
    let entry = try #require(try BIDSDataset(root: root).entries().first)
    #expect { try entry.input.get() } throws: { "\($0)".contains(words) && ($0 as? Fault)?.role == "FLAIR" }
    let input = PatientInput(label: "sub-x", flair: flair, mprage: flair)
    #expect { try PatientScan(input, expectsBrainExtracted: true, reslice: false) } throws: { "\($0)".contains(words) }
  }

  @Test("A link into the data set's own annex is read") func presentContent() throws {
    let root = try tree(["sub-01/anat/sub-01_T1w.nii.gz", ".git/annex/objects/x"])
    try FileManager.default.createSymbolicLink(
      atPath: root.path + "/sub-01/anat/sub-01_FLAIR.nii.gz", withDestinationPath: "../../.git/annex/objects/x")
    _ = try BIDSDataset(root: root).entries()[0].input.get()
  }

  @Test(
    "What a name says of an image is a warning",
    arguments: [
      ("sub-01_FLAIR.nii.gz", [] as [Warning.Code]), ("sub-01_acq-3D_run-1_FLAIR.nii.gz", []), ("flair.nii.gz", []),
      ("sub-01_ce-gado_FLAIR.nii.gz", [.contrastAgent]), ("sub-01_rec-norm_FLAIR.nii.gz", [.derivedImage]),
      ("sub-01_space-MNI152_desc-preproc_FLAIR.nii.gz", [.derivedImage]),
      ("sub-01_ce-gado_space-T1w_FLAIR.nii.gz", [.contrastAgent, .derivedImage]),
    ]) func variants(_ name: String, _ codes: [Warning.Code]) throws
  {
    let url = URL(fileURLWithPath: "/data/\(name)")
    #expect(try ImageVariant.warnings(of: [("FLAIR", url)]).map(\.code) == codes)
    let phase = URL(fileURLWithPath: "/data/sub-01_part-phase_FLAIR.nii.gz")
    #expect(throws: Fault.self) { try ImageVariant.warnings(of: [("FLAIR", phase)]) }
  }
}
