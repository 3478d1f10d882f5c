import Checkpoints

/// What a bundle's pre- and postprocessing say of its model, as far as a person states the same: nil where they say
/// nothing. A step that this program does not do is refused by its name when it is read.
public struct BundleStatements: Sendable {
  /// A value with the key that it stands under.
  public struct Stated<Value: Sendable>: Sendable {
    public let value: Value
    public let key: String
  }

  public let file: String
  /// Names of the entries that are joined into channels, in their order.
  public private(set) var channelOrder: Stated<[String]>?
  /// Axis codes.
  public private(set) var orientation: Stated<String>?
  /// Millimetres; less than three are repeated, as MONAI does.
  public private(set) var spacing: Stated<[Double]>?
  /// All steps, under the key of the first.
  public private(set) var normalisation: Stated<ModelDescription.IntensityNormalisation>?
  /// Whether the probability is a sigmoid; else it is a softmax.
  public private(set) var isSigmoid: Stated<Bool>?
  /// The threshold of the probability; nil as value: the class of the highest.
  public private(set) var decision: Stated<Double?>?

  /// The entries that become channels, while the preprocessing is followed.
  private var entries: [String] = []

  /// - Throws: `CheckpointError` for a step that is not done, by its name.
  init(_ parts: BundleParts, _ references: BundleReferences) throws {
    file = references.file
    for step in try Self.steps(parts.preprocessing, references, among: KnownTransform.preprocessing) {
      try take(step.known, step.object)
    }
    for step in try Self.steps(parts.postprocessing, references, among: KnownTransform.postprocessing) {
      try take(step.known, step.object)
    }
  }

  private static let compose = KeyRules(
    owner: "Compose",
    rules: [
      .honoured("transforms", "the steps, each by its own table"),
      .withoutEffect("map_items log_stats", because: "one image is worked on at a time"),
      .refused("unpack_items lazy overrides", because: "steps are done as they are written, one after another"),
    ])

  /// The steps of a Compose, a list, or a single transform.
  private static func steps(
    _ part: (value: JSONValue, path: String)?, _ references: BundleReferences, among known: [KnownTransform]
  ) throws -> [(known: KnownTransform, object: BundleObject)] {
    guard let part else { return [] }
    var (value, path) = (try references.followed(part.value, path: part.path), part.path)
    if case .object = value, let object = try BundleObject(value, path: path, references), object.className == "Compose"
    {
      try object.judge(by: compose)
      (value, path) = (
        try references.followed(object.written("transforms") ?? .array([]), path: path), "\(path).transforms"
      )
    }
    var items = [(value, path)]
    if case .array(let list) = value { items = list.enumerated().map { ($1, "\(path).\($0)") } }
    return try items.compactMap { value, path in
      guard let object = try BundleObject(value, path: path, references) else { return nil }
      guard let transform = KnownTransform(target: object.target), known.contains(where: { $0.name == transform.name })
      else {
        throw CheckpointError.key(
          file: references.file, key: "\(path)._target_",
          problem: "is \(PrintableName(object.target)), a step that is not done; known are "
            + known.map(\.name).joined(separator: ", ")
            + "; take it out of a copy of the file if the result does not depend on it")
      }
      try object.judge(by: transform.keys)
      return (transform, object)
    }
  }

  private mutating func take(_ known: KnownTransform, _ object: BundleObject) throws {
    if known.name == "LoadImage" { entries = try Self.names(object).filter { !Self.isOfReference($0) } }
    switch known.meaning {
    case .nothing: break
    case .channelOrder:
      let joined = try Self.names(object)
      channelOrder = Stated(value: joined, key: "\(object.path).keys")
      if case .string(let name)? = try object.argument("name") { entries = [name] }
    case .orientation:
      try requireAllEntries(object)
      guard case .string(let code)? = try object.argument("axcodes"), code.count == 3 else {
        throw fail(object, "axcodes", "is no set of three axes such as \"RAS\"")
      }
      if let spacing, Set(spacing.value).count > 1 {
        throw fail(
          object, "_target_", "follows Spacing, whose voxel size is then on other axes; Orientation comes first")
      }
      orientation = Stated(value: code.uppercased(), key: "\(object.path).axcodes")
    case .spacing: try takeSpacing(object)
    case .normalisation:
      try requireAllEntries(object)
      // Each of several entries is an image of its own.
      let isOfEach = try Self.names(object).count > 1
      let written = try known.intensityTransform(object)
      let step = isOfEach ? written.ofEachChannel : written
      normalisation = Stated(
        value: ModelDescription.IntensityNormalisation(steps: (normalisation?.value.steps ?? []) + [step]),
        key: normalisation?.key ?? object.path)
    case .activation: try takeActivation(object)
    case .decision: try takeDecision(object)
    case .inversion:
      guard spacing != nil, try object.argument("nearest_interp") != .bool(false) else { return }
      throw fail(
        object, "nearest_interp",
        "is not false, so that MONAI brings the probability back to the image's voxels by "
          + "nearest neighbour; logits are interpolated linearly")
    }
  }

  private mutating func takeSpacing(_ object: BundleObject) throws {
    try requireAllEntries(object)
    if let normalisation {
      throw fail(
        object, "_target_",
        "follows \(normalisation.key); intensities are normalised after resampling, over other voxels")
    }
    let value = try object.argument("pixdim") ?? .null
    var numbers = value.asDouble.map { [$0, $0, $0] } ?? []
    if case .array(let items) = value { numbers = items.compactMap(\.asDouble) }
    guard numbers.count == 3, numbers.allSatisfy({ $0 > 0 && $0 <= 100 }) else {
      throw fail(object, "pixdim", "is \(String(value.line.prefix(80))); expected three voxel sizes in mm above 0")
    }
    spacing = Stated(value: numbers, key: "\(object.path).pixdim")
  }

  private mutating func takeActivation(_ object: BundleObject) throws {
    let (softmax, sigmoid) = (try Self.flag(object, "softmax"), try Self.flag(object, "sigmoid"))
    guard softmax != sigmoid else {
      throw fail(object, "softmax", "and \"sigmoid\" are \(softmax ? "both" : "neither of them") true")
    }
    isSigmoid = Stated(value: sigmoid, key: "\(object.path).\(sigmoid ? "sigmoid" : "softmax")")
  }

  private mutating func takeDecision(_ object: BundleObject) throws {
    let value = try Self.only(object.argument("threshold"))
    if try Self.flag(object, "argmax") {
      guard value == .null else {
        throw fail(object, "threshold", "follows argmax, after which there is no probability")
      }
      decision = Stated(value: nil, key: "\(object.path).argmax")
    } else if value != .null {
      guard let number = value.asDouble, number > 0, number < 1 else {
        throw fail(object, "threshold", "is \(value.kind); expected a number between 0 and 1")
      }
      decision = Stated(value: number, key: "\(object.path).threshold")
    }
  }

  /// - Throws: `CheckpointError` where a step leaves one of the channels as it is.
  private func requireAllEntries(_ object: BundleObject) throws {
    let names = try Self.names(object)
    guard !names.isEmpty, let missing = entries.first(where: { !names.contains($0) }) else { return }
    throw fail(object, "keys", "leave \(PrintableName(missing)) out; both channels go the same way")
  }

  private func fail(_ object: BundleObject, _ key: String, _ problem: String) -> CheckpointError {
    .key(file: object.file, key: "\(object.path).\(key)", problem: problem)
  }

  /// The names under `keys`.
  private static func names(_ object: BundleObject) throws -> [String] {
    switch try object.argument("keys") {
    case .string(let name)?: return [name]
    case .array(let items)?: return items.compactMap { if case .string(let name) = $0 { name } else { nil } }
    default: return []
    }
  }

  private static func isOfReference(_ name: String) -> Bool {
    ["label", "seg", "mask", "truth", "reference"].contains { name.lowercased().contains($0) }
  }

  /// A value that may be a list of one.
  private static func only(_ value: JSONValue?) -> JSONValue {
    if case .array(let items)? = value, items.count == 1 { return items[0] }
    return value ?? .null
  }

  private static func flag(_ object: BundleObject, _ key: String) throws -> Bool {
    switch only(try object.argument(key)) {
    case .null, .bool(false): return false
    case .bool(true): return true
    case let value:
      throw CheckpointError.value(
        file: object.file, key: "\(object.path).\(key)", found: value.kind, expected: "true or false")
    }
  }

  /// The tables of docs/importing.md.
  static var rules: [KeyRules] {
    [compose] + (KnownTransform.preprocessing + KnownTransform.postprocessing).map(\.keys)
  }
}
