import Analysis
import Files
package import Foundation
import Results
import Software

/// The files that make an output folder a BIDS derivative.
package enum DatasetFiles {
  static let descriptionFile = "dataset_description.json"
  static let readmeFile = "README.md"

  /// What an output folder holds.
  package enum Kind: Sendable, Equatable {
    /// Results of runs.
    case results
    /// Prepared images; where the raw data set lies relative to the folder, nil for images given one by one.
    case prepared(synthetic: Bool, raw: String?)

    package var link: String? { if case .prepared(_, let raw) = self { raw } else { nil } }
  }

  /// Writes `dataset_description.json`, `.bidsignore` and, unless there is one, `README.md`.
  ///
  /// - Parameter dataset: the data set with the images of results; nil: what the description says of it stays.
  /// - Throws: ``Fault`` for a folder of another kind.
  package static func write(to root: URL, kind: Kind = .results, dataset: URL? = nil) throws {
    // Without slashes at the end: validators take those for names of files.
    let ignored = """
      *.html
      cohort.tsv
      lesions.tsv
      audit
      evaluation
      **/*_results.json
      **/*_saliency.nii.gz
      **/*_decisions.*
      **/*_review.json
      *.pdf
      *.png
      ro-crate-metadata.json
      .lesionqc-*

      """
    try CohortLock.with(root) {
      try kind.requireFree(root)
      let file = root.appendingPathComponent(descriptionFile)
      var description = DatasetDescription(kind.joining(root), like: try? SmallFile.read(file, .description))
      if let dataset { description.rawPath = DatasetDescription.relativePath(to: dataset, from: root) }
      description.container = DatasetDescription.ownContainer
      try replace(file, with: description.bytes)
      try replace(root.appendingPathComponent(".bidsignore"), with: Array(ignored.utf8))
      let readme = root.appendingPathComponent(readmeFile)
      if !FileManager.default.fileExists(atPath: readme.path) { try replace(readme, with: Array(kind.readme.utf8)) }
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
