/// One configuration of an nnU-Net v2 plans.json, as far as inference needs it.
///
/// Understands plans of all versions 2.x: with `architecture` (since 2.3) and with `UNet_class_name` and its companions before.
/// Source: nnunetv2 2.8, `utilities/plans_handling/plans_handler.py`.
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
  ///   - channels: channels of the images.
  /// - Throws: ``NetworkError/malformed(file:reason:)``, ``NetworkError/description(file:key:problem:)``,
  ///   ``NetworkError/unsupported(_:)`` for what nnU-Net knows and this program does not run, by name.
  init(bytes: UnsafeRawBufferPointer, file: String, configuration: String, channels: Int) throws {
    let plans = try PlansReader(bytes: bytes, file: file)
    let chosen = try Self.configuration(configuration, of: plans)
    self.configuration = configuration
    plansName = try plans.text("plans_name")
    datasetName = try plans.text("dataset_name")
    if plans.optional("label_manager") != nil {
      try Self.require(plans, "label_manager", ["LabelManager"], "label manager")
    }
    orientation = try Self.orientation(plans)

    if chosen.optional("previous_stage") != nil {
      throw NetworkError.unsupported(
        "\(file): the configuration \(configuration) is a cascade, which needs the segmentation of "
          + "\"\(try chosen.text("previous_stage"))\"; import a configuration without a previous stage")
    }
    if chosen.optional("preprocessor_name") != nil {
      try Self.require(chosen, "preprocessor_name", ["DefaultPreprocessor"], "preprocessor")
    }
    let patch = try chosen.required("patch_size")
    if case .array(let items) = patch, items.count == 2 {
      throw NetworkError.unsupported(
        "\(file): the configuration \(configuration) is two-dimensional; import a 3D configuration such as 3d_fullres")
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
      normalisation: try Self.normalisation(chosen, plans: plans, channels: channels),
      imageResampling: try Self.resampling(chosen, "resampling_fn_data", orders: [0, 1, 3]),
      logitResampling: try Self.resampling(chosen, "resampling_fn_probabilities", orders: [0, 1]))
  }

  private static func configuration(_ name: String, of plans: PlansReader) throws -> PlansReader {
    let all = try plans.object("configurations")
    func find(_ name: String) throws -> PlansReader {
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

  /// - Throws: ``NetworkError/unsupported(_:)`` that names what was found.
  private static func require(_ reader: PlansReader, _ key: String, _ known: [String], _ what: String) throws {
    let found = try reader.text(key)
    guard known.contains(found) else {
      throw NetworkError.unsupported(
        "\(reader.file): \"\(reader.name(key))\" is the \(what) \(found.prefix(60)); "
          + "only \(known.joined(separator: ", ")) \(known.count == 1 ? "is" : "are") supported")
    }
  }

  private static func orientation(_ plans: PlansReader) throws -> String {
    try require(
      plans, "image_reader_writer", ["SimpleITKIO", "NibabelIO", "NibabelIOWithReorient"], "image reader")
    return try plans.text("image_reader_writer") == "NibabelIOWithReorient" ? "RAS" : "asStored"
  }

  private static func transposition(_ plans: PlansReader) throws -> [Int] {
    let value = try plans.required("transpose_forward")
    guard case .array = value, let axes = JSONReader.triple(value, in: 0...2), axes.sorted() == [0, 1, 2] else {
      throw plans.fail("transpose_forward", "is \(value.kind); expected the numbers 0, 1 and 2 in some order")
    }
    return axes
  }

  private static func normalisation(_ chosen: PlansReader, plans: PlansReader, channels: Int) throws
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
        throw NetworkError.unsupported(
          "\(chosen.file): \"\(chosen.name("normalization_schemes"))\" has \(scheme.prefix(60)); supported: ZScoreNormalization, "
            + "CTNormalization, RescaleTo01Normalization, NoNormalization")
      }
    }
  }

  private static func resampling(_ chosen: PlansReader, _ key: String, orders: [Int]) throws
    -> NNUNetPreprocessing.Resampling
  {
    try require(chosen, key, ["resample_data_or_seg_to_shape"], "resampling function")
    let arguments = try chosen.object("\(key)_kwargs")
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
