import Checkpoints

/// What becomes of the keys of nnU-Net v2's files (nnunetv2 2.8 and plans since 2.0).
enum NNUNetRules {
  static let plans = KeyRules(
    owner: "plans.json",
    rules: [
      .honoured("configurations", "the one that the checkpoints name"), .honoured("image_reader_writer", "orientation"),
      .honoured("transpose_forward", "the network's axes"),
      .honoured("transpose_backward", "must undo transpose_forward"),
      .honoured("label_manager", "LabelManager; another one is refused"),
      .honoured(
        "foreground_intensity_properties_per_channel foreground_intensity_properties_by_modality",
        "the numbers of CTNormalization"), .honoured("dataset_name plans_name", "where the model is from"),
      .withoutEffect(
        "original_median_spacing_after_transp original_median_shape_after_transp experiment_planner_used",
        because: "they say how the plans were made"),
    ])

  static let configuration = KeyRules(
    owner: "a configuration of plans.json",
    rules: [
      .honoured("inherits_from", "what the configuration does not say itself"),
      .honoured("previous_stage", "a cascade, which is refused"), .honoured("patch_size", "window"),
      .honoured("spacing", "spacingMillimetres"),
      .honoured("preprocessor_name", "DefaultPreprocessor; others are refused"),
      .honoured("normalization_schemes use_mask_for_norm", "the normalisation of each channel"),
      .honoured(
        "resampling_fn_data resampling_fn_data_kwargs resampling_fn_probabilities resampling_fn_probabilities_kwargs",
        "resampling of images and logits"),
      .honoured(
        "architecture UNet_class_name UNet_base_num_features unet_max_num_features n_conv_per_stage_encoder "
          + "n_conv_per_stage_decoder conv_kernel_sizes pool_op_kernel_sizes", "the network"),
      .withoutEffect(
        "data_identifier batch_size batch_dice median_image_size_in_voxels", because: "they say how is trained"),
      .withoutEffect("resampling_fn_seg resampling_fn_seg_kwargs", because: "labels are resampled in training alone"),
      .withoutEffect("num_pool_per_axis", because: "pool_op_kernel_sizes says it for every stage"),
      .withoutEffect("next_stage", because: "the configuration is run by itself"),
    ])

  static let architecture = KeyRules(
    owner: "an architecture of plans.json",
    rules: [
      .honoured("network_class_name arch_kwargs", "the network"),
      .withoutEffect("_kw_requires_import", because: "names are taken as names"),
    ])

  /// - Parameter blocks: what the number of convolutions or blocks of every encoder stage is called.
  static func network(blocks: String) -> KeyRules {
    KeyRules(
      owner: "arch_kwargs",
      rules: [
        .honoured(
          "n_stages features_per_stage conv_op kernel_sizes strides \(blocks) n_conv_per_stage_decoder conv_bias "
            + "norm_op norm_op_kwargs nonlin nonlin_kwargs nonlin_first block bottleneck_channels stem_channels",
          "the network"), .withoutEffect("dropout_op dropout_op_kwargs", because: "dropout does nothing at inference"),
        .withoutEffect("deep_supervision", because: "the last head alone gives the result"),
      ])
  }

  static let normOptions = KeyRules(
    owner: "norm_op_kwargs",
    rules: [
      .honoured("eps affine track_running_stats", "the normalisation"),
      .withoutEffect("momentum", because: "it is for training"),
    ])

  static let activationOptions = KeyRules(
    owner: "nonlin_kwargs",
    rules: [
      .honoured("negative_slope alpha approximate", "the activation that has the option; another one refuses it"),
      .withoutEffect("inplace", because: "the values are the same"),
    ])

  static let resampling = KeyRules(
    owner: "arguments of resample_data_or_seg_to_shape",
    rules: [
      .honoured("order order_z force_separate_z", "the splines and the axis that is resampled by itself"),
      .honoured("is_seg", "must be false"),
      .only("separate_z_anisotropy_threshold", "3", because: "the axis is found by nnU-Net's own threshold") {
        $0 == .null || $0.asDouble == 3
      },
    ])

  static let dataset = KeyRules(
    owner: "dataset.json",
    rules: [
      .honoured("channel_names modality", "the channels"), .honoured("labels", "the lesion label"),
      .honoured("regions_class_order", "a region-based network, which is refused"),
      .withoutEffect("file_ending", because: "images are named one by one"),
      .withoutEffect("overwrite_image_reader_writer", because: "at inference the plans say the reader"),
      .withoutEffect("numTraining numTest training test", because: "they say what was trained with"),
    ], others: "nnU-Net's inference reads none of them")

  static let checkpoint = KeyRules(
    owner: "a checkpoint of nnU-Net",
    rules: [
      .honoured("network_weights", "the weights; further tensors are refused, all by name"),
      .honoured("init_args", "configuration"), .honoured("inference_allowed_mirroring_axes", "mirrorAxes"),
      .honoured(
        "trainer_name", "trainers of nnU-Net; with another one the network may be another, so that a probe is needed"),
      .withoutEffect(
        "optimizer_state grad_scaler_state logging _best_ema current_epoch", because: "training would go on with them"),
    ], others: "nnU-Net's inference reads none of them")

  /// Whether a trainer is one of nnU-Net 2.8 that leaves the network of the plans as it is, or changes it so that the
  /// names of the weights show it (batch normalisation): the variants of loss, augmentation, optimiser and length.
  static func isOwnTrainer(_ name: String) -> Bool {
    guard name.hasPrefix("nnUNetTrainer") else { return false }
    let parts = name.dropFirst("nnUNetTrainer".count).split(separator: "_").map(String.init)
    return parts.allSatisfy { part in
      variants.contains(part)
        || (part.hasSuffix("epochs") || part.hasSuffix("epoch") || part.hasSuffix("ep"))
          && part.prefix { $0.isNumber }.count > 0
    }
  }

  private static let variants: Set<String> = [
    "010", "033", "Adam", "Adam1en3", "Adam3en4", "Adan", "Adan1en1", "Adan1en3", "Adan3en4", "AdanCosAnneal", "BN",
    "Benchmark", "CELoss", "CosAnneal", "DA5", "DA5Segord0", "DA5ord0", "DASegOrd0", "DiceCELoss", "DiceLoss",
    "DiceTopK10Loss", "NoDA", "NoDeepSupervision", "NoMirroring", "TopK10Loss", "Topk10Loss", "Topk10LossLS01",
    "VanillaAdam", "VanillaAdam1en3", "VanillaAdam3en4", "noDataLoading", "noDummy2DDA", "noSmooth", "onlyMirror01",
    "probabilisticOversampling", "warmup",
  ]

  /// The tables of docs/importing.md.
  static var all: [KeyRules] {
    [
      plans, configuration, architecture, network(blocks: "n_conv_per_stage n_blocks_per_stage"), normOptions,
      activationOptions, resampling, dataset, checkpoint,
    ]
  }
}
