public import Foundation

extension ModelFolder {
  /// What a network expects of an image and how its logits become a mask: the part of model.json that weights cannot tell.
  public struct Contract: Sendable {
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
    public var threshold: Double
    /// Nil: the second of two classes.
    public var lesionClass: Int?
    /// Where a value was stated, such as an option, by its key in model.json: what messages name instead of a file that is not there.
    public var origins: [String: String] = [:]

    public init(
      brainExtracted: Bool, orientation: String, spacingMillimetres: [Double]? = nil, window: [Int],
      overlap: Double = 0.25, importance: Importance = .gaussian, threshold: Double, lesionClass: Int? = nil
    ) {
      self.brainExtracted = brainExtracted
      self.orientation = orientation
      self.spacingMillimetres = spacingMillimetres
      self.window = window
      self.overlap = overlap
      self.importance = importance
      self.threshold = threshold
      self.lesionClass = lesionClass
    }
  }

  /// Writes model.json and weights.safetensors into a folder, when description, architecture and weights fit.
  ///
  /// - Returns: The state dict whose names fitted, and the number of learned parameters.
  /// - Throws: ``NetworkError`` with everything that does not fit.
  public static func write(
    _ state: StateDict, architecture: ArchitectureArguments, contract: Contract,
    provenance: [(key: String, value: String)], to folder: URL
  ) throws -> (source: StateDict, parameterCount: Int) {
    let configuration = try architecture.configuration()
    guard configuration.outputChannels > 1 else {
      throw NetworkError.unsupported(
        "\(architecture.origin): the network has one output channel; the lesion probability is a softmax over two or more classes"
      )
    }
    guard let lesionClass = contract.lesionClass ?? (configuration.outputChannels == 2 ? 1 : nil) else {
      throw NetworkError.unsupported(
        "\(architecture.origin): the network has \(configuration.outputChannels) classes; say which is the lesion: --lesion-class"
      )
    }
    let document = JSONValue.object([
      ("schemaVersion", .integer(ModelDescription.currentSchemaVersion)), ("architecture", architecture.json),
      ("channels", .array([.string("FLAIR"), .string("T1w")])),
      ("normalisation", .string(contract.normalisation.rawValue)), ("brainExtracted", .bool(contract.brainExtracted)),
      ("orientation", .string(contract.orientation)),
      ("spacingMillimetres", contract.spacingMillimetres.map { .array($0.map(JSONValue.number)) } ?? .null),
      ("window", .array(contract.window.map(JSONValue.integer))), ("overlap", .number(contract.overlap)),
      ("importance", .string(contract.importance.rawValue)), ("threshold", .number(contract.threshold)),
      ("lesionClass", .integer(lesionClass)), ("provenance", .object(provenance.map { ($0.key, .string($0.value)) })),
    ])
    let description: ModelDescription
    do { description = try ModelDescription(document, file: "model.json") } catch let error as NetworkError {
      throw error.stated(at: contract.origins, architecture: architecture.origin)
    }
    let weights = folder.appendingPathComponent("weights.safetensors")
    let (network, source) = try state.write(
      for: description.architecture, statedIn: architecture.origin, to: weights)
    let place = folder.appendingPathComponent("model.json")
    do { try Data((document.text() + "\n").utf8).write(to: place) } catch {
      throw NetworkError.unreadable(file: place.path, reason: "not writable: \(error.localizedDescription)")
    }
    return (source, network.parameterCount)
  }
}

extension NetworkError {
  /// The same problem of a description that is not in a file yet, under the name by which the value was stated.
  ///
  /// - Parameters:
  ///   - origins: By key of model.json.
  ///   - architecture: Where the architecture's parameters were stated.
  func stated(at origins: [String: String], architecture: String) -> NetworkError {
    guard case .description(_, let key, let problem) = self else { return self }
    if let origin = origins[key] { return .unsupported("\(origin) \(problem)") }
    let prefix = "architecture.parameters."
    guard key.hasPrefix(prefix) else { return self }
    return .description(file: architecture, key: String(key.dropFirst(prefix.count)), problem: problem)
  }
}
