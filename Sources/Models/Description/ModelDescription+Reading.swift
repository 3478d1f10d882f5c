import Checkpoints
import Files
import Networks

extension ModelDescription {
  static let currentSchemaVersion = 1
  private static let keys = [
    "schemaVersion", "architecture", "channels", "normalisation", "brainExtracted", "orientation", "spacingMillimetres",
    "window", "overlap", "importance", "threshold", "lesionClass", "provenance", "weights", "preprocessing", "tiling",
    "mirrorAxes", "outputActivation", "sigmaScale", "paddingMode", "paddingValue",
  ]
  private static let maximumMembers = 20
  /// The contrasts that networks are run with, in their order.
  static let knownChannels = [["FLAIR", "T1w"], ["FLAIR"]]

  /// Reads model.json (docs/schemas/model.schema.json). Unknown keys are refused, so that a misspelt one is not
  /// ignored.
  ///
  /// - Throws: `CheckpointError`.
  public init(path: String) throws { try self.init(JSONValue(path: path), file: path) }

  init(_ document: JSONValue, file: String) throws {
    let json = try JSONReader(document, file: file, path: "", allowed: Self.keys)
    let version = try json.required("schemaVersion")
    guard version == .integer(Self.currentSchemaVersion) else {
      throw json.wrong(
        "schemaVersion", version, expected: "\(Self.currentSchemaVersion), the version this program reads")
    }
    architecture = try Self.architecture(json)
    channels = try Self.channels(json)
    guard architecture.inputChannels == channels.count else {
      throw json.fail(
        "architecture.parameters.inChannels",
        "is \(architecture.inputChannels); expected \(channels.count), one per channel")
    }
    normalisation = try IntensityNormalisation(json, "normalisation")
    let channelCount = channels.count
    preprocessing = try json.optional("preprocessing").map {
      try NNUNetPreprocessing($0, file: file, channels: channelCount)
    }
    guard (normalisation == .nnunet) == (preprocessing != nil) else {
      throw json.fail(
        "normalisation",
        "is \(normalisation.json.line.prefix(80)); \"nnunet\" and the key \"preprocessing\" belong together")
    }
    weightFiles = try Self.weightFiles(json)
    brainExtracted = try json.bool("brainExtracted")
    orientation = try Self.orientation(json)
    spacingMillimetres = try Self.spacing(json)
    window = try Self.window(json, divisors: architecture.divisors)
    overlap = try json.double("overlap", expected: "a number in [0, 1)") { (0..<1).contains($0) }
    importance = Importance(rawValue: try json.string("importance", oneOf: Importance.allCases.map(\.rawValue)))!
    sigmaScale = try SlidingWindowKeys.sigmaScale(json, of: importance)
    padding = try SlidingWindowKeys.padding(json)
    tiling = Tiling(
      rawValue: try json.string("tiling", oneOf: Tiling.allCases.map(\.rawValue), default: Tiling.monai.rawValue))!
    mirrorAxes = try Self.mirrorAxes(json)
    outputActivation = try Self.outputActivation(json, outputs: architecture.outputChannels)
    threshold = try json.double("threshold", expected: "a number between 0 and 1") { $0 > 0 && $0 < 1 }
    lesionClass = try json.integer("lesionClass", in: 0...architecture.outputChannels - 1)
    provenance = try Self.provenance(json)
    architectureArguments = Self.arguments(document)
  }

  private static func architecture(_ json: JSONReader) throws -> any ArchitectureConfiguration {
    let reader = try json.object("architecture", allowed: ["name", "parameters"])
    let name = try reader.string("name", oneOf: Architectures.known.map { $0.name })
    return try Architectures.type(named: name)!.read(
      try reader.required("parameters"), file: json.file, path: "architecture.parameters")
  }

  private static func arguments(_ document: JSONValue) -> [(key: String, value: String)] {
    guard case .object(let members)? = document.member("architecture")?.member("parameters") else { return [] }
    return members.map { ($0.key, $0.value.line) }
  }

  private static func weightFiles(_ json: JSONReader) throws -> [String] {
    guard let value = json.optional("weights") else { return ["weights.safetensors"] }
    if case .array(let items) = value, (1...maximumMembers).contains(items.count) {
      let names = items.compactMap { item -> String? in
        guard case .string(let name) = item, name.hasSuffix(".safetensors"), !name.hasPrefix("."),
          (try? ContainedPath(fileName: name)) != nil
        else { return nil }
        return name
      }
      if names.count == items.count, Set(names).count == names.count { return names }
    }
    throw json.wrong(
      "weights", value,
      expected: "a list of 1 to \(maximumMembers) different names of .safetensors files in the model folder")
  }

  private static func mirrorAxes(_ json: JSONReader) throws -> [Int] {
    guard let value = json.optional("mirrorAxes") else { return [] }
    if let axes = JSONReader.integers(value, in: 0...2), Set(axes).count == axes.count { return axes.sorted() }
    throw json.wrong("mirrorAxes", value, expected: "a list of different axes from 0 to 2")
  }

  private static func channels(_ json: JSONReader) throws -> [String] {
    let value = try json.required("channels")
    if let known = knownChannels.first(where: { value == .array($0.map(JSONValue.string)) }) { return known }
    var found = value.kind
    if case .array(let items) = value { found = items.map(\.kind).joined(separator: ", ") }
    throw json.fail("channels", "is [\(found)]; expected [\"FLAIR\", \"T1w\"] in this order, or [\"FLAIR\"]")
  }

  private static func outputActivation(_ json: JSONReader, outputs: Int) throws -> OutputActivation {
    let fallback = outputs == 1 ? OutputActivation.sigmoid : .softmax
    let stated = OutputActivation(
      rawValue: try json.string(
        "outputActivation", oneOf: OutputActivation.allCases.map(\.rawValue), default: fallback.rawValue))!
    guard outputs > 1 || stated == .sigmoid else {
      throw json.fail(
        "outputActivation", "is \"softmax\", which is 1 everywhere for a single output; expected \"sigmoid\"")
    }
    return stated
  }

  private static func orientation(_ json: JSONReader) throws -> Orientation {
    let value = try json.required("orientation")
    if value == .string("asStored") { return .asStored }
    if case .string(let text) = value, text.count == 3 {
      let axes = text.compactMap { letter in ["RL", "AP", "SI"].firstIndex { $0.contains(letter) } }
      if Set(axes).count == 3 { return .axes(text) }
    }
    throw json.wrong("orientation", value, expected: "\"asStored\" or three axis codes such as \"RAS\"")
  }

  private static func spacing(_ json: JSONReader) throws -> [Double]? {
    guard let value = json.optional("spacingMillimetres"), value != .null else { return nil }
    if case .array(let items) = value {
      let numbers = items.compactMap(\.asDouble).filter { $0 > 0 && $0 <= 100 }
      if items.count == 3 && numbers.count == 3 { return numbers }
    }
    throw json.wrong("spacingMillimetres", value, expected: "null or three voxel sizes in mm above 0")
  }

  private static func window(_ json: JSONReader, divisors: [Int]) throws -> [Int] {
    let value = try json.required("window")
    guard case .array = value, let window = JSONReader.triple(value, in: 1...1024) else {
      throw json.wrong("window", value, expected: "a list of three whole numbers from 1 to 1024")
    }
    guard zip(window, divisors).allSatisfy({ $0 % $1 == 0 }) else {
      throw json.fail("window", "is \(window); each axis must be divisible by the product of the strides, \(divisors)")
    }
    return window
  }

  private static func provenance(_ json: JSONReader) throws -> [(key: String, value: String)] {
    guard let value = json.optional("provenance") else { return [] }
    guard case .object(let members) = value else {
      throw json.wrong("provenance", value, expected: "an object of texts")
    }
    return try members.map { key, value in
      guard case .string(let text) = value else { throw json.wrong("provenance.\(key)", value, expected: "a text") }
      return (key, text)
    }
  }
}
