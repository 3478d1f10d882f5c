import AuditTrail
import Foundation
public import Networks

/// Makes a model folder out of an nnU-Net v2 result folder. Everything is checked before the folder is there.
public struct NNUNetModelImport {
  public var source: NNUNetImport
  public var version: String?
  public var licence: String?

  public init(source: NNUNetImport, version: String? = nil, licence: String? = nil) {
    (self.source, self.version, self.licence) = (source, version, licence)
  }

  /// Writes model.json, the weights of every fold and MODEL_CARD.md.
  ///
  /// - Throws: `NetworkError` with what does not fit, ``QualityControlError/badOutput(_:)``; nothing is left then.
  public func write(to path: String, overwrite: Bool) throws -> NNUNetImport.Outcome {
    let draft = try ModelFolderDraft(destination: path, overwrite: overwrite)
    var remarks: [(key: String, value: String)] = []
    if let version { remarks.append(("version", version)) }
    if let licence { remarks.append(("licence", licence)) }
    remarks.append(("importedBy", "\(Product.name) \(Product.version)"))
    for name in ["plans", "dataset"] {
      remarks.append(("\(name)Sha256", try Self.digest(source.source.appendingPathComponent("\(name).json"))))
    }
    let outcome = try source.write(into: draft.folder, remarks: remarks)
    try draft.write(try card(outcome), to: "MODEL_CARD.md")
    try draft.commit()
    return outcome
  }

  /// A file that is not there is named by the import itself.
  private static func digest(_ url: URL) throws -> String {
    FileManager.default.fileExists(atPath: url.path) ? try Digest.sha256(file: url) : ""
  }

  private func card(_ outcome: NNUNetImport.Outcome) throws -> String {
    let files = try zip(outcome.folds, outcome.checkpointPaths).map { fold, path in
      "| fold_\(fold)/\(source.checkpointName) | `\(try Digest.sha256(file: URL(fileURLWithPath: path)))` |"
    }
    return """
      # \(source.modelName ?? "\(outcome.datasetName) \(outcome.configuration)")

      An nnU-Net v2 `\(outcome.architectureName)` of \(outcome.parameterCount) parameters (\(outcome.trainer), \
      \(outcome.configuration)), imported by \(Product.name) \(Product.version). \(Product.disclaimer)

      ## Input

      FLAIR and MPRAGE (T1w), in this order; \(source.brainExtracted ? "brain-extracted" : "whole heads"), as the person who imported \
      the model stated. Preprocessing, tiling and resampling follow the plans and stand in model.json.

      ## Origin

      | file | SHA-256 |
      | --- | --- |
      \(files.joined(separator: "\n"))

      Training data: \(outcome.datasetName). Licence: \(licence ?? "not stated").

      ## Metrics

      Unknown. How well it finds lesions has to be measured on cases with a reference mask before anybody relies on it.

      """
  }
}
