import Checkpoints
package import Foundation

/// A folder of images that this program prepared: FLAIR and T1w on one grid, cut to the brain, with the brain mask.
///
/// Told by its `dataset_description.json`, so that a name alone (`desc-prepared`) makes no image one of ours.
package struct PreparedDataset: Sendable, Equatable {
  package static let name = "lesionqc: prepared images of multiple sclerosis patients"
  package static let keyword = "synthetic"
  /// What prepared images have in their names.
  package static let space = "FLAIR"
  package static let images = "prepared"
  package static let brain = "brain"

  /// Its patients are synthetic.
  package let synthetic: Bool
  /// Where the raw data set lies, relative to the folder; nil where the images were given one by one.
  package let raw: String?

  /// Nil for any other folder.
  package init?(root: URL) {
    let file = root.appendingPathComponent("dataset_description.json")
    guard let fields = try? JSONValue(path: file.path), fields.text("Name") == Self.name,
      case .array(let tools)? = fields.member("GeneratedBy"), tools.first?.text("Name") == "lesionqc"
    else { return nil }
    raw = fields.member("DatasetLinks")?.text("raw")
    if case .array(let words)? = fields.member("Keywords") {
      synthetic = words.contains { if case .string(Self.keyword) = $0 { true } else { false } }
    } else {
      synthetic = false
    }
  }

  /// The one that a file lies in: `sub-*/[ses-*/]anat` are at most three folders.
  package init?(around file: URL) {
    var folder = file.standardizedFileURL.deletingLastPathComponent()
    for _ in 0..<4 {
      if let found = PreparedDataset(root: folder) {
        self = found
        return
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }
}

extension JSONValue {
  fileprivate func text(_ key: String) -> String? { if case .string(let text)? = member(key) { text } else { nil } }
}
