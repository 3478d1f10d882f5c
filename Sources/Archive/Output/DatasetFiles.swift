import Files
package import Foundation
import Results

/// The files that make an output folder a BIDS derivative.
package enum DatasetFiles {
  static let descriptionFile = "dataset_description.json"

  static let readmeFile = "README.md"

  /// Writes `dataset_description.json`, `.bidsignore` and, unless there is one, `README.md`.
  ///
  /// - Parameter dataset: the data set with the images; nil: what the description says of it stays.
  package static func write(to root: URL, dataset: URL? = nil) throws {
    // Without slashes at the end: validators take those for names of files.
    let ignored = """
      *.html
      cohort.tsv
      lesions.tsv
      audit
      evaluation
      **/*_results.json
      **/*_saliency.nii.gz
      **/*_decisions.tsv
      **/*_review.json
      *.pdf
      ro-crate-metadata.json
      .lesionqc-*

      """
    try CohortLock.with(root) {
      let file = root.appendingPathComponent(descriptionFile)
      let standing = DatasetDescription(like: try? SmallFile.read(file, .description))
      let description = DatasetDescription(
        rawPath: dataset.map { DatasetDescription.relativePath(to: $0, from: root) } ?? standing.rawPath)
      try replace(file, with: description.bytes)
      try replace(root.appendingPathComponent(".bidsignore"), with: Array(ignored.utf8))
      let readme = root.appendingPathComponent(readmeFile)
      if !FileManager.default.fileExists(atPath: readme.path) { try replace(readme, with: Array(Self.readme.utf8)) }
    }
  }

  private static let readme = """
    # lesionqc results

    Lesion masks, saliency maps and review reports of multiple sclerosis lesion segmentation, made by lesionqc.
    Research software, not a medical device.

    - `index.html` opens in any browser: every patient, with links to the reports.
    - `sub-*/`: masks, probability, numbered findings and saliency maps as NIfTI, every number of a report as JSON.
    - `cohort.tsv`, `lesions.tsv`: one row per patient, one per finding.
    - `audit/`: what was done, by whom, with which files, model and settings. It names the files of the input with
      their folders; `dataset_description.json` names the data set that they are from.

    Only copies under pseudonyms are made to be given away.

    """

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
