import Checkpoints

/// One configuration of an nnU-Net v2 plans.json, as far as inference needs it.
///
/// Understands plans of all versions 2.x: with `architecture` (since 2.3) and with `UNet_class_name` and its companions
/// before. Source: nnunetv2 2.8, `utilities/plans_handling/plans_handler.py`.
struct NNUNetPlans {
  let configuration: String
  let plansName: String
  let datasetName: String
  /// `asStored` or axis codes, from the class that read the training images.
  let orientation: String
  /// `{"name": …, "parameters": …}` of model.json, without the numbers of channels.
  let architecture: NNUNetArchitecture
  /// In network axes.
  let patchSize: [Int]
  let spacingMillimetres: [Double]
  let preprocessing: NNUNetPreprocessing

  private static let maximumInheritance = 16

  /// Reads the bytes of plans.json.
  ///
  /// - Parameters:
  ///   - configuration: such as `3d_fullres`.
  ///   - channels: of the images, in the order of the training, which is that of the plans' lists.
  /// - Throws: `CheckpointError`, ``ModelError/unsupported(file:found:expected:remedy:)`` for what nnU-Net knows and
  ///   this program does not run, by name.
  init(bytes: UnsafeRawBufferPointer, file: String, configuration: String, channels: ChannelOrder) throws {
    let plans = try JSONReader(JSONValue(bytes, file: file), file: file, path: "", allowed: nil)
    try NNUNetRules.plans.judge(plans)
    let chosen = try Self.configuration(configuration, of: plans)
    try NNUNetRules.configuration.judge(chosen)
    self.configuration = configuration
    plansName = try plans.text("plans_name")
    datasetName = try plans.text("dataset_name")
    _ = try plans.string("label_manager", oneOf: ["LabelManager"], default: "")
    orientation = try Self.orientation(plans)

    if chosen.optional("previous_stage") != nil {
      throw ModelError.unsupported(
        file: file,
        found: "the configuration \(configuration) is a cascade, which needs the segmentation of "
          + "\"\(try chosen.text("previous_stage"))\"", expected: "a configuration without a previous stage")
    }
    _ = try chosen.string("preprocessor_name", oneOf: ["DefaultPreprocessor"], default: "")
    let patch = try chosen.required("patch_size")
    if case .array(let items) = patch, items.count == 2 {
      throw ModelError.unsupported(
        file: file, found: "the configuration \(configuration) is two-dimensional",
        expected: "a 3D configuration such as 3d_fullres")
    }
    guard case .array = patch, let size = JSONReader.triple(patch, in: 1...1024) else {
      throw chosen.fail("patch_size", "is \(patch.kind); expected three whole numbers from 1 to 1024")
    }
    patchSize = size
    spacingMillimetres = try chosen.list("spacing", count: 3).map { item in
      guard let number = item.asDouble, number > 0, number <= 100 else {
        throw chosen.fail("spacing", "holds \(item.kind); expected voxel sizes in mm above 0")
      }
      return number
    }
    architecture = try NNUNetArchitecture(chosen)
    preprocessing = NNUNetPreprocessing(
      transposeForward: try Self.transposition(plans),
      normalisation: try Self.normalisation(chosen, plans: plans, channels: channels.channels.count).inOrder(channels),
      imageResampling: try Self.resampling(chosen, "resampling_fn_data", orders: [0, 1, 3]),
      logitResampling: try Self.resampling(chosen, "resampling_fn_probabilities", orders: [0, 1]))
  }

  private static func configuration(_ name: String, of plans: JSONReader) throws -> JSONReader {
    let all = try plans.object("configurations")
    func find(_ name: String) throws -> JSONReader {
      guard all.optional(name) != nil else {
        throw all.fail(
          String(name.prefix(60)),
          "is missing, a configuration that the checkpoints or another one name; there are "
            + "\(all.keys.prefix(12).map { String($0.prefix(60)) }.joined(separator: ", "))")
      }
      return try all.object(name)
    }
    var result = try find(name)
    var parent = result
    for _ in 0..<maximumInheritance {
      guard parent.optional("inherits_from") != nil else { return result }
      parent = try find(try parent.text("inherits_from"))
      result = try result.inheriting(parent)
    }
    throw all.fail(name, "inherits from itself, or over more than \(maximumInheritance) configurations")
  }

  private static func orientation(_ plans: JSONReader) throws -> String {
    // Both that reorient turn to RAS, alike for every direction of the axes.
    let reader = try plans.string(
      "image_reader_writer", oneOf: ["SimpleITKIO", "SimpleITKIOWithReorient", "NibabelIO", "NibabelIOWithReorient"])
    return reader.hasSuffix("WithReorient") ? "RAS" : "asStored"
  }

  private static func transposition(_ plans: JSONReader) throws -> [Int] {
    let value = try plans.required("transpose_forward")
    guard case .array = value, let axes = JSONReader.triple(value, in: 0...2), axes.sorted() == [0, 1, 2] else {
      throw plans.fail("transpose_forward", "is \(value.kind); expected the numbers 0, 1 and 2 in some order")
    }
    if let back = plans.optional("transpose_backward") {
      guard case .array = back, let backward = JSONReader.triple(back, in: 0...2),
        backward.map({ axes[$0] }) == [0, 1, 2]
      else {
        throw plans.fail(
          "transpose_backward", "is \(back.line.prefix(40)), which does not undo transpose_forward \(axes)")
      }
    }
    return axes
  }

  private static func normalisation(_ chosen: JSONReader, plans: JSONReader, channels: Int) throws
    -> [NNUNetPreprocessing.Normalisation]
  {
    let schemes = try chosen.list("normalization_schemes", count: channels)
    let masks = try chosen.list("use_mask_for_norm", count: channels)
    return try schemes.indices.map { channel in
      guard case .string(let scheme) = schemes[channel], case .bool(let useMask) = masks[channel] else {
        throw chosen.fail(
          "normalization_schemes", "and \"use_mask_for_norm\" must be lists of texts and of true or false")
      }
      switch scheme {
      case "ZScoreNormalization": return .zScore(useMask: useMask)
      case "NoNormalization": return .none
      case "RescaleTo01Normalization": return .rescaleTo01
      case "CTNormalization":
        let key = "foreground_intensity_properties_per_channel"
        let old = "foreground_intensity_properties_by_modality"
        let numbers = try plans.object(plans.optional(key) == nil ? old : key).object("\(channel)")
        return .fixed(
          mean: try numbers.number("mean"), deviation: max(0, try numbers.number("std")),
          lower: try numbers.number("percentile_00_5"), upper: try numbers.number("percentile_99_5"))
      default:
        throw chosen.wrong(
          "normalization_schemes", schemes[channel],
          expected: "ZScoreNormalization, CTNormalization, RescaleTo01Normalization or NoNormalization")
      }
    }
  }

  private static func resampling(_ chosen: JSONReader, _ key: String, orders: [Int]) throws
    -> NNUNetPreprocessing.Resampling
  {
    _ = try chosen.string(key, oneOf: ["resample_data_or_seg_to_shape"])
    let arguments = try chosen.object("\(key)_kwargs")
    try NNUNetRules.resampling.judge(arguments)
    if try arguments.flag("is_seg") == true {
      throw arguments.fail("is_seg", "is true; images and logits are not resampled as labels")
    }
    // The defaults are those of the function; an absent key and an explicit null differ for force_separate_z only.
    let order = arguments.optional("order") == nil ? 3 : try arguments.integer("order", in: 0...5)
    guard orders.contains(order) else {
      throw arguments.fail("order", "is \(order); supported: \(orders.map(String.init).joined(separator: ", "))")
    }
    let orderZ = arguments.optional("order_z") == nil ? 0 : try arguments.integer("order_z", in: 0...5)
    guard orderZ <= 1 else { throw arguments.fail("order_z", "is \(orderZ); supported: 0, 1") }
    let isGiven = arguments.keys.contains("force_separate_z")
    return NNUNetPreprocessing.Resampling(
      order: order, orderZ: orderZ, forceSeparateZ: isGiven ? try arguments.flag("force_separate_z") : false)
  }
}

extension [NNUNetPreprocessing.Normalisation] {
  /// One per channel as trained → as the network is run.
  fileprivate func inOrder(_ order: ChannelOrder) -> Self { order.sources.map { self[$0] } }
}
