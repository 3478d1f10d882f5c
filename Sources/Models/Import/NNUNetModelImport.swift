import Checkpoints
import Digests
import Foundation

/// Makes a model folder out of an nnU-Net v2 result folder. Everything is checked before the folder is there.
public struct NNUNetModelImport {
  public var source: NNUNetImport
  public var version: String?
  public var licence: String?
  /// What the network's origin computed: the model has to agree with it, and keeps it.
  public var probePath: String?
  public var program: ImportingProgram

  public init(source: NNUNetImport, program: ImportingProgram) { (self.source, self.program) = (source, program) }

  /// Writes model.json, the weights of every fold, MODEL_CARD.md and the probe, if there is one.
  ///
  /// - Returns: What was imported, and how far it is from the probe.
  /// - Throws: `CheckpointError` or ``ModelError`` with what does not fit, ``ModelError`` when the model differs from
  ///   the probe or cannot be written; nothing is left then.
  public func write(to path: String, overwrite: Bool) throws -> (
    outcome: NNUNetImport.Outcome, deviation: ModelProbe.Deviation?
  ) {
    let draft = try ModelFolderDraft(destination: path, overwrite: overwrite)
    var remarks: [(key: String, value: String)] = []
    if let version { remarks.append(("version", version)) }
    if let licence { remarks.append(("licence", licence)) }
    remarks.append(("importedBy", program.identity))
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
    if probePath == nil, !NNUNetRules.isOwnTrainer(outcome.trainer) {
      throw ModelError.unsupported(
        file: outcome.checkpointPaths[0],
        found: "was trained by \(PrintableName(outcome.trainer)), which is no trainer of nnU-Net 2.8: it may compute "
          + "something else with the same weights, which a probe would show", remedy: .nameProbe)
    }
    return (outcome, try draft.finish(card: card(outcome), probe: probePath))
  }

  /// A file that is not there is named by the import itself.
  private static func digest(_ url: URL) throws -> String {
    FileManager.default.fileExists(atPath: url.path) ? try Digest.sha256(file: url) : ""
  }

  private func card(_ outcome: NNUNetImport.Outcome) throws -> ModelCard {
    ModelCard(
      title: source.modelName ?? "\(outcome.datasetName) \(outcome.configuration)",
      network:
        "An nnU-Net v2 `\(outcome.architectureName)` of \(outcome.parameterCount) parameters (\(outcome.trainer), "
        + "\(outcome.configuration))", program: program, channelOrder: outcome.channelOrder,
      input: """
        \(source.brainExtracted ? "brain-extracted" : "whole heads"), as the person who imported \
        the model stated. Preprocessing, tiling and resampling follow the plans and stand in model.json.
        """,
      sources: try zip(outcome.folds, outcome.checkpointPaths).map { fold, path in
        ("fold_\(fold)/\(source.checkpointName)", try Digest.sha256(file: URL(fileURLWithPath: path)))
      }, trainingData: outcome.datasetName, licence: licence)
  }
}
