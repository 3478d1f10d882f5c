package import Analysis
package import Files
package import Foundation
package import Lesions
package import Results

/// Where the files of one patient lie in an output folder (BIDS derivatives).
package struct OutputLayout: Sendable {
  static let resultsEnding = "_desc-lesionqc_results.json"

  package let root: URL
  /// `sub-01` or `sub-01_ses-02`.
  package let name: String
  let label: String
  let session: String?
  /// Stem of file names with the source's entities.
  let stem: String

  package init(root: URL, input: PatientInput) {
    self.root = root
    name = input.name
    label = input.label
    session = input.session
    stem = input.stem
  }

  package init(root: URL, label: String, session: String?, stem: String) {
    self.root = root
    name = [label, session].compactMap { $0 }.joined(separator: "_")
    self.label = label
    self.session = session
    self.stem = stem
  }

  /// Folder of the images, relative to the root: `sub-01/ses-02/anat`.
  package var folder: String { [label, session, "anat"].compactMap { $0 }.joined(separator: "/") }

  package var mask: String { "\(folder)/\(stem)_label-L_mask.nii.gz" }
  package var probability: String { "\(folder)/\(stem)_label-L_probseg.nii.gz" }
  package var segmentation: String { "\(folder)/\(stem)_seg-lesion_dseg.nii.gz" }
  var segmentationTable: String { "\(folder)/\(stem)_seg-lesion_dseg.tsv" }
  package var results: String { "\(folder)/\(stem)\(Self.resultsEnding)" }
  var candidates: String { "\(folder)/\(stem)_desc-candidate_dseg.nii.gz" }
  var candidateTable: String { "\(folder)/\(stem)_desc-candidate_dseg.tsv" }
  package var report: String { "\(name).html" }
  /// The page to sign after a review, beside the report.
  package var reviewedPage: String { "\(name)_reviewed.html" }
  package var reviewedMask: String { "\(folder)/\(stem)_label-L_desc-reviewed_mask.nii.gz" }
  var decisionTable: String { "\(folder)/\(stem)_desc-reviewed_decisions.tsv" }
  var decisionDictionary: String { "\(folder)/\(stem)_desc-reviewed_decisions.json" }
  var reviewSummary: String { "\(folder)/\(stem)_desc-reviewed_review.json" }
  package var auditTrail: URL { Self.auditTrail(of: name, in: root) }

  /// Names of a finding's maps, beside the results file.
  package func mapFiles(_ finding: FindingID) -> FindingRecord.MapFiles {
    FindingRecord.MapFiles(
      saliency: "\(stem)_desc-\(finding)_saliency.nii.gz", layerMap: "\(stem)_desc-\(finding)gradcam_saliency.nii.gz")
  }
  func saliency(_ finding: FindingID) -> String { "\(folder)/\(mapFiles(finding).saliency!)" }
  func layerMap(_ finding: FindingID) -> String { "\(folder)/\(mapFiles(finding).layerMap!)" }
  func wholeSaliency(_ finding: FindingID) -> String { "\(folder)/\(stem)_desc-\(finding)whole_saliency.nii.gz" }

  /// Maps in the patient's folder that no record attests: a run left them that was killed while it moved its files into
  /// place. Another run may have fewer findings and would not replace them.
  package func leftMaps(besides attested: [OutputTransaction.File]) throws -> [ContainedPath] {
    let known = Set(attested.map(\.path))
    let names = (try? FileManager.default.contentsOfDirectory(atPath: url(folder).path)) ?? []
    return try names.sorted().compactMap { name in
      guard name.hasPrefix("\(stem)_desc-"), !known.contains("\(folder)/\(name)"),
        name.dropFirst(stem.count).wholeMatch(of: #/_desc-[A-Z][0-9]+(whole|gradcam)?_saliency\.nii\.gz/#) != nil
      else { return nil }
      return try ContainedPath("\(folder)/\(name)")
    }
  }

  /// Refuses a place where a folder stands in the way of a file or a file in the way of a folder, before anything is
  /// written.
  ///
  /// - Throws: ``Fault``.
  package func requireFreePlaces() throws {
    let files = ["dataset_description.json", ".bidsignore", "index.html", "cohort.tsv", "lesions.tsv", report]
    let folders = [
      Self.auditFolder(in: root).lastPathComponent, label, [label, session].compactMap { $0 }.joined(separator: "/"),
      folder,
    ]
    for (place, isFolderWanted) in files.map({ (url($0), false) }) + [(auditTrail, false)]
      + folders.map({ (url($0), true) })
    {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder),
        isFolder.boolValue != isFolderWanted
      else { continue }
      throw Fault(
        .output, place.path, found: "is a \(isFolder.boolValue ? "folder" : "file")",
        expected: "a \(isFolderWanted ? "folder" : "file")",
        remedy: .plain("move it away or choose another output folder"))
    }
  }

  package func url(_ relative: String) -> URL { root.appendingPathComponent(relative) }

  /// Whether a file is one that runs and reviews of this patient write: a trail vouches for nobody else's.
  func owns(_ path: String) -> Bool {
    [report, reviewedPage].flatMap { [$0, $0.dropLast(5) + ".pdf"] }.contains(path)
      || path.hasPrefix("\(folder)/") && !path.dropFirst(folder.count + 1).contains("/")
  }

  /// Refuses a trail behind a link: it is written in place, and what lies elsewhere is not written.
  ///
  /// - Throws: ``Fault``.
  package func requireOwnTrail() throws {
    do throws(FileError) {
      let path = try ContainedPath("audit/\(name).jsonl")
      if FileManager.default.fileExists(atPath: try path.place(in: root, for: .appending).path) {
        try RegularFile.require(path: auditTrail.path)
      }
    } catch { throw Fault(error, .output, remedy: .plain("in a DataLad data set 'datalad unlock' the audit folder")) }
  }
}

// MARK: - Audit trails

extension OutputLayout {
  /// Folder of the audit trails of an output folder.
  static func auditFolder(in root: URL) -> URL { root.appendingPathComponent("audit") }

  package static func auditTrail(of name: String, in root: URL) -> URL {
    auditFolder(in: root).appendingPathComponent("\(name).jsonl")
  }

  /// A file that is there while somebody works on a patient.
  static func lock(of name: String, in root: URL) -> URL {
    auditFolder(in: root).appendingPathComponent(".\(name).lock")
  }

  /// `sub-01` or `sub-01_ses-02`: what a patient's files may be named after.
  package static func isPatientName(_ name: String) -> Bool {
    let parts = name.split(separator: "_", omittingEmptySubsequences: false)
    func isLabel(_ part: Substring, _ prefix: String) -> Bool {
      part.hasPrefix(prefix) && part.utf8.count > prefix.utf8.count && part.utf8.count <= 100
        && part.unicodeScalars.allSatisfy {
          $0.properties.isAlphabetic || $0.properties.numericType != nil || $0 == "-"
        }
    }
    return isLabel(parts[0], "sub-") && (parts.count == 1 || parts.count == 2 && isLabel(parts[1], "ses-"))
  }
  /// Name of the trail of what is done with all patients together.
  package static let cohortTrail = "cohort"

  /// Whether a folder holds audit trails, as every output folder does.
  package static func hasTrails(_ root: URL) -> Bool {
    FileManager.default.fileExists(atPath: auditFolder(in: root).path)
  }

  /// A folder that should hold audit trails and holds none.
  package static func withoutTrails(_ root: URL) -> Fault {
    Fault(.input, root.path, found: "no audit trail (audit/*.jsonl)", expected: "a lesionqc output folder")
  }

  /// Names of all trails, sorted: of the patients, and of the cohort where it has one.
  package static func trailNames(in root: URL) -> [String] {
    let cohort = auditTrail(of: cohortTrail, in: root)
    return (FileManager.default.fileExists(atPath: cohort.path) ? [cohortTrail] : []) + patientNames(in: root)
  }

  /// Names of the patients with an audit trail, sorted; empty for a folder that is no output folder.
  package static func patientNames(in root: URL) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: auditFolder(in: root).path)) ?? []).filter {
      $0.hasSuffix(".jsonl")
    }.map { String($0.dropLast(6)) }.filter(isPatientName).sorted()
  }
}
