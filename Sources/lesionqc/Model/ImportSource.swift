import ArgumentParser
import Networks

/// Where the weights of `model import` come from: exactly one of a state dict and a bundle.
struct ImportSource: ParsableArguments {
  @Option(help: "Checkpoint with a state dict, alone or under state_dict, network_weights and the like.")
  var stateDict: String?

  @Option(help: "Key of the checkpoint under which the parameters are, when there are several sets of them.")
  var key: String?

  @Option(help: "Folder of a MONAI bundle, with configs/inference.json and models/model.pt.")
  var bundle: String?

  @Option(help: "Architecture: \(ArchitectureArguments.knownNames.joined(separator: ", ")).")
  var architecture: String?

  @Option(
    help:
      "Arguments of its constructor as a JSON object, named as in model.json or as in Python; with --bundle: further ones."
  )
  var parameters: String?

  @Option(help: "JSON file with name and parameters, in place of --architecture and --parameters.")
  var architectureFile: String?

  func validate() throws {
    guard [stateDict, bundle].compactMap({ $0 }).count == 1 else {
      throw ValidationError("give one of --state-dict and --bundle")
    }
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

  struct Found {
    let state: StateDict
    let architecture: ArchitectureArguments
    var window: ImportContract.Window?
    var name: String?
    var version: String?
    var configurationPath: String?
  }

  func read() throws -> Found {
    if let bundle {
      let bundle = try MONAIBundle(path: bundle)
      var architecture = bundle.architecture
      if let parameters { architecture = try architecture.adding(parameters: parameters, origin: "--parameters") }
      return Found(
        state: try StateDict(path: bundle.weightsPath, key: key), architecture: architecture,
        window: bundle.window.map {
          ImportContract.Window(
            shape: $0, overlap: bundle.overlap ?? 0.25, importance: bundle.importance ?? .constant)
        }, name: bundle.name, version: bundle.version, configurationPath: bundle.configurationPath)
    }
    let chosen =
      try architectureFile.map { try ArchitectureArguments(path: $0) }
      ?? ArchitectureArguments(name: architecture ?? "", parameters: parameters ?? "", origin: "--parameters")
    return Found(
      state: try StateDict(path: stateDict ?? "", key: key), architecture: chosen, configurationPath: architectureFile)
  }
}
