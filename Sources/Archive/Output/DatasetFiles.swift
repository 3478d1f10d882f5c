import Files
package import Foundation
import Results
import Software

/// The files that make an output folder a BIDS derivative.
package enum DatasetFiles {
  static let descriptionFile = "dataset_description.json"

  /// What `dataset_description.json` says as a version of this program wrote it.
  static func description(version: String = Software.version) -> [UInt8] {
    Array(
      """
      {
        "Name": "lesionqc: quality control of multiple sclerosis lesion segmentation",
        "BIDSVersion": "1.10.0",
        "DatasetType": "derivative",
        "GeneratedBy": [
          {
            "Name": "lesionqc",
            "Version": "\(version)",
            "Description": "Lesion masks, instance saliency maps and review reports. Research software, not a \
            medical device."
          }
        ]
      }

      """.utf8)
  }

  /// Writes `dataset_description.json` and `.bidsignore` unless they say the same already.
  package static func write(to root: URL) throws {
    let ignored = """
      *.html
      cohort.tsv
      lesions.tsv
      audit/
      evaluation/
      **/*_results.json
      **/*_saliency.nii.gz
      **/*_decisions.tsv
      **/*_review.json
      *.pdf
      ro-crate-metadata.json
      .lesionqc-*

      """
    try CohortLock.with(root) {
      try replace(root.appendingPathComponent(descriptionFile), with: description())
      try replace(root.appendingPathComponent(".bidsignore"), with: Array(ignored.utf8))
    }
  }

  /// Writes atomically, and only when the content changes.
  package static func replace(_ url: URL, with bytes: [UInt8]) throws {
    if (try? SmallFile.read(url, .page)) == bytes, !isLink(url) { return }
    do { try DurableFile.write(bytes, to: url) } catch { throw Fault.unwritable(url, error) }
  }

  private static func isLink(_ url: URL) -> Bool {
    var status = stat()
    return lstat(url.path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
  }
}
