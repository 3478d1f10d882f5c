import AuditTrail
import Digests
import Foundation
public import Networks

/// Makes a model folder out of an nnU-Net v2 result folder. Everything is checked before the folder is there.
public struct NNUNetModelImport {
  public var source: NNUNetImport
  public var version: String?
  public var licence: String?
  /// What the network's origin computed: the model has to agree with it, and keeps it.
  public var probePath: String?

  public init(source: NNUNetImport, version: String? = nil, licence: String? = nil) {
    (self.source, self.version, self.licence) = (source, version, licence)
  }

  /// Writes model.json, the weights of every fold, MODEL_CARD.md and the probe, if there is one.
  ///
  /// - Returns: What was imported, and how far it is from the probe.
  /// - Throws: `NetworkError` with what does not fit, ``QualityControlError/badModel(_:)`` when the model differs from the probe,
  ///   ``QualityControlError/badOutput(_:)``; nothing is left then.
  public func write(to path: String, overwrite: Bool) throws -> (
    outcome: NNUNetImport.Outcome, deviation: ModelProbe.Deviation?
  ) {
    let draft = try ModelFolderDraft(destination: path, overwrite: overwrite)
    var remarks: [(key: String, value: String)] = []
    if let version { remarks.append(("version", version)) }
    if let licence { remarks.append(("licence", licence)) }
    remarks.append(("importedBy", "\(Product.name) \(Product.version)"))
    for name in ["plans", "dataset"] {
      remarks.append(("\(name)Sha256", try Self.digest(source.source.appendingPathComponent("\(name).json"))))
    }
    let outcome = try source.write(into: draft.folder) { checkpoints in
      try remarks
        + checkpoints.map { fold, path in
          (
            checkpoints.count == 1 ? "checkpointSha256" : "fold_\(fold)Sha256",
            try Digest.sha256(file: URL(fileURLWithPath: path))
          )
        }
    }
    try draft.write(try card(outcome), to: "MODEL_CARD.md")
    let deviation = try probePath.map { try draft.keepProbe($0) }
    try draft.commit()
    return (outcome, deviation)
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
