import Checkpoints

extension SwinUNETRConfiguration {
  /// Bounds that no network in use comes near; they keep a damaged description from asking for absurd sizes.
  private static let channelRange = 1...4096
  private static let windowRange = 1...32

  /// Reads `architecture.parameters`: the arguments of MONAI's constructor, with its defaults. `patchMerging` is no
  /// argument there and must be given, because the weights do not tell.
  static func read(_ value: JSONValue, file: String, path: String) throws -> SwinUNETRConfiguration {
    let json = try JSONReader(
      value, file: file, path: path,
      allowed: [
        "spatialDims", "inChannels", "outChannels", "featureSize", "depths", "numHeads", "windowSize", "patchSize",
        "qkvBias", "mlpRatio", "patchNorm", "normName", "normalize", "useV2", "downsample", "patchMerging",
      ])
    if let dimensions = json.optional("spatialDims"), dimensions != .integer(3) {
      throw json.wrong("spatialDims", dimensions, expected: "3")
    }
    _ = try json.integer("patchSize", in: 2...2, default: 2)
    var result = SwinUNETRConfiguration(
      inputChannels: try json.integer("inChannels", in: Self.channelRange),
      outputChannels: try json.integer("outChannels", in: Self.channelRange), downsampling: try Self.downsampling(json))
    result.featureSize = try json.integer("featureSize", in: 12...768, default: 24)
    guard result.featureSize % 12 == 0 else {
      throw json.fail("featureSize", "is \(result.featureSize); it must be a multiple of 12")
    }
    result.depths = try Self.four(json, "depths", in: 1...64, default: result.depths)
    result.heads = try Self.four(json, "numHeads", in: 1...1024, default: result.heads)
    for (stage, heads) in result.heads.enumerated() {
      let channels = result.featureSize << stage
      guard channels % heads == 0, channels / heads <= WindowAttention.largestDepth else {
        throw json.fail(
          "numHeads",
          "has \(heads) in stage \(stage + 1), which must divide its \(channels) channels into heads of at most "
            + "\(WindowAttention.largestDepth)")
      }
    }
    result.window = try json.triple("windowSize", in: Self.windowRange, default: 7)
    result.hasQKVBias = try json.bool("qkvBias", default: true)
    result.perceptronRatio = try json.double("mlpRatio", default: 4, expected: "a number from 0.1 to 64") {
      (0.1...64).contains($0)
    }
    result.normalisesPatches = try json.bool("patchNorm", default: false)
    result.normalisesStages = try json.bool("normalize", default: true)
    result.isVersion2 = try json.bool("useV2", default: false)
    if case .string(let name)? = json.optional("normName") {
      // As in descriptions of the first versions.
      let object = JSONValue.object([("normName", .object([("name", .string(name))]))])
      let reader = try JSONReader(object, file: file, path: path, allowed: ["normName"])
      result.normalisation = try .read(reader, "normName", default: nil)
    } else {
      result.normalisation = try .read(json, "normName", default: result.normalisation)
    }
    return result
  }

  private static func downsampling(_ json: JSONReader) throws -> Downsampling {
    let merging =
      json.optional("downsample") == nil ? "merging" : try json.string("downsample", oneOf: ["merging", "mergingv2"])
    guard json.optional("patchMerging") != nil else {
      throw json.fail(
        "patchMerging",
        "is missing; \"fixed\" for a network trained with a MONAI that joins all eight neighbours (1.5 and later do), "
          + "\"legacy\" for one trained with an older MONAI, which took two of them twice")
    }
    let isLegacy = try json.string("patchMerging", oneOf: ["legacy", "fixed"]) == "legacy"
    guard merging == "mergingv2" else { return .merging(isLegacy: isLegacy) }
    guard !isLegacy else {
      throw json.fail("patchMerging", "is \"legacy\", which \"mergingv2\" never was; expected \"fixed\"")
    }
    return .mergingV2
  }

  private static func four(_ json: JSONReader, _ key: String, in range: ClosedRange<Int>, default fallback: [Int])
    throws -> [Int]
  {
    guard let value = json.optional(key) else { return fallback }
    if let numbers = JSONReader.integers(value, in: range), numbers.count == 4 { return numbers }
    throw json.wrong(
      key, value,
      expected: "a list of four whole numbers from \(range.lowerBound) to \(range.upperBound), one per stage")
  }
}
