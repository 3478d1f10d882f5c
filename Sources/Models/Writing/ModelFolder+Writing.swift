public import Checkpoints
public import Foundation
public import Networks

extension ModelFolder {
  /// What a network expects of an image and how its logits become a mask: the part of model.json that weights cannot
  /// tell.
  public struct Contract: Sendable {
    /// The contrasts in the order in which the network was trained: FLAIR and T1w, either first, or FLAIR alone.
    public var channels = ["FLAIR", "T1w"]
    public var normalisation = ModelDescription.IntensityNormalisation.zscoreNonzero
    public var brainExtracted: Bool
    /// "asStored" or three axis codes such as "RAS".
    public var orientation: String
    /// Voxel size of the network's grid; nil: the images' own.
    public var spacingMillimetres: [Double]?
    /// Sliding window in voxels.
    public var window: [Int]
    public var overlap: Double
    public var importance: Importance
    /// Of gaussian importance: its standard deviation along each axis, in windows.
    public var sigmaScale = Importance.defaultSigmaScale
    /// What lies beyond an image that is smaller than the window.
    public var padding = Padding.constant(0)
    public var threshold: Double
    /// Nil: the second of two classes, or the only output.
    public var lesionClass: Int?
    /// Nil: sigmoid of a single output, softmax of several.
    public var outputActivation: ModelDescription.OutputActivation?
    /// Where a value was stated, such as an option, by its key in model.json: what messages name instead of a file that
    /// is not there.
    public var origins: [String: String] = [:]

    public init(
      brainExtracted: Bool, orientation: String, spacingMillimetres: [Double]? = nil, window: [Int],
      overlap: Double = 0.25, importance: Importance = .gaussian, threshold: Double, lesionClass: Int? = nil
    ) {
      (self.brainExtracted, self.orientation, self.spacingMillimetres) = (
        brainExtracted, orientation, spacingMillimetres
      )
      (self.window, self.overlap, self.importance) = (window, overlap, importance)
      (self.threshold, self.lesionClass) = (threshold, lesionClass)
    }
  }

  /// Writes model.json and weights.safetensors into a folder, when description, architecture and weights fit.
  ///
  /// - Returns: The state dict whose names fitted, and the number of learned parameters.
  /// - Throws: ``ModelError`` or `CheckpointError` with everything that does not fit.
  public static func write(
    _ state: StateDict, architecture: ArchitectureArguments, contract: Contract,
    provenance: [(key: String, value: String)], to folder: URL
  ) throws -> (source: StateDict, parameterCount: Int) {
    let configuration = try architecture.configuration()
    let outputs = configuration.outputChannels
    guard let lesionClass = contract.lesionClass ?? (outputs <= 2 ? outputs - 1 : nil) else {
      throw ModelError.unsupported(
        file: architecture.origin, found: "the network has \(outputs) classes",
        remedy: .nameLesionClass(classes: outputs))
    }
    let order = try ChannelOrder(trained: contract.channels, origin: contract.origins["channels"] ?? "channels")
    let activation = contract.outputActivation ?? (outputs == 1 ? .sigmoid : .softmax)
    var members: [(key: String, value: JSONValue)] = [
      ("schemaVersion", .integer(ModelDescription.currentSchemaVersion)), ("architecture", architecture.json),
      ("channels", .array(order.channels.map(JSONValue.string))), ("normalisation", contract.normalisation.json),
      ("brainExtracted", .bool(contract.brainExtracted)), ("orientation", .string(contract.orientation)),
      ("spacingMillimetres", contract.spacingMillimetres.map { .array($0.map(JSONValue.number)) } ?? .null),
      ("window", .array(contract.window.map(JSONValue.integer))), ("overlap", .number(contract.overlap)),
      ("importance", .string(contract.importance.rawValue)),
    ]
    members += SlidingWindowKeys.members(contract.importance, contract.sigmaScale, contract.padding)
    members += [("threshold", .number(contract.threshold)), ("lesionClass", .integer(lesionClass))]
    // Without the key it is a softmax, as of old.
    if activation != .softmax || outputs == 1 { members.append(("outputActivation", .string(activation.rawValue))) }
    let remarks = (provenance + order.provenance).map { (key: $0.key, value: JSONValue.string($0.value)) }
    members.append(("provenance", .object(remarks)))
    let document = JSONValue.object(members)
    let description: ModelDescription
    do { description = try ModelDescription(document, file: "model.json") } catch let error as CheckpointError {
      throw error.stated(at: contract.origins, architecture: architecture.origin)
    }
    let weights = folder.appendingPathComponent("weights.safetensors")
    let (network, source) = try state.write(for: description.architecture, statedIn: architecture.origin, to: weights)
    try order.exchange(inputsOf: network, in: weights, statedIn: architecture.origin)
    try document.write(to: folder.appendingPathComponent("model.json"))
    return (source, network.parameterCount)
  }
}

extension CheckpointError {
  /// The same problem of a description that is not in a file yet, under the name by which the value was stated.
  ///
  /// - Parameters:
  ///   - origins: By key of model.json.
  ///   - architecture: Where the architecture's parameters were stated.
  func stated(at origins: [String: String], architecture: String) -> any Error {
    let stated: (key: String, problem: String)
    switch self {
    case .value(_, let key, let found, let expected): stated = (key, "is \(found); expected \(expected)")
    case .key(_, let key, let problem): stated = (key, problem)
    default: return self
    }
    if let origin = origins[stated.key] { return ModelError.statement(origin: origin, problem: stated.problem) }
    let prefix = "architecture.parameters."
    guard stated.key.hasPrefix(prefix) else { return self }
    return CheckpointError.key(
      file: architecture, key: String(stated.key.dropFirst(prefix.count)), problem: stated.problem)
  }
}

extension JSONValue {
  /// - Throws: `CheckpointError` when the file cannot be written.
  func write(to url: URL) throws {
    do { try Data((text() + "\n").utf8).write(to: url) } catch {
      throw CheckpointError.unreadable(file: url.path, reason: "not writable: \(error.localizedDescription)")
    }
  }
}
