import Files
public import Foundation
public import Results

/// A BIDS data set as far as lesion quality control needs it: who is there, and where FLAIR, T1w and lesion masks are.
///
/// Source: Brain Imaging Data Structure 1.10, `sub-<label>/[ses-<label>/]anat/`.
public struct BIDSDataset: Sendable {
  public let root: URL
  /// The description or its keywords say that the patients are synthetic.
  public let synthetic: Bool
  /// Its images were prepared by this program.
  private let isPrepared: Bool
  let filter: BIDSFilter

  /// What was found for one patient and session: the files, or why they cannot be used.
  public struct Entry: Sendable {
    public let label: String
    public let session: String?
    public let input: Result<PatientInput, Fault>
    public var name: String { [label, session].compactMap { $0 }.joined(separator: "_") }
  }

  /// A folder or image that was not read, and why.
  public struct Skipped: Sendable, Equatable {
    /// Relative to the data set; may name a person, so for the terminal only.
    public let place: String
    /// Names nothing of the place.
    public let reason: String
  }

  public struct Survey: Sendable {
    public var entries: [Entry] = []
    public var skipped: [Skipped] = []
  }

  /// - Throws: ``Fault`` when the folder does not exist or holds no `sub-*` folder.
  public init(root: URL, filter: BIDSFilter = .none) throws {
    self.root = root
    self.filter = filter
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: root.path, isDirectory: &isFolder), isFolder.boolValue else {
      throw Fault(.input, root.path, found: "no such folder", expected: "a BIDS data set with sub-*/anat/")
    }
    synthetic = Self.saysSynthetic(root)
    isPrepared = PreparedDataset(root: root) != nil
  }

  /// Whether a file lies in a data set whose description says that its patients are synthetic.
  public static func holdsSyntheticImage(_ file: URL) -> Bool {
    var folder = file.standardizedFileURL.deletingLastPathComponent()
    // sub-*/ses-*/anat: the description lies at most three folders up.
    for _ in 0..<4 {
      if saysSynthetic(folder) { return true }
      folder.deleteLastPathComponent()
    }
    return false
  }

  private static func saysSynthetic(_ folder: URL) -> Bool {
    let file = folder.appendingPathComponent("dataset_description.json")
    guard let data = try? SmallFile.read(file, .description) else { return false }
    return String(decoding: data, as: UTF8.self).lowercased().contains("synthetic")
  }

  /// The entries of ``survey(labels:sessions:referenceRoot:needsMPRAGE:)``.
  public func entries(
    labels: [String] = [], sessions: [String] = [], referenceRoot: URL? = nil, needsMPRAGE: Bool = true
  ) throws -> [Entry] {
    try survey(labels: labels, sessions: sessions, referenceRoot: referenceRoot, needsMPRAGE: needsMPRAGE).entries
  }

  /// Every patient and session in order of label, restricted to the given labels (with or without `sub-` and `ses-`),
  /// and what was not read.
  ///
  /// - Parameter needsMPRAGE: whether a patient without a T1w image is left out; a network of FLAIR alone needs none.
  /// - Throws: ``Fault`` when a label that was asked for does not exist or is none, or nobody is there.
  public func survey(
    labels: [String] = [], sessions: [String] = [], referenceRoot: URL? = nil, needsMPRAGE: Bool = true
  ) throws -> Survey {
    func add(_ label: String, _ session: String?, _ folder: URL, to survey: inout Survey) {
      var skipped: [BIDSImages.Rejected] = []
      let input = Result { () throws(Fault) in
        try images(label, session, folder, referenceRoot, needsMPRAGE: needsMPRAGE, &skipped)
      }
      survey.entries.append(Entry(label: label, session: session, input: input))
      let place = [label, session].compactMap(\.self).joined(separator: "/")
      survey.skipped += skipped.map { Skipped(place: "\(place)/\($0.place)", reason: $0.reason) }
    }
    let wanted = Set(labels.map { $0.hasPrefix("sub-") ? $0 : "sub-\($0)" })
    let wantedSessions = Set(sessions.map { $0.hasPrefix("ses-") ? $0 : "ses-\($0)" })
    let (present, refused) = LabelledFolders.of(root, prefix: "sub-")
    try requirePresent(wanted, present, refused)
    var survey = Survey(skipped: wanted.isEmpty ? refused : [])
    for label in present where wanted.isEmpty || wanted.contains(label) {
      let folder = root.appendingPathComponent(label)
      let (visits, refused) = LabelledFolders.of(folder, prefix: "ses-")
      survey.skipped += refused.map { Skipped(place: "\(label)/\($0.place)", reason: $0.reason) }
      if visits.isEmpty {
        if refused.isEmpty || BIDSImages.arePresent(in: folder.appendingPathComponent("anat")) {
          add(label, nil, folder, to: &survey)
        }
        continue
      }
      if BIDSImages.arePresent(in: folder.appendingPathComponent("anat")) {
        survey.skipped.append(
          Skipped(place: "\(label)/anat", reason: "images beside the sessions, of which none says to which they belong")
        )
      }
      for visit in visits where wantedSessions.isEmpty || wantedSessions.contains(visit) {
        add(label, visit, folder.appendingPathComponent(visit), to: &survey)
      }
    }
    guard !survey.entries.isEmpty else {
      throw Fault(.input, root.path, found: "no session of that name for the patients asked for")
    }
    return survey
  }

  private func requirePresent(_ wanted: Set<String>, _ present: [String], _ refused: [Skipped]) throws {
    guard !present.isEmpty else {
      let reasons = refused.map(\.reason)
      throw Fault(
        .input, root.path,
        found: reasons.first.map { "\(reasons.count) sub-* folders, none of which can be read (the first: \($0))" }
          ?? "no sub-* folder", expected: "a BIDS data set with sub-*/anat/")
    }
    let absent = wanted.subtracting(present).sorted()
    guard let first = absent.first else { return }
    if let folder = refused.first(where: { $0.place == first }) {
      throw Fault(.input, root.appendingPathComponent(first).path, found: folder.reason)
    }
    throw Fault(
      .input, root.path, found: "no \(absent.joined(separator: ", "))",
      expected: "one of \(present.prefix(20).joined(separator: ", "))")
  }

  /// The one place that says which images a patient must have.
  private func images(
    _ label: String, _ session: String?, _ folder: URL, _ referenceRoot: URL?, needsMPRAGE: Bool,
    _ skipped: inout [BIDSImages.Rejected]
  ) throws(Fault) -> PatientInput {
    let files = BIDSImages(folder: folder, label: label, session: session, filter: filter)
    let flair = try files.only("flair", suffix: "FLAIR", role: "FLAIR", rejected: &skipped)
    let mprage = try files.only("t1w", suffix: "T1w", role: "MPRAGE (T1w)", isNeeded: needsMPRAGE, rejected: &skipped)
    var reference: URL?
    if let referenceRoot { reference = try lesionMask(label, session, in: referenceRoot) }
    // The results are named after the patient's own entities, not after what preparing added.
    var input = PatientInput(
      label: label, session: session, stem: isPrepared ? flair.name.stem(without: ["space", "desc"]) : flair.name.stem,
      flair: flair.url, mprage: mprage?.url, reference: reference,
      brainMask: isPrepared ? try brainMask(label, session, folder) : nil, synthetic: synthetic)
    input.dataset = root
    return input
  }

  /// Of a prepared patient.
  private func brainMask(_ label: String, _ session: String?, _ folder: URL) throws(Fault) -> URL {
    let files = BIDSImages(folder: folder, label: label, session: session, filter: .none)
    var rejected: [BIDSImages.Rejected] = []
    return try files.only("mask", suffix: "mask", role: "brain mask (desc-brain_mask)", rejected: &rejected) {
      $0["desc"] == PreparedDataset.brain
    }.url
  }

  /// The expert mask of a patient and session in a folder of derivatives.
  package func lesionMask(_ label: String, _ session: String?, in derivatives: URL) throws(Fault) -> URL {
    let folder = [label, session].compactMap { $0 }.reduce(derivatives) { $0.appendingPathComponent($1) }
    let files = BIDSImages(folder: folder, label: label, session: session, filter: .none)
    var rejected: [BIDSImages.Rejected] = []
    return try files.only("mask", suffix: "mask", role: "lesion mask (label-L_mask)", rejected: &rejected) {
      $0["label"] == "L"
    }.url
  }
}
