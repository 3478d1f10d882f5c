public import Foundation

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

  /// - Parameters:
  ///   - source: the result folder, such as `Dataset001_MS/nnUNetTrainer__nnUNetPlans__3d_fullres`.
  ///   - brainExtracted: whether the network was trained on brain-extracted images; plans do not say it.
  ///   - modelName: nil for one made of data set and configuration.
  public init(
    source: URL, folds: Folds = .every, checkpointName: String = "checkpoint_final.pth", brainExtracted: Bool,
    modelName: String? = nil
  ) {
    self.source = source
    self.folds = folds
    self.checkpointName = checkpointName
    self.brainExtracted = brainExtracted
    self.modelName = modelName
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
  }

  /// Writes model.json and the weights of every fold into a folder, when plans, data set and checkpoints fit.
  ///
  /// - Parameter remarks: further provenance, made from the folds and the checkpoints that they are read from.
  /// - Throws: ``NetworkError`` that names the file and what is wrong in it.
  @discardableResult public func write(
    into folder: URL,
    remarks: (_ checkpoints: [(fold: String, path: String)]) throws -> [(key: String, value: String)] = { _ in [] }
  ) throws -> Outcome {
    let dataset = try Self.bytes(of: source.appendingPathComponent("dataset.json")) {
      try NNUNetDataset(bytes: $0, file: $1)
    }
    let names = try foldNames()
    let checkpoints = try names.map { name in
      try TorchCheckpoint(path: source.appendingPathComponent("fold_\(name)/\(checkpointName)").path)
    }
    let origins = try checkpoints.map(NNUNetOrigin.init)
    let chosen = try Self.agreed(origins, checkpoints)
    let plansURL = source.appendingPathComponent("plans.json")
    let plans = try Self.bytes(of: plansURL) {
      try NNUNetPlans(bytes: $0, file: $1, configuration: chosen, channels: dataset.channelNames.count)
    }
    let files = names.count == 1 ? ["weights.safetensors"] : names.map { "fold_\($0).safetensors" }
    let document = description(
      plans, dataset, origins[0], folds: names, files: files,
      remarks: try remarks(zip(names, checkpoints).map { ($0, $1.path) }))
    let model: ModelDescription
    do { model = try ModelDescription(document, file: "model.json") } catch let error as NetworkError {
      throw error.stated(
        at: ["window": "\(plansURL.path): \"configurations.\(chosen).patch_size\""], architecture: plansURL.path)
    }
    var parameterCount = 0
    for (file, checkpoint) in zip(files, checkpoints) {
      let state = try checkpoint.stateDict(key: "network_weights")
      let (network, _) = try state.write(
        for: model.architecture, statedIn: plansURL.path, to: folder.appendingPathComponent(file))
      parameterCount = network.parameterCount
    }
    let url = folder.appendingPathComponent("model.json")
    do { try Data((document.text() + "\n").utf8).write(to: url) } catch {
      throw NetworkError.unreadable(file: url.path, reason: "not writable: \(error.localizedDescription)")
    }
    return Outcome(
      folds: names, checkpointPaths: checkpoints.map(\.path), architectureName: plans.architecture.name,
      parameterCount: parameterCount, trainer: origins[0].trainer, datasetName: plans.datasetName,
      configuration: plans.configuration)
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
        throw NetworkError.unreadable(
          file: source.path,
          reason: "no fold_0, fold_1, … with \(checkpointName); name what there is with --fold, such as all")
      }
      return names
    }
  }

  /// The configuration that all checkpoints were trained with.
  private static func agreed(_ origins: [NNUNetOrigin], _ checkpoints: [TorchCheckpoint]) throws -> String {
    let first = origins[0].configuration
    for (origin, checkpoint) in zip(origins, checkpoints) {
      guard origin.configuration == first else {
        throw NetworkError.malformed(
          file: checkpoint.path, reason: "was trained with the configuration \(origin.configuration), not \(first)")
      }
      guard origin.mirrorAxes == origins[0].mirrorAxes else {
        throw NetworkError.malformed(file: checkpoint.path, reason: "allows other mirroring axes than the first fold")
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
      ] + remarks.map { ($0.key, .string($0.value)) }
    return .object([
      ("schemaVersion", .integer(ModelDescription.currentSchemaVersion)),
      (
        "architecture",
        plans.architecture.json(inputChannels: dataset.channelNames.count, outputChannels: dataset.classCount)
      ),
      ("weights", .array(files.map(JSONValue.string))), ("channels", .array([.string("FLAIR"), .string("T1w")])),
      ("normalisation", .string("nnunet")), ("preprocessing", plans.preprocessing.json),
      ("brainExtracted", .bool(brainExtracted)), ("orientation", .string(plans.orientation)),
      ("spacingMillimetres", .array(plans.spacingMillimetres.map(JSONValue.number))),
      ("window", .array(plans.patchSize.map(JSONValue.integer))), ("overlap", .number(0.5)),
      ("importance", .string(Importance.nnunetGaussian.rawValue)), ("tiling", .string(Tiling.nnunet.rawValue)),
      ("mirrorAxes", .array(origin.mirrorAxes.map(JSONValue.integer))), ("threshold", .number(0.5)),
      ("lesionClass", .integer(dataset.lesionClass)), ("provenance", .object(provenance)),
    ])
  }
}
