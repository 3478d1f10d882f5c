import Checkpoints

extension ModelDescription.IntensityNormalisation {
  /// The most steps that are read.
  private static let maximumSteps = 8

  /// Reads `normalisation` of model.json: one of two words, or MONAI's transforms.
  ///
  /// - Throws: ``CheckpointError``.
  init(_ json: JSONReader, _ key: String) throws {
    let value = try json.required(key)
    switch value {
    case .string("zscore-nonzero"): self = .zscoreNonzero
    case .string("nnunet"): self = .nnunet
    case .array(let items) where (1...Self.maximumSteps).contains(items.count):
      let steps = try items.enumerated().map { index, item in
        try IntensityTransform(item, file: json.file, path: "\(json.name(key))[\(index)]")
      }
      self.init(steps: steps)
    default:
      throw json.wrong(
        key, value,
        expected: "\"zscore-nonzero\", \"nnunet\" or a list of 1 to \(Self.maximumSteps) of MONAI's transforms")
    }
  }

  /// As a person states it: `zscore-nonzero`, `zscore`, `zero-to-one`, or one or a list of MONAI's transforms as JSON,
  /// in the words of model.json or in those of Python, with `_target_` or `name`.
  ///
  /// - Parameter origin: names it in messages.
  /// - Throws: `CheckpointError`.
  public init(stated text: String, origin: String) throws {
    let isJSON = text.first.map { "[{".contains($0) } ?? false
    switch text {
    case "zscore-nonzero": self = .zscoreNonzero
    case "zscore": self = .monai([.normalise(nonzero: false, isChannelWise: true)])
    case "zero-to-one": self = .monai([.scale(minimum: 0, maximum: 1, isChannelWise: true)])
    case _ where isJSON:
      let document = try JSONValue(text: text, origin: origin)
      let steps = if case .array(let items) = document { items } else { [document] }
      let list = JSONValue.object([("normalisation", .array(steps.map(IntensityTransform.inOwnWords)))])
      try self.init(JSONReader(list, file: origin, path: "", allowed: nil), "normalisation")
    default:
      throw CheckpointError.malformed(
        file: origin,
        reason: "is \(PrintableName(text)); expected zscore-nonzero, zscore, zero-to-one, or one or a list of MONAI's "
          + "transforms as JSON, such as {\"name\": \"ScaleIntensityRangePercentiles\", \"lower\": 1, \"upper\": 99, "
          + "\"b_min\": 0, \"b_max\": 1, \"clip\": true, \"channel_wise\": true}")
    }
  }

  /// The same steps by their short name, where they have one.
  init(steps: [IntensityTransform]) { self = steps == Self.zscoreSteps ? .zscoreNonzero : .monai(steps) }

  private static let zscoreSteps = [IntensityTransform.normalise(nonzero: true, isChannelWise: true)]

  /// One after the other; nil for nnU-Net's, which its plans say.
  var steps: [IntensityTransform]? {
    switch self {
    case .zscoreNonzero: Self.zscoreSteps
    case .monai(let steps): steps
    case .nnunet: nil
    }
  }

  var json: JSONValue {
    switch self {
    case .zscoreNonzero: .string("zscore-nonzero")
    case .nnunet: .string("nnunet")
    case .monai(let steps): .array(steps.map(\.json))
    }
  }
}

extension IntensityTransform {
  private static let keys = [
    "NormalizeIntensity": ["nonzero", "channelWise"], "ScaleIntensity": ["minv", "maxv", "channelWise"],
    "ScaleIntensityRange": ["aMin", "aMax", "bMin", "bMax", "clip"],
    "ScaleIntensityRangePercentiles": ["lower", "upper", "bMin", "bMax", "clip", "relative", "channelWise"],
    "ClipIntensityPercentiles": ["lower", "upper", "channelWise"],
  ]

  /// A transform in the words of Python: module paths, the `d` of dictionary transforms and the images that they name
  /// are left away.
  static func inOwnWords(_ value: JSONValue) -> JSONValue {
    guard case .object(let members) = value else { return value }
    return .object(
      members.compactMap { key, value in
        switch key {
        case "_target_", "name":
          guard case .string(let path) = value else { return ("name", value) }
          var name = String(path.split(separator: ".").last ?? "")
          for ending in ["Dict", "D", "d"]
          where keys[String(name.dropLast(ending.count))] != nil && name.hasSuffix(ending) {
            name.removeLast(ending.count)
          }
          return ("name", .string(name))
        case "keys": return nil
        default: return (MONAIArguments.lowerCamelCase(key), value)
        }
      })
  }

  /// - Throws: `CheckpointError`.
  init(_ value: JSONValue, file: String, path: String) throws {
    let given = try JSONReader(value, file: file, path: path, allowed: nil)
    let name = try given.string("name", oneOf: Self.keys.keys.sorted())
    let json = try JSONReader(value, file: file, path: path, allowed: ["name"] + Self.keys[name]!)
    func number(_ key: String, default fallback: Double? = nil) throws -> Double {
      try json.double(key, default: fallback, expected: "a number", where: \.isFinite)
    }
    func percentiles() throws -> Span {
      func percentile(_ key: String) throws -> Double {
        try json.double(key, expected: "a percentile from 0 to 100") { (0...100).contains($0) }
      }
      let span = Span(try percentile("lower"), try percentile("upper"))
      guard span.lower < span.upper else { throw json.fail("upper", "is not above \"lower\"") }
      return span
    }
    func target() throws -> Span? {
      let isNull = ["bMin", "bMax"].map { json.optional($0) ?? .null == .null }
      guard isNull[0] == isNull[1] else { throw json.fail("bMin", "and \"bMax\" go together; one is null or missing") }
      return isNull[0] ? nil : Span(try number("bMin"), try number("bMax"))
    }
    func clips(_ target: Span?) throws -> Bool {
      let clips = try json.bool("clip", default: false)
      guard !clips || target.map({ $0.lower < $0.upper }) ?? false else {
        throw json.fail("clip", "is true, which needs a \"bMax\" above \"bMin\"")
      }
      return clips
    }
    let isChannelWise = try json.bool("channelWise", default: false)
    switch name {
    case "NormalizeIntensity":
      self = .normalise(nonzero: try json.bool("nonzero", default: false), isChannelWise: isChannelWise)
    case "ScaleIntensity":
      self = .scale(
        minimum: try number("minv", default: 0), maximum: try number("maxv", default: 1), isChannelWise: isChannelWise)
    case "ScaleIntensityRange":
      let (from, to) = (Span(try number("aMin"), try number("aMax")), try target())
      guard from.lower != from.upper else { throw json.fail("aMax", "is \"aMin\"; expected a range") }
      self = .scaleRange(from: from, to: to, clips: try clips(to))
    case "ScaleIntensityRangePercentiles":
      let from = try percentiles()
      var to = try target()
      if try json.bool("relative", default: false) {
        guard let whole = to else { throw json.fail("relative", "is true, which needs \"bMin\" and \"bMax\"") }
        let width = whole.upper - whole.lower
        to = Span(whole.lower + width * from.lower / 100, whole.lower + width * from.upper / 100)
      }
      self = .scalePercentiles(from: from, to: to, clips: try clips(to), isChannelWise: isChannelWise)
    default: self = .clipPercentiles(try percentiles(), isChannelWise: isChannelWise)
    }
  }

  /// As it is read; a relative range in its own numbers.
  var json: JSONValue {
    func object(_ name: String, _ members: [(key: String, value: JSONValue?)]) -> JSONValue {
      .object([("name", .string(name))] + members.compactMap { key, value in value.map { (key, $0) } })
    }
    func range(_ to: Span?, _ clips: Bool) -> [(key: String, value: JSONValue?)] {
      [("bMin", to.map { .number($0.lower) }), ("bMax", to.map { .number($0.upper) }), ("clip", .bool(clips))]
    }
    return switch self {
    case .normalise(let nonzero, let isChannelWise):
      object("NormalizeIntensity", [("nonzero", .bool(nonzero)), ("channelWise", .bool(isChannelWise))])
    case .scale(let minimum, let maximum, let isChannelWise):
      object(
        "ScaleIntensity",
        [("minv", .number(minimum)), ("maxv", .number(maximum)), ("channelWise", .bool(isChannelWise))])
    case .scaleRange(let from, let to, let clips):
      object("ScaleIntensityRange", [("aMin", .number(from.lower)), ("aMax", .number(from.upper))] + range(to, clips))
    case .scalePercentiles(let from, let to, let clips, let isChannelWise):
      object(
        "ScaleIntensityRangePercentiles",
        [("lower", .number(from.lower)), ("upper", .number(from.upper))] + range(to, clips) + [
          ("channelWise", .bool(isChannelWise))
        ])
    case .clipPercentiles(let span, let isChannelWise):
      object(
        "ClipIntensityPercentiles",
        [("lower", .number(span.lower)), ("upper", .number(span.upper)), ("channelWise", .bool(isChannelWise))])
    }
  }
}
