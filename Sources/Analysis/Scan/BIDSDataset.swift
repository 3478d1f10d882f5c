public import Foundation
public import Results

/// A BIDS data set as far as lesion quality control needs it: who is there, and where FLAIR, T1w and lesion masks are.
///
/// Source: Brain Imaging Data Structure 1.10, `sub-<label>/[ses-<label>/]anat/`.
public struct BIDSDataset: Sendable {
  public let root: URL
  /// The description or its keywords say that the patients are synthetic.
  public let synthetic: Bool
  private let filter: BIDSFilter

  /// What was found for one patient and session: the files, or why they cannot be used.
  public struct Entry: Sendable {
    public let label: String
    public let session: String?
    public let input: Result<PatientInput, Fault>
    public var name: String { [label, session].compactMap { $0 }.joined(separator: "_") }
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
    guard let data = try? Data(contentsOf: folder.appendingPathComponent("dataset_description.json")) else {
      return false
    }
    return String(decoding: data, as: UTF8.self).lowercased().contains("synthetic")
  }

  /// Every patient and session in order of label, restricted to the given labels (with or without `sub-` and `ses-`).
  ///
  /// - Parameter needsMPRAGE: whether a patient without a T1w image is left out; a network of FLAIR alone needs none.
  /// - Throws: ``Fault`` when a label that was asked for does not exist, or nobody is there.
  public func entries(
    labels: [String] = [], sessions: [String] = [], referenceRoot: URL? = nil, needsMPRAGE: Bool = true
  ) throws -> [Entry] {
    func entry(_ label: String, _ session: String?, _ folder: URL) -> Entry {
      Entry(
        label: label, session: session,
        input: Result { () throws(Fault) in try input(label, session, folder, referenceRoot, needsMPRAGE: needsMPRAGE) }
      )
    }
    let wanted = Set(labels.map { $0.hasPrefix("sub-") ? $0 : "sub-\($0)" })
    let wantedSessions = Set(sessions.map { $0.hasPrefix("ses-") ? $0 : "ses-\($0)" })
    let present = folders(in: root, prefix: "sub-")
    let absent = wanted.subtracting(present).sorted()
    guard !present.isEmpty else {
      throw Fault(.input, root.path, found: "no sub-* folder", expected: "a BIDS data set with sub-*/anat/")
    }
    guard absent.isEmpty else {
      throw Fault(
        .input, root.path, found: "no \(absent.joined(separator: ", "))",
        expected: "one of \(present.prefix(20).joined(separator: ", "))")
    }
    var found: [Entry] = []
    for label in present where wanted.isEmpty || wanted.contains(label) {
      let folder = root.appendingPathComponent(label)
      let visits = folders(in: folder, prefix: "ses-")
      if visits.isEmpty {
        found.append(entry(label, nil, folder))
      } else {
        for visit in visits where wantedSessions.isEmpty || wantedSessions.contains(visit) {
          found.append(entry(label, visit, folder.appendingPathComponent(visit)))
        }
      }
    }
    guard !found.isEmpty else {
      throw Fault(.input, root.path, found: "no session of that name for the patients asked for")
    }
    return found
  }

  private func input(_ label: String, _ session: String?, _ folder: URL, _ referenceRoot: URL?, needsMPRAGE: Bool)
    throws(Fault) -> PatientInput
  {
    let anat = folder.appendingPathComponent("anat")
    let flair = try only(anat, suffix: "FLAIR", "FLAIR")
    var mprage: URL?
    if needsMPRAGE || !names(anat, suffix: "T1w").isEmpty { mprage = try only(anat, suffix: "T1w", "MPRAGE (T1w)") }
    let stem = stripped(flair.lastPathComponent, suffix: "_FLAIR")
    var reference: URL?
    if let referenceRoot { reference = try lesionMask(label, session, in: referenceRoot) }
    return PatientInput(
      label: label, session: session, stem: stem, flair: flair, mprage: mprage, reference: reference,
      synthetic: synthetic)
  }

  /// The expert mask of a patient and session in a folder of derivatives.
  package func lesionMask(_ label: String, _ session: String?, in derivatives: URL) throws(Fault) -> URL {
    let place = [label, session, "anat"].compactMap { $0 }.reduce(derivatives) { $0.appendingPathComponent($1) }
    return try only(place, suffix: "mask", "lesion mask (label-L_mask)", containing: "label-L")
  }

  /// Names of the NIfTI files of a suffix that the filter takes.
  private func names(_ folder: URL, suffix: String, containing: String? = nil) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { name in
      !name.hasPrefix(".") && (name.hasSuffix("_\(suffix).nii.gz") || name.hasSuffix("_\(suffix).nii"))
        && (containing.map { name.contains("_\($0)_") } ?? true) && filter.takes(name, suffix: suffix)
    }.sorted()
  }

  /// The one NIfTI file of a suffix.
  private func only(_ folder: URL, suffix: String, _ role: String, containing: String? = nil) throws(Fault) -> URL {
    let found = names(folder, suffix: suffix, containing: containing)
    guard let first = found.first else {
      throw Fault(
        .input, folder.path, role: role, found: "no image *_\(suffix).nii.gz",
        remedy: .plain("add it or leave the patient out"))
    }
    guard found.count == 1 else {
      throw Fault(
        .input, folder.path, role: role, found: "\(found.count) images (\(found.joined(separator: ", ")))",
        remedy: .chooseImage)
    }
    return folder.appendingPathComponent(first)
  }

  private func stripped(_ name: String, suffix: String) -> String {
    for ending in ["\(suffix).nii.gz", "\(suffix).nii"] where name.hasSuffix(ending) {
      return String(name.dropLast(ending.count))
    }
    return name
  }

  private func folders(in folder: URL, prefix: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []
    return names.filter { name in
      var isFolder: ObjCBool = false
      return name.hasPrefix(prefix)
        && FileManager.default.fileExists(atPath: folder.appendingPathComponent(name).path, isDirectory: &isFolder)
        && isFolder.boolValue
    }.sorted()
  }
}
