import Analysis
import Archive
import Foundation
import Results

/// Where the files of one prepared patient lie.
struct PreparedLayout {
  /// Folder, audit trail and lock are those of every output folder.
  let output: OutputLayout
  /// Stems of the names without ending, relative to the root.
  let flair: String
  let t1w: String
  let brain: String
  let transform: String
  /// The page, relative to the root.
  var page: String { output.report }
  /// Of the picture of a registration that was refused, relative to the root.
  let refusedPicture: String

  /// - Parameter t1Stem: with the entities of the T1w, which may be others than those of the FLAIR.
  init(root: URL, input: PatientInput, stem: String, t1Stem: String) {
    output = OutputLayout(root: root, label: input.label, session: input.session, stem: stem)
    let images = "_space-\(PreparedDataset.space)_desc-\(PreparedDataset.images)_"
    flair = "\(output.folder)/\(stem)\(images)FLAIR"
    t1w = "\(output.folder)/\(t1Stem)\(images)T1w"
    brain = "\(output.folder)/\(stem)_space-\(PreparedDataset.space)_desc-\(PreparedDataset.brain)_mask"
    transform = "\(output.folder)/\(stem)_from-T1w_to-FLAIR_mode-image_xfm"
    refusedPicture = ForeignPictures.refusedRegistration(of: output.name)
  }

  static func image(_ stem: String) -> String { stem + ".nii.gz" }
  static func text(_ stem: String) -> String { stem + ".txt" }
  static func sidecar(_ stem: String) -> String { stem + ".json" }

  /// Files that are steps on the way and may stay when images are made anew.
  var ofSteps: Set<String> { [Self.image(brain), Self.sidecar(brain), Self.text(transform), Self.sidecar(transform)] }
}

extension PreparedLayout {
  /// The BIDS URI of what the prepared images' space is named after.
  func spatialReference(_ places: (flair: String, t1w: String)?) -> String {
    Places(raw: places).flair.first ?? Places.own(Self.image(flair))
  }
}

extension PreparationStep {
  /// The tool of a step that a file of the user's stands for.
  static let userFile = "file of the user"
}
