import Foundation
import Lesions
import Results

/// Where the files of one patient lie in an output folder (BIDS derivatives).
struct OutputLayout: Sendable {
  let root: URL
  /// `sub-01` or `sub-01_ses-02`.
  let name: String
  let label: String
  let session: String?
  /// Stem of file names with the source's entities.
  let stem: String

  init(root: URL, input: PatientInput) {
    self.root = root
    name = input.name
    label = input.label
    session = input.session
    stem = input.stem
  }

  init(root: URL, label: String, session: String?, stem: String) {
    self.root = root
    name = [label, session].compactMap { $0 }.joined(separator: "_")
    self.label = label
    self.session = session
    self.stem = stem
  }

  /// Folder of the images, relative to the root: `sub-01/ses-02/anat`.
  var folder: String { [label, session, "anat"].compactMap { $0 }.joined(separator: "/") }

  var mask: String { "\(folder)/\(stem)_label-L_mask.nii.gz" }
  var probability: String { "\(folder)/\(stem)_label-L_probseg.nii.gz" }
  var segmentation: String { "\(folder)/\(stem)_seg-lesion_dseg.nii.gz" }
  var segmentationTable: String { "\(folder)/\(stem)_seg-lesion_dseg.tsv" }
  var results: String { "\(folder)/\(stem)_desc-lesionqc_results.json" }
  var report: String { "\(name).html" }
  var reviewedMask: String { "\(folder)/\(stem)_label-L_desc-reviewed_mask.nii.gz" }
  var decisionTable: String { "\(folder)/\(stem)_desc-reviewed_decisions.tsv" }
  var reviewSummary: String { "\(folder)/\(stem)_desc-reviewed_review.json" }
  var auditTrail: URL { root.appendingPathComponent("audit/\(name).jsonl") }

  func saliency(_ finding: FindingID) -> String { "\(folder)/\(saliencyFileName(finding))" }
  func saliencyFileName(_ finding: FindingID) -> String { "\(stem)_desc-\(finding)_saliency.nii.gz" }
  func layerMap(_ finding: FindingID) -> String { "\(folder)/\(layerMapFileName(finding))" }
  func layerMapFileName(_ finding: FindingID) -> String { "\(stem)_desc-\(finding)gradcam_saliency.nii.gz" }
  func wholeSaliency(_ finding: FindingID) -> String { "\(folder)/\(stem)_desc-\(finding)whole_saliency.nii.gz" }

  /// Refuses a place where a folder stands in the way of a file or a file in the way of a folder, before anything is written.
  ///
  /// - Throws: ``QualityControlError/badOutput(_:)``.
  func requireFreePlaces() throws {
    let files = ["dataset_description.json", ".bidsignore", "index.html", "cohort.tsv", "lesions.tsv", report]
    let folders = ["audit", label, [label, session].compactMap { $0 }.joined(separator: "/"), folder]
    for (place, isFolderWanted) in files.map({ (url($0), false) }) + [(auditTrail, false)]
      + folders.map({ (url($0), true) })
    {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: place.path, isDirectory: &isFolder),
        isFolder.boolValue != isFolderWanted
      else { continue }
      throw QualityControlError.badOutput(
        "\(place.path): is a \(isFolder.boolValue ? "folder, a file" : "file, a folder") belongs there; "
          + "move it away or choose another output folder")
    }
  }

  func url(_ relative: String) -> URL { root.appendingPathComponent(relative) }
}
