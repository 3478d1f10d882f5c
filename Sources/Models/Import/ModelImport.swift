public import Checkpoints
import Digests
import Foundation
import Networks

/// Makes a model folder out of weights that were trained elsewhere. Everything is checked before the folder is there.
public struct ModelImport {
  /// The parameters.
  public var state: StateDict
  public var architecture: ArchitectureArguments
  public var contract: ModelFolder.Contract
  /// What a bundle says of the same things, which must not exclude what was stated.
  public var statements: BundleStatements?
  /// For people; nil: the folder's name.
  public var name: String?
  public var version: String?
  public var licence: String?
  /// Files that the arguments were read from, recorded with their digests beside that of the weights.
  public var configurationPath: String?
  /// What the network's origin computed: the model has to agree with it, and keeps it.
  public var probePath: String?
  public var program: ImportingProgram

  public init(
    state: StateDict, architecture: ArchitectureArguments, contract: ModelFolder.Contract, program: ImportingProgram
  ) { (self.state, self.architecture, self.contract, self.program) = (state, architecture, contract, program) }

  /// What was done, for the person who asked for it.
  public struct Outcome: Sendable {
    public let parameterCount: Int
    /// Where in the checkpoint the parameters were, and what was taken away from before their names.
    public let location: [String]
    public let removedPrefixes: [String]
    /// Tensors outside of the prefix that was asked for.
    public let leftOutCount: Int
    /// Keys among the parameters that hold no tensor and were not read.
    public let besides: [String]
    /// Nil without a probe.
    public let deviation: ModelProbe.Deviation?
  }

  /// Writes model.json, weights.safetensors, MODEL_CARD.md and the probe, if there is one.
  ///
  /// - Throws: `CheckpointError` with everything that does not fit, ``ModelError`` when the model differs from the
  ///   probe or cannot be written; nothing is left then.
  public func write(to path: String, overwrite: Bool) throws -> Outcome {
    try statements?.requireAgreement(with: contract, outputs: try architecture.configuration().outputChannels)
    let draft = try ModelFolderDraft(destination: path, overwrite: overwrite)
    let title = name ?? URL(fileURLWithPath: path).standardizedFileURL.lastPathComponent
    let sources = try [state.path, configurationPath].compactMap { $0 }.map { path in
      let url = URL(fileURLWithPath: path)
      return (name: url.lastPathComponent, digest: try Digest.sha256(file: url))
    }
    var provenance: [(key: String, value: String)] = [("name", title)]
    if let version { provenance.append(("version", version)) }
    if let licence { provenance.append(("licence", licence)) }
    provenance.append(("importedBy", program.identity))
    provenance.append(("checkpointFile", sources[0].name))
    provenance.append(("checkpointSha256", sources[0].digest))
    if sources.count > 1 {
      provenance.append(("configurationFile", sources[1].name))
      provenance.append(("configurationSha256", sources[1].digest))
    }
    let (source, parameterCount) = try ModelFolder.write(
      state, architecture: architecture, contract: contract, provenance: provenance, to: draft.folder)
    let card = ModelCard(
      title: title, network: "\(architecture.project) `\(architecture.name)` of \(parameterCount) parameters",
      program: program,
      channelOrder: try ChannelOrder(trained: contract.channels, origin: contract.origins["channels"] ?? "channels"),
      input: contract.sentences(outputs: try architecture.configuration().outputChannels), sources: sources,
      licence: licence)
    return Outcome(
      parameterCount: parameterCount, location: source.location, removedPrefixes: source.removedPrefixes,
      leftOutCount: source.leftOutCount, besides: source.besides,
      deviation: try draft.finish(card: card, probe: probePath))
  }
}

/// The tables of keys in docs/importing.md, made from the rules that the import goes by.
enum KeyTables {
  static var markdown: String {
    let bundle = [BundleRules.component, BundleRules.inferer, BundleRules.evaluator] + BundleStatements.rules
    return (bundle + NNUNetRules.all).map { "\($0.markdown)\n\n" }.joined()
  }
}
