import Checkpoints
import Foundation
import Networks

/// A MONAI bundle: what configs/inference.json says about the network and its sliding window, and where its weights
/// are, and what its pre- and postprocessing ask for. Only JSON is read, and only literal values.
public struct MONAIBundle: Sendable {
  /// configs/inference.json.
  public let configurationPath: String
  /// models/model.pt or models/model.safetensors.
  public let weightsPath: String
  public let architecture: ArchitectureArguments
  /// Nil for a bundle without a sliding-window inferer.
  public let inferer: Inferer?
  /// What its pre- and postprocessing say of the model, which the person who imports it has to agree with.
  public let statements: BundleStatements
  public let name: String?
  public let version: String?
  /// The channel that metadata.json calls FLAIR; nil where it does not say.
  public let flairChannel: Int?

  /// - Throws: ``ModelError``, `CheckpointError`.
  public init(path: String) throws {
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    configurationPath = try Self.configuration(in: folder)
    weightsPath = try Self.weights(in: folder)
    let root = try JSONValue(path: configurationPath)
    let references = BundleReferences(root: root, file: configurationPath)
    architecture = try Self.architecture(root, references)
    let parts = try BundleParts(root, references)
    try parts.requireWeights(URL(fileURLWithPath: weightsPath).lastPathComponent, root)
    inferer = try Inferer(parts.inferer, references)
    statements = try BundleStatements(parts, references)
    let metadata = folder.appendingPathComponent("configs/metadata.json").path
    let remarks = try Self.remarks(metadata)
    (name, version, flairChannel) = (remarks.name, remarks.version, remarks.flairChannel)
  }

  private static func configuration(in folder: URL) throws -> String {
    let json = folder.appendingPathComponent("configs/inference.json").path
    if FileManager.default.fileExists(atPath: json) { return json }
    for ending in ["yaml", "yml"] {
      let yaml = folder.appendingPathComponent("configs/inference.\(ending)").path
      guard FileManager.default.fileExists(atPath: yaml) else { continue }
      throw ModelError.missing(
        file: yaml,
        what: "YAML is not read; convert it beside: python -c \"import json, sys, yaml; json.dump(yaml.safe_load("
          + "open(sys.argv[1])), open(sys.argv[2], 'w'))\" inference.\(ending) inference.json")
    }
    throw ModelError.missing(
      file: folder.path, what: "not a MONAI bundle; a folder with configs/inference.json is expected")
  }

  private static func weights(in folder: URL) throws -> String {
    let names = ["models/model.pt", "models/model.safetensors"]
    let paths = names.map { folder.appendingPathComponent($0).path }
    guard let found = paths.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
      throw ModelError.missing(file: folder.path, what: "the bundle has no \(names.joined(separator: " or "))")
    }
    return found
  }

  private static func architecture(_ root: JSONValue, _ references: BundleReferences) throws -> ArchitectureArguments {
    let keys = ["network_def", "network"]
    guard let key = keys.first(where: { root.member($0)?.member("_target_") != nil }), let network = root.member(key)
    else {
      throw CheckpointError.key(
        file: references.file, key: "network_def", problem: "is missing; an object with \"_target_\" is expected")
    }
    guard case .object(let members) = try references.resolved(network, path: key),
      case .string(let target)? = members.first(where: { $0.key == "_target_" })?.value
    else { throw CheckpointError.key(file: references.file, key: "\(key)._target_", problem: "is no text") }
    return try ArchitectureArguments(
      name: target, parameters: .object(members.filter { $0.key != "_target_" }), origin: references.file)
  }

  /// Name and version from metadata.json, and which channel it calls FLAIR.
  private static func remarks(_ path: String) throws -> (name: String?, version: String?, flairChannel: Int?) {
    guard FileManager.default.fileExists(atPath: path) else { return (nil, nil, nil) }
    let root = try JSONValue(path: path)
    func text(_ key: String) -> String? {
      if case .string(let text)? = root.member(key) { PrintableName(text).description } else { nil }
    }
    var flair: Int?
    let image = root.member("network_data_format")?.member("inputs")?.member("image")
    if case .object(let channels)? = image?.member("channel_def") {
      for (index, contrast) in channels {
        if case .string(let contrast) = contrast, contrast.lowercased().contains("flair") { flair = Int(index) }
      }
    }
    return (text("name"), text("version"), flair)
  }
}
