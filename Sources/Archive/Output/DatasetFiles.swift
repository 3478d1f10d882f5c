package import Foundation
package import Results
import Software

/// The files that make an output folder a BIDS derivative.
package enum DatasetFiles {
  /// Writes `dataset_description.json` and `.bidsignore` unless they say the same already.
  package static func write(to root: URL) throws {
    let description = """
      {
        "Name": "lesionqc: quality control of multiple sclerosis lesion segmentation",
        "BIDSVersion": "1.10.0",
        "DatasetType": "derivative",
        "GeneratedBy": [
          {
            "Name": "lesionqc",
            "Version": "\(Software.version)",
            "Description": "Lesion masks, instance saliency maps and review reports. Research software, not a \
            medical device."
          }
        ]
      }

      """
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
      .lesionqc-*

      """
    try replace(root.appendingPathComponent("dataset_description.json"), with: Array(description.utf8))
    try replace(root.appendingPathComponent(".bidsignore"), with: Array(ignored.utf8))
  }

  /// Writes atomically, and only when the content changes.
  package static func replace(_ url: URL, with bytes: [UInt8]) throws {
    let data = Data(bytes)
    if (try? Data(contentsOf: url)) == data { return }
    do { try data.write(to: url, options: .atomic) } catch { throw Fault.unwritable(url, error) }
  }
}
