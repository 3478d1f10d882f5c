import Checkpoints
public import Foundation
import Networks

/// Makes a model folder from an nnU-Net v2 result folder: plans.json, dataset.json and fold_*/checkpoint_final.pth.
public struct NNUNetImport: Sendable {
  /// Which of the trained networks to take.
  public enum Folds: Hashable, Sendable {
    /// Every `fold_0`, `fold_1`, … that has the checkpoint.
    case every
    /// These, such as `0` and `1`, or `all` for the network trained on all cases.
    case named([String])
  }

  public let source: URL
  public let folds: Folds
  public let checkpointName: String
  public let brainExtracted: Bool
  public let modelName: String?
  /// The number of the lesions' label; nil where the data set has a single label.
  public var lesionClass: Int?

  /// - Parameters:
  ///   - source: the result folder, such as `Dataset001_MS/nnUNetTrainer__nnUNetPlans__3d_fullres`.
  ///   - brainExtracted: whether the network was trained on brain-extracted images; plans do not say it.
  ///   - modelName: nil for one made of data set and configuration.
  public init(
    source: URL, folds: Folds = .every, checkpointName: String = "checkpoint_final.pth", brainExtracted: Bool,
    modelName: String? = nil
  ) {
    (self.source, self.folds, self.checkpointName) = (source, folds, checkpointName)
    (self.brainExtracted, self.modelName) = (brainExtracted, modelName)
  }

  /// The networks that were found and the description that model.json gets.
  public struct Outcome: Sendable {
    public let folds: [String]
    /// The files that the networks were read from, in the same order.
    public let checkpointPaths: [String]
    public let architectureName: String
    /// Learned numbers of one network.
    public let parameterCount: Int
    public let trainer: String
    public let datasetName: String
    public let configuration: String
    public let channelOrder: ChannelOrder
  }

  /// Writes model.json and the weights of every fold into a folder, when plans, data set and checkpoints fit.
  ///
  /// - Parameter remarks: further provenance, made from the folds and the checkpoints that they are read from.
  /// - Throws: ``ModelError`` or `CheckpointError` that names the file and what is wrong in it.
  @discardableResult public func write(
    into folder: URL,
    remarks: (_ checkpoints: [(fold: String, path: String)]) throws -> [(key: String, value: String)] = { _ in [] }
  ) throws -> Outcome {
    let dataset = try Self.bytes(of: source.appendingPathComponent("dataset.json")) {
      try NNUNetDataset(bytes: $0, file: $1, lesionClass: lesionClass)
    }
    let names = try foldNames()
    let checkpoints = try names.map { name in
      try TorchCheckpoint(path: source.appendingPathComponent("fold_\(name)/\(checkpointName)").path)
    }
    let origins = try checkpoints.map(NNUNetOrigin.init)
    let chosen = try Self.agreed(origins, checkpoints)
    let plansURL = source.appendingPathComponent("plans.json")
    let plans = try Self.bytes(of: plansURL) {
      try NNUNetPlans(bytes: $0, file: $1, configuration: chosen, channels: dataset.channelOrder)
    }
    let files = names.count == 1 ? ["weights.safetensors"] : names.map { "fold_\($0).safetensors" }
    let document = description(
      plans, dataset, origins[0], folds: names, files: files,
      remarks: try remarks(zip(names, checkpoints).map { ($0, $1.path) }))
    let model: ModelDescription
    do { model = try ModelDescription(document, file: "model.json") } catch let error as CheckpointError {
      throw error.stated(
        at: ["window": "\(plansURL.path): \"configurations.\(chosen).patch_size\""], architecture: plansURL.path)
    }
    var parameterCount = 0
    for (file, checkpoint) in zip(files, checkpoints) {
      let state = try checkpoint.stateDict(key: "network_weights")
      let (network, _) = try state.write(
        for: model.architecture, statedIn: plansURL.path, to: folder.appendingPathComponent(file))
      try dataset.channelOrder.exchange(
        inputsOf: network, in: folder.appendingPathComponent(file), statedIn: plansURL.path)
      parameterCount = network.parameterCount
    }
    let url = folder.appendingPathComponent("model.json")
    try document.write(to: url)
    return Outcome(
      folds: names, checkpointPaths: checkpoints.map(\.path), architectureName: plans.architecture.name,
      parameterCount: parameterCount, trainer: origins[0].trainer, datasetName: plans.datasetName,
      configuration: plans.configuration, channelOrder: dataset.channelOrder)
  }

  private static func bytes<Result>(of url: URL, _ read: (UnsafeRawBufferPointer, String) throws -> Result) throws
    -> Result
  {
    let file = try MappedFile(url.path)
    return try file.withBytes { try read($0, url.path) }
  }

  private func foldNames() throws -> [String] {
    switch folds {
    case .named(let names): return names
    case .every:
      let names = (0..<20).map(String.init).filter {
        FileManager.default.fileExists(atPath: source.appendingPathComponent("fold_\($0)/\(checkpointName)").path)
      }
      guard !names.isEmpty else {
        throw ModelError.missing(
          file: source.path, what: "no fold_0, fold_1, … with \(checkpointName)", remedy: .nameFolds)
      }
      return names
    }
  }

  /// The configuration that all checkpoints were trained with.
  private static func agreed(_ origins: [NNUNetOrigin], _ checkpoints: [TorchCheckpoint]) throws -> String {
    let first = origins[0].configuration
    for (origin, checkpoint) in zip(origins, checkpoints) {
      guard origin.configuration == first else {
        throw CheckpointError.malformed(
          file: checkpoint.path, reason: "was trained with the configuration \(origin.configuration), not \(first)")
      }
      guard origin.mirrorAxes == origins[0].mirrorAxes else {
        throw CheckpointError.malformed(
          file: checkpoint.path, reason: "allows other mirroring axes than the first fold")
      }
    }
    return first
  }

  private func description(
    _ plans: NNUNetPlans, _ dataset: NNUNetDataset, _ origin: NNUNetOrigin, folds: [String], files: [String],
    remarks: [(key: String, value: String)]
  ) -> JSONValue {
    let provenance: [(key: String, value: JSONValue)] =
      [
        ("name", .string(modelName ?? "\(plans.datasetName) \(plans.configuration)")),
        ("origin", .string("nnU-Net v2, \(origin.trainer), \(plans.plansName), \(plans.configuration)")),
        ("trainedOn", .string(plans.datasetName)), ("folds", .string(folds.joined(separator: ", "))),
        ("checkpoint", .string(checkpointName)), ("lesionLabel", .string(dataset.lesionLabel)),
      ] + (dataset.channelOrder.provenance + remarks).map { ($0.key, .string($0.value)) }
    return .object([
      ("schemaVersion", .integer(ModelDescription.currentSchemaVersion)),
      (
        "architecture",
        plans.architecture.json(inputChannels: dataset.channelOrder.channels.count, outputChannels: dataset.classCount)
      ), ("weights", .array(files.map(JSONValue.string))),
      ("channels", .array(dataset.channelOrder.channels.map(JSONValue.string))), ("normalisation", .string("nnunet")),
      ("preprocessing", plans.preprocessing.json), ("brainExtracted", .bool(brainExtracted)),
      ("orientation", .string(plans.orientation)),
      ("spacingMillimetres", .array(plans.spacingMillimetres.map(JSONValue.number))),
      ("window", .array(plans.patchSize.map(JSONValue.integer))), ("overlap", .number(0.5)),
      ("importance", .string(Importance.nnunetGaussian.rawValue)), ("tiling", .string(Tiling.nnunet.rawValue)),
      ("mirrorAxes", .array(origin.mirrorAxes.map(JSONValue.integer))), ("threshold", .number(0.5)),
      ("lesionClass", .integer(dataset.lesionClass)), ("provenance", .object(provenance)),
    ])
  }
}

/// What an nnU-Net v2 checkpoint says beside its weights.
struct NNUNetOrigin {
  let trainer: String
  let configuration: String
  let mirrorAxes: [Int]

  /// - Throws: `CheckpointError`.
  init(_ checkpoint: TorchCheckpoint) throws {
    func fail(_ reason: String) -> CheckpointError { .malformed(file: checkpoint.path, reason: reason) }
    guard let trainer = checkpoint.root["trainer_name"]?.asString,
      let configuration = checkpoint.root["init_args"]?["configuration"]?.asString
    else { throw fail("has no \"trainer_name\" and \"init_args\": not a checkpoint of nnU-Net v2") }
    self.trainer = trainer
    self.configuration = configuration
    switch checkpoint.root["inference_allowed_mirroring_axes"] {
    case nil, PickleValue.none?: mirrorAxes = []
    case let value?:
      guard let items = value.elements else { throw fail("\"inference_allowed_mirroring_axes\" is no list of axes") }
      let axes = items.compactMap(\.asInteger).filter { (0...2).contains($0) }
      guard axes.count == items.count, Set(axes).count == axes.count else {
        throw fail("\"inference_allowed_mirroring_axes\" is no list of different axes from 0 to 2")
      }
      mirrorAxes = axes.sorted()
    }
  }
}
