import Analysis
import Files
package import Foundation
import JSON
import Results
import Software

/// The files that make an output folder a BIDS derivative.
package enum DatasetFiles {
  static let descriptionFile = "dataset_description.json"

  /// What an output folder holds.
  package enum Kind: Sendable, Equatable {
    /// Results of runs.
    case results
    /// Prepared images; where the raw data set lies relative to the folder, nil for images given one by one.
    case prepared(synthetic: Bool, raw: String?)

    package var link: String? { if case .prepared(_, let raw) = self { raw } else { nil } }
  }

  /// What `dataset_description.json` says as a version of this program wrote it.
  static func description(_ kind: Kind = .results, version: String = Software.version) -> [UInt8] {
    let (name, purpose): (String, String)
    var more: [String] = []
    switch kind {
    case .results:
      name = "lesionqc: quality control of multiple sclerosis lesion segmentation"
      purpose = "Lesion masks, instance saliency maps and review reports"
    case .prepared(let synthetic, let raw):
      name = PreparedDataset.name
      purpose = "FLAIR and T1w on the grid of the FLAIR, registered, 0 outside the brain"
      if let raw { more.append("\"DatasetLinks\": {\"raw\": \(JSONValue.string(raw).text())}") }
      if synthetic { more.append("\"Keywords\": [\"\(PreparedDataset.keyword)\"]") }
    }
    return Array(
      """
      {
        "Name": "\(name)",
        "BIDSVersion": "1.10.0",
        "DatasetType": "derivative",
        "GeneratedBy": [
          {
            "Name": "lesionqc",
            "Version": "\(version)",
            "Description": "\(purpose). Research software, not a \
      medical device."
          }
        ]\(more.map { ",\n  \($0)" }.joined())
      }

      """.utf8)
  }

  /// Writes `dataset_description.json` and `.bidsignore` unless they say the same already.
  ///
  /// - Throws: ``Fault`` for a folder of another kind.
  package static func write(to root: URL, kind: Kind = .results) throws {
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
      *.png
      ro-crate-metadata.json
      .lesionqc-*

      """
    try CohortLock.with(root) {
      try kind.requireFree(root)
      try replace(root.appendingPathComponent(descriptionFile), with: description(kind.joining(root)))
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

extension DatasetFiles.Kind {
  /// Refuses a folder that holds something else: results would remove prepared images of the same patient, and the
  /// reverse.
  ///
  /// - Throws: ``Fault``.
  package func requireFree(_ root: URL) throws {
    func refusal(_ found: String) -> Fault { Fault(.output, root.path, found: found, remedy: .otherFolder) }
    let standing = PreparedDataset(root: root)
    switch self {
    case .results: if standing != nil { throw refusal("holds prepared images") }
    case .prepared(let synthetic, let raw):
      guard let standing else {
        let file = root.appendingPathComponent(DatasetFiles.descriptionFile)
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        throw refusal("holds another data set")
      }
      if standing.synthetic != synthetic {
        throw refusal("holds prepared images of \(synthetic ? "real" : "synthetic") patients")
      }
      if let raw, let other = standing.raw, raw != other { throw refusal("holds prepared images of another data set") }
    }
  }

  /// The same, with the link that a folder has where this has none.
  fileprivate func joining(_ root: URL) -> Self {
    guard case .prepared(let synthetic, nil) = self else { return self }
    return .prepared(synthetic: synthetic, raw: PreparedDataset(root: root)?.raw)
  }
}
