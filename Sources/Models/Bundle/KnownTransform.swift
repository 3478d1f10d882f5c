import Checkpoints

/// A transform of MONAI in a bundle's pre- or postprocessing that this program runs, or that changes no result.
struct KnownTransform: Sendable {
  /// What the transform says of the model, by ``name``.
  enum Meaning: Sendable {
    case nothing, channelOrder, orientation, spacing, normalisation, activation, decision, inversion
  }

  /// The class for arrays; that for dictionaries ends in d, D or Dict.
  let name: String
  let meaning: Meaning
  let keys: KeyRules

  private init(_ name: String, says meaning: Meaning = .nothing, _ rules: [KeyRule], others: String? = nil) {
    (self.name, self.meaning) = (name, meaning)
    keys = KeyRules(owner: name, rules: rules + Self.common, others: others)
  }

  private static let common: [KeyRule] = [
    .honoured("keys", "which entries it works on: all channels, or their join"),
    .withoutEffect("allow_missing_keys", because: "an image that the network needs is there"),
    .refused("lazy", because: "steps would be joined into one interpolation"),
  ]
  private static let dtype = KeyRule.only("dtype", "a floating-point type", because: "intensities would be rounded") {
    $0 == .null || $0.line.contains("float") && !$0.line.contains("16")
  }
  private static let channelDimension = KeyRule.only(
    "channel_dim", "\"no_channel\"", because: "every image is a channel"
  ) { $0 == .null || $0 == .string("no_channel") }

  /// By name, with or without its module, of the class for arrays or for dictionaries.
  init?(target: String) {
    let last = target.split(separator: ".").last.map(String.init) ?? target
    let names = [last] + ["Dict", "d", "D"].filter { last.hasSuffix($0) }.map { String(last.dropLast($0.count)) }
    guard let found = Self.all.first(where: { names.contains($0.name) }) else { return nil }
    self = found
  }

  static let preprocessing: [KnownTransform] = [
    KnownTransform(
      "LoadImage",
      [
        .only("reader", "NibabelReader or ITKReader", because: "others read no NIfTI") {
          let last = $0.stringValue?.lowercased().split(separator: ".").last
          return $0 == .null || last == "nibabelreader" || last == "itkreader"
        }, dtype, channelDimension, .refused("as_closest_canonical", because: "the axes are turned by Orientation"),
        .refused("reverse_indexing", because: "the axes would be exchanged"),
        .only("affine_lps_to_ras", "true", because: "the affine is that of NIfTI") { $0 == .null || $0 == .bool(true) },
        .withoutEffect(
          "image_only ensure_channel_first simple_keys prune_meta_pattern prune_meta_sep expanduser overwriting "
            + "meta_keys meta_key_postfix squeeze_non_spatial_dims to_gpu series_name series_meta",
          because: "they say what comes with the voxels"),
      ]),
    KnownTransform(
      "EnsureChannelFirst", [channelDimension, .withoutEffect("strict_check", because: "every image is a channel")]),
    KnownTransform("AddChannel", []),
    KnownTransform(
      "ConcatItems", says: .channelOrder,
      [
        .honoured("name", "what the joined channels are called"),
        .only("dim", "0", because: "channels are joined") { $0 == .null || $0 == .integer(0) },
      ]),
    KnownTransform(
      "Orientation", says: .orientation,
      [
        .honoured("axcodes", "orientation, which the one stated must be"),
        .refused("as_closest_canonical", because: "axcodes says the axes"),
        .refused("labels", because: "axes have the letters of NIfTI"),
      ]),
    KnownTransform(
      "Spacing", says: .spacing,
      [
        .honoured(
          "pixdim",
          "spacingMillimetres, which those stated must be; the new grid covers the image's box, where "
            + "MONAI's begins at the centre of the first voxel: values are taken less than a voxel apart"),
        .only("mode", "bilinear", because: "images are interpolated linearly") {
          each($0) { $0 == .string("bilinear") }
        },
        .only("padding_mode", "border", because: "nothing is made up beyond the image") {
          each($0) { $0 == .string("border") }
        }, .honoured("scale_extent", "true is what is run; for false see pixdim"),
        .withoutEffect("align_corners recompute_affine", because: "the values stay the same"),
        .refused("diagonal min_pixdim max_pixdim", because: "the voxel size is pixdim on the image's own axes"), dtype,
        .withoutEffect("ensure_same_shape", because: "it is about labels"),
      ]),
    KnownTransform(
      "NormalizeIntensity", says: .normalisation,
      [
        .honoured("nonzero channel_wise", "normalisation, which the one stated must be"),
        .refused("subtrahend divisor", because: "mean and deviation are the image's"), dtype,
      ]),
    KnownTransform(
      "ScaleIntensity", says: .normalisation,
      [
        .honoured("minv maxv channel_wise", "normalisation, which the one stated must be"),
        .refused("factor", because: "the range is minv to maxv"), dtype,
      ]),
    KnownTransform(
      "ScaleIntensityRange", says: .normalisation,
      [.honoured("a_min a_max b_min b_max clip", "normalisation, which the one stated must be"), dtype]),
    KnownTransform(
      "ScaleIntensityRangePercentiles", says: .normalisation,
      [
        .honoured("lower upper b_min b_max clip relative channel_wise", "normalisation, which the one stated must be"),
        dtype,
      ]),
    KnownTransform(
      "ClipIntensityPercentiles", says: .normalisation,
      [
        .honoured("lower upper channel_wise", "normalisation, which the one stated must be"),
        .refused("sharpness_factor return_clipping_values", because: "values are cut at the percentiles"), dtype,
      ]),
    KnownTransform(
      "EnsureType",
      [dtype, .withoutEffect("data_type device wrap_sequence track_meta", because: "numbers stay the same")]),
    KnownTransform("CastToType", [dtype]),
    KnownTransform(
      "ToTensor", [dtype, .withoutEffect("device wrap_sequence track_meta", because: "numbers stay the same")]),
    KnownTransform("ToDevice", [.withoutEffect("device", because: "it says where is computed")], others: "so do they"),
    KnownTransform("Identity", []), KnownTransform("SelectItems", []),
    KnownTransform("DeleteItems", [], others: "they say which entries are forgotten"),
    KnownTransform("DataStats", [], others: "they say what is printed"),
  ]

  static let postprocessing: [KnownTransform] = [
    KnownTransform(
      "Activations", says: .activation,
      [
        .honoured("softmax", "the lesion probability of two or more classes"),
        .honoured("sigmoid", "the lesion probability of one output, or of several that do not exclude each other"),
        .refused("other", because: "a function would change the probability"),
      ]),
    KnownTransform(
      "AsDiscrete", says: .decision,
      [
        .honoured("argmax", "of two classes a threshold of 0.5, which the one stated must be; of more refused"),
        .honoured("threshold", "threshold, which the one stated must be"),
        .withoutEffect("to_onehot dim keepdim dtype", because: "they say in which form the mask is kept"),
        .refused("rounding", because: "the mask is where the probability exceeds the threshold"),
      ]),
    KnownTransform(
      "Invert", says: .inversion,
      [
        .honoured(
          "nearest_interp",
          "must be false where the images were resampled: logits are interpolated linearly, before "
            + "the softmax, where MONAI interpolates what it is given"),
        .withoutEffect(
          "transform orig_keys meta_keys orig_meta_keys meta_key_postfix to_tensor device",
          because: "what is undone is the preprocessing"),
        .refused("post_func", because: "a function would change the result"),
      ]), KnownTransform("SaveImage", [], others: "they say what MONAI writes"),
  ]

  private static let all: [KnownTransform] = preprocessing + postprocessing

  /// Whether something holds for a value, or for every one of a list; null is absent.
  private static func each(_ value: JSONValue, _ holds: (JSONValue) -> Bool) -> Bool {
    switch value {
    case .null: true
    case .array(let items): items.allSatisfy(holds)
    default: holds(value)
    }
  }

  /// A step of ``Meaning/normalisation`` with the arguments that are done.
  ///
  /// - Throws: `CheckpointError` for a value that it cannot have.
  func intensityTransform(_ object: BundleObject) throws -> IntensityTransform {
    let members = try keys.honoured.filter { $0 != "keys" }.compactMap { key -> (key: String, value: JSONValue)? in
      try object.argument(key).map { (key, $0) }
    }
    return try IntensityTransform(
      IntensityTransform.inOwnWords(.object([("name", .string(name))] + members)), file: object.file, path: object.path)
  }
}
