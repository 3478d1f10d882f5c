import Checkpoints

/// The network of a plan, in the words of model.json.
struct NNUNetArchitecture {
  /// A known architecture's name.
  let name: String
  /// Its parameters, without the numbers of channels, which the data set decides.
  let parameters: [(key: String, value: JSONValue)]

  private static let known = ["PlainConvUNet", "ResidualEncoderUNet"]

  /// - Parameter configuration: of plans.json.
  /// - Throws: `CheckpointError`.
  init(_ configuration: JSONReader) throws {
    if configuration.optional("architecture") != nil {
      let architecture = try configuration.object("architecture")
      try NNUNetRules.architecture.judge(architecture)
      name = try Self.name(architecture, "network_class_name")
      parameters = try Self.parameters(try architecture.object("arch_kwargs"), name: name)
    } else {
      name = try Self.name(configuration, "UNet_class_name")
      parameters = try Self.oldParameters(configuration, name: name)
    }
  }

  func json(inputChannels: Int, outputChannels: Int) -> JSONValue {
    .object([
      ("name", .string(name)),
      (
        "parameters",
        .object([("inChannels", .integer(inputChannels)), ("outChannels", .integer(outputChannels))] + parameters)
      ),
    ])
  }

  /// The last part of a class path.
  private static func lastPart(_ text: String) -> String { String(text.split(separator: ".").last ?? "") }

  private static func name(_ reader: JSONReader, _ key: String) throws -> String {
    let path = try reader.text(key)
    guard known.contains(lastPart(path)) else {
      throw reader.wrong(key, .string(path), expected: known.joined(separator: " or "))
    }
    return lastPart(path)
  }

  private static func perEncoderStage(_ name: String) -> (plans: String, model: String) {
    name == "PlainConvUNet" ? ("n_conv_per_stage", "nConvPerStage") : ("n_blocks_per_stage", "nBlocksPerStage")
  }

  private static func parameters(_ arguments: JSONReader, name: String) throws -> [(key: String, value: JSONValue)] {
    try NNUNetRules.network(blocks: perEncoderStage(name).plans).judge(arguments)
    let convolution = try arguments.text("conv_op")
    guard lastPart(convolution) == "Conv3d" else {
      throw arguments.wrong(
        "conv_op", .string(convolution), expected: "Conv3d; only three-dimensional networks are supported")
    }
    var result: [(key: String, value: JSONValue)] = []
    for (plans, model) in [
      ("n_stages", "nStages"), ("features_per_stage", "featuresPerStage"), ("kernel_sizes", "kernelSizes"),
      ("strides", "strides"), perEncoderStage(name), ("n_conv_per_stage_decoder", "nConvPerStageDecoder"),
    ] { result.append((model, try arguments.required(plans))) }
    for (plans, model) in [
      ("conv_bias", "convBias"), ("nonlin_first", "nonlinFirst"), ("stem_channels", "stemChannels"),
      ("bottleneck_channels", "bottleneckChannels"),
    ] { if let value = arguments.optional(plans) { result.append((model, value)) } }
    if arguments.optional("block") != nil { result.append(("block", .string(lastPart(try arguments.text("block"))))) }
    if let norm = try norm(arguments) { result.append(("norm", norm)) }
    if let activation = try activation(arguments) { result.append(("activation", activation)) }
    return result
  }

  private static func norm(_ arguments: JSONReader) throws -> JSONValue? {
    guard arguments.optional("norm_op") != nil else { return nil }
    let path = try arguments.text("norm_op")
    let kinds = ["InstanceNorm3d": "instance", "BatchNorm3d": "batch", "SyncBatchNorm": "syncbatch"]
    guard let kind = kinds[lastPart(path)] else {
      throw arguments.wrong("norm_op", .string(path), expected: kinds.keys.sorted().joined(separator: " or "))
    }
    var members: [(key: String, value: JSONValue)] = [("name", .string(kind))]
    if arguments.optional("norm_op_kwargs") != nil {
      let options = try arguments.object("norm_op_kwargs")
      try NNUNetRules.normOptions.judge(options)
      if let hasStatistics = try options.flag("track_running_stats") {
        members.append(("trackRunningStats", .bool(hasStatistics)))
      }
      if let affine = try options.flag("affine") { members.append(("affine", .bool(affine))) }
      if options.optional("eps") != nil { members.append(("eps", .number(try options.number("eps")))) }
    }
    return .object(members)
  }

  private static func activation(_ arguments: JSONReader) throws -> JSONValue? {
    guard arguments.optional("nonlin") != nil else { return nil }
    let path = try arguments.text("nonlin")
    // PyTorch's layers with the options that they have, by the names of plans.json and of model.json.
    let kinds: KeyValuePairs = [
      "ReLU": ("relu", []), "LeakyReLU": ("leakyrelu", [("negative_slope", "negativeSlope")]),
      "ELU": ("elu", [("alpha", "alpha")]), "GELU": ("gelu", [("approximate", "approximate")]), "SiLU": ("silu", []),
      "Mish": ("mish", []),
    ]
    guard let (name, options) = kinds.first(where: { $0.key == lastPart(path) })?.value else {
      throw arguments.wrong("nonlin", .string(path), expected: kinds.map(\.key).joined(separator: " or "))
    }
    var members: [(key: String, value: JSONValue)] = [("name", .string(name))]
    if arguments.optional("nonlin_kwargs") != nil {
      let given = try arguments.object("nonlin_kwargs")
      try NNUNetRules.activationOptions.judge(given)
      for key in NNUNetRules.activationOptions.honoured {
        guard let value = given.optional(key) else { continue }
        guard let own = options.first(where: { $0.0 == key }) else {
          throw given.fail(key, "is no option of \(lastPart(path))")
        }
        members.append((own.1, value))
      }
    }
    return .object(members)
  }

  /// Plans before version 2.3, whose other arguments were fixed in the code.
  private static func oldParameters(_ plan: JSONReader, name: String) throws -> [(key: String, value: JSONValue)] {
    let encoder = try plan.required("n_conv_per_stage_encoder")
    guard case .array(let items) = encoder, (2...16).contains(items.count) else {
      throw plan.fail("n_conv_per_stage_encoder", "is \(encoder.kind); expected a list of 2 to 16")
    }
    let base = try plan.integer("UNet_base_num_features", in: 1...65536)
    let most = try plan.integer("unet_max_num_features", in: 1...65536)
    let features = items.indices.map { min(base << $0, most) }
    return [
      ("nStages", .integer(items.count)), ("featuresPerStage", .array(features.map(JSONValue.integer))),
      ("kernelSizes", try plan.required("conv_kernel_sizes")), ("strides", try plan.required("pool_op_kernel_sizes")),
      (perEncoderStage(name).model, encoder), ("nConvPerStageDecoder", try plan.required("n_conv_per_stage_decoder")),
      ("convBias", .bool(true)),
      ("norm", .object([("name", .string("instance")), ("affine", .bool(true)), ("eps", .number(1e-5))])),
      ("activation", .object([("name", .string("leakyrelu")), ("negativeSlope", .number(0.01))])),
    ]
  }
}
