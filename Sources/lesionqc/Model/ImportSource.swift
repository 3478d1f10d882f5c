import ArgumentParser
import Checkpoints
import Foundation
import Models
import Networks

/// Where the weights of `model import` come from: exactly one of a state dict, a bundle and an nnU-Net result folder.
struct ImportSource: ParsableArguments {
  @Option(help: "Checkpoint with a state dict, alone or under state_dict, network_weights and the like.") var stateDict:
    String?

  @Option(
    help:
      "Key of the checkpoint under which the parameters are, when there are several sets of them; a.b for b under a.")
  var key: String?

  @Option(
    help: "What stands before the names of the network's parameters, such as unet.; tensors outside of it are left out."
  ) var prefix: String?

  @Option(help: "Folder of a MONAI bundle, with configs/inference.json and models/model.pt.") var bundle: String?

  @Option(help: "Result folder of nnU-Net v2, such as Dataset001_MS/nnUNetTrainer__nnUNetPlans__3d_fullres.")
  var nnunet: String?

  @Option(
    help: """
      With --nnunet: folds whose logits are averaged, such as 0,1,2; all is the single network of fold_all \
      (default: every fold_0, fold_1, … there is).
      """) var fold: String?

  @Option(help: "With --nnunet: file name of the checkpoints (default: checkpoint_final.pth).") var checkpoint: String?

  @Option(help: "Architecture: \(ArchitectureArguments.knownNames.joined(separator: ", ")).") var architecture: String?

  @Option(
    help: """
      Arguments of its constructor as a JSON object, named as in model.json or as in Python; with --bundle: \
      further ones.
      """) var parameters: String?

  @Option(help: "JSON file with name and parameters, in place of --architecture and --parameters.")
  var architectureFile: String?

  func validate() throws {
    guard [stateDict, bundle, nnunet].compactMap({ $0 }).count == 1 else {
      throw ValidationError("give one of --state-dict, --bundle and --nnunet")
    }
    if nnunet != nil {
      guard key == nil, prefix == nil, architecture == nil, parameters == nil, architectureFile == nil else {
        throw ValidationError(
          "the plans of --nnunet say their architecture; leave --key, --prefix, --architecture and --parameters out")
      }
      if let fold, folds(fold).contains(where: { name in name != "all" && Int(name).map { $0 < 0 } ?? true }) {
        throw ValidationError("--fold must be all or numbers such as 0,1,2, not \(fold)")
      }
      if let fold, Set(folds(fold)).count < folds(fold).count {
        throw ValidationError("--fold names a fold twice: \(fold)")
      }
      if let checkpoint, checkpoint.contains("/") { throw ValidationError("--checkpoint is a file name, not a path") }
      return
    }
    guard fold == nil, checkpoint == nil else { throw ValidationError("--fold and --checkpoint belong to --nnunet") }
    if bundle != nil {
      guard architecture == nil, architectureFile == nil else {
        throw ValidationError("the bundle says its architecture; leave --architecture and --architecture-file out")
      }
    } else if architectureFile != nil {
      guard architecture == nil, parameters == nil else {
        throw ValidationError("--architecture-file stands in place of --architecture and --parameters")
      }
    } else if architecture == nil || parameters == nil {
      throw ValidationError("a state dict needs --architecture and --parameters, or --architecture-file")
    }
  }

  private func folds(_ text: String) -> [String] {
    text.split(separator: ",", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
  }

  /// The job of --nnunet; nil for another source.
  func nnunetImport(_ contract: ImportContract, name: String?) -> NNUNetImport? {
    nnunet.map {
      var source = NNUNetImport(
        source: URL(fileURLWithPath: $0), folds: fold.map { .named(folds($0)) } ?? .every,
        checkpointName: checkpoint ?? "checkpoint_final.pth", brainExtracted: contract.brainExtracted, modelName: name)
      source.lesionClass = contract.lesionClass
      return source
    }
  }

  struct Found {
    let state: StateDict
    let architecture: ArchitectureArguments
    var inferer: MONAIBundle.Inferer?
    var statements: BundleStatements?
    var name: String?
    var version: String?
    var configurationPath: String?
    /// Which channel a bundle's metadata call FLAIR.
    var flairChannel: Int?
  }

  func read() throws -> Found {
    if let bundle {
      let bundle = try MONAIBundle(path: bundle)
      var architecture = bundle.architecture
      if let parameters { architecture = try architecture.adding(parameters: parameters, origin: "--parameters") }
      return Found(
        state: try state(bundle.weightsPath), architecture: architecture, inferer: bundle.inferer,
        statements: bundle.statements, name: bundle.name, version: bundle.version,
        configurationPath: bundle.configurationPath, flairChannel: bundle.flairChannel)
    }
    let chosen =
      try architectureFile.map { try ArchitectureArguments(path: $0) }
      ?? ArchitectureArguments(name: architecture ?? "", parameters: parameters ?? "", origin: "--parameters")
    return Found(state: try state(stateDict ?? ""), architecture: chosen, configurationPath: architectureFile)
  }

  private func state(_ path: String) throws -> StateDict {
    let found = try StateDict(path: path, key: key)
    return try prefix.map { try found.taking($0) } ?? found
  }
}
