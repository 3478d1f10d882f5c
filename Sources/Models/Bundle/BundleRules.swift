import Checkpoints

/// What becomes of the keys of a MONAI bundle's inferer and evaluator (MONAI 1.6).
enum BundleRules {
  static let inferer = KeyRules(
    owner: "SlidingWindowInferer",
    rules: [
      .honoured("roi_size", "window; not the size of the image, for which -1 stands"),
      .honoured("overlap", "overlap; one for all axes"), .honoured("mode", "importance"),
      .honoured("sigma_scale", "sigmaScale, where mode is gaussian; the weights of constant have no sigma"),
      .honoured("padding_mode", "paddingMode, constant, reflect, replicate or circular; gradients pass through it"),
      .honoured("cval", "paddingValue, with constant padding"),
      .withoutEffect("sw_batch_size", because: "windows do not depend on each other"),
      .withoutEffect(
        "sw_device device cpu_thresh buffer_steps buffer_dim",
        because: "they say where windows are computed and added up"),
      .withoutEffect("progress", because: "it draws a bar"),
      .withoutEffect("cache_roi_weight_map", because: "the weights are the same when they are computed once"),
      .refused("with_coord", because: "the network would take the window's position as a second input"),
      .refused("roi_weight_map", because: "weights of windows are those of mode"),
      .refused("process_fn", because: "a function would change the logits of every window"),
    ])

  static let evaluator = KeyRules(
    owner: "SupervisedEvaluator",
    rules: [
      .honoured("network inferer postprocessing", "the objects of the file that they refer to"),
      .only("mode", "\"eval\"", because: "in training dropout and batch normalisation compute something else") {
        $0 == .null || $0 == .string("eval") || $0 == .string("$monai.utils.ForwardMode.EVAL")
          || $0 == .string("$monai.engines.utils.ForwardMode.EVAL")
      }, .refused("prepare_batch iteration_update", because: "a function would change what the network gets or gives"),
      .withoutEffect(
        "amp amp_kwargs", because: "all is computed in single precision, half precision being a coarser rounding"),
      .withoutEffect(
        "device val_data_loader epoch_length non_blocking to_kwargs decollate compile compile_kwargs",
        because: "they say how and how much is computed at a time"),
      .withoutEffect(
        "key_val_metric additional_metrics metric_cmp_fn val_handlers event_names event_to_attr",
        because: "they look at results; a CheckpointLoader among the handlers is looked at by itself"),
    ])

  /// Keys that every object of a bundle may have.
  static let component = KeyRules(
    owner: "any object of a bundle",
    rules: [
      .honoured("_target_", "the class, with or without its module"),
      .honoured("_disabled_", "true leaves the object out, as MONAI does"),
      .withoutEffect("_desc_", because: "it is a remark"),
      .withoutEffect("_requires_", because: "it names what is made first"),
      .only("_mode_", "\"default\"", because: "the object would not be made, or made step by step") {
        $0 == .null || $0 == .string("default")
      },
    ])
}
