import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

@Suite("Plans of nnU-Net") struct NNUNetPlansTests {
  /// The members that inference reads, as nnU-Net 2.8 writes them.
  static let new = """
    {"dataset_name": "Dataset001_MS", "plans_name": "nnUNetPlans", "image_reader_writer": "SimpleITKIO",
     "transpose_forward": [1, 2, 0], "transpose_backward": [2, 0, 1], "label_manager": "LabelManager",
     "original_median_spacing_after_transp": [1, {"a": null}], "experiment_planner_used": "ExperimentPlanner",
     "foreground_intensity_properties_per_channel": {
       "0": {"mean": 10.5, "std": 2, "percentile_00_5": 1, "percentile_99_5": 20.0, "max": 30},
       "1": {"mean": 1, "std": 2, "percentile_00_5": 3, "percentile_99_5": 4}},
     "configurations": {
       "2d": {"patch_size": [64, 64], "inherits_from": "base"},
       "3d_cascade_fullres": {"inherits_from": "3d_fullres", "previous_stage": "3d_lowres"},
       "loop": {"inherits_from": "loop"},
       "3d_fullres": {"inherits_from": "base", "patch_size": [16, 32, 48]},
       "base": {"preprocessor_name": "DefaultPreprocessor", "batch_size": 2, "patch_size": [8, 8, 8],
         "spacing": [3.0, 0.5, 1], "normalization_schemes": ["CTNormalization", "ZScoreNormalization"],
         "use_mask_for_norm": [false, true],
         "resampling_fn_data": "resample_data_or_seg_to_shape",
         "resampling_fn_data_kwargs": {"is_seg": false, "order": 3, "order_z": 0, "force_separate_z": null},
         "resampling_fn_probabilities": "resample_data_or_seg_to_shape",
         "resampling_fn_probabilities_kwargs": {"is_seg": false, "order": 1, "order_z": 0, "force_separate_z": true},
         "architecture": {
           "network_class_name": "dynamic_network_architectures.architectures.unet.PlainConvUNet",
           "arch_kwargs": {"n_stages": 2, "features_per_stage": [4, 6], "conv_op": "torch.nn.modules.conv.Conv3d",
             "kernel_sizes": [[1, 3, 3], [3, 3, 3]], "strides": [[1, 1, 1], [1, 2, 2]], "n_conv_per_stage": [2, 2],
             "n_conv_per_stage_decoder": [2], "conv_bias": true,
             "norm_op": "torch.nn.modules.instancenorm.InstanceNorm3d",
             "norm_op_kwargs": {"eps": 1e-05, "affine": true},
             "dropout_op": null, "dropout_op_kwargs": null, "nonlin": "torch.nn.LeakyReLU",
             "nonlin_kwargs": {"inplace": true}},
           "_kw_requires_import": ["conv_op"]}}}}
    """

  private func read(_ text: String, _ configuration: String = "3d_fullres") throws -> NNUNetPlans {
    try Array(text.utf8).withUnsafeBytes {
      try NNUNetPlans(
        bytes: $0, file: "plans.json", configuration: configuration, channels: ChannelOrder(trained: ["FLAIR", "T1w"])!)
    }
  }

  @Test("What inference needs, through inheritance") func valid() throws {
    let plans = try read(Self.new)
    #expect(plans.patchSize == [16, 32, 48] && plans.spacingMillimetres == [3, 0.5, 1])
    #expect(plans.orientation == "asStored")
    #expect(plans.preprocessing.transposeForward == [1, 2, 0])
    #expect(
      plans.preprocessing.normalisation == [
        .fixed(mean: 10.5, deviation: 2, lower: 1, upper: 20), .zScore(useMask: true),
      ])
    #expect(plans.preprocessing.imageResampling == .init(order: 3, orderZ: 0, forceSeparateZ: nil))
    #expect(plans.preprocessing.logitResampling == .init(order: 1, orderZ: 0, forceSeparateZ: true))
    let network = try PlainConvUNetConfiguration.read(
      parameters(plans), file: "model.json", path: "architecture.parameters")
    #expect(
      network.stages.features == [4, 6] && network.stages.kernels[0] == [1, 3, 3] && network.divisors == [1, 2, 2])
    #expect(network.encoderConvolutions == [2, 2] && network.stages.hasBias)
    #expect(network.stages.normalisation == .instance(affine: true, epsilon: 1e-5))
    #expect(network.stages.activation == .leakyReLU(negativeSlope: 0.01))
  }

  private func parameters(_ plans: NNUNetPlans) throws -> JSONValue {
    guard case .object(let members) = plans.architecture.json(inputChannels: 2, outputChannels: 2) else { return .null }
    #expect(members[0].value == .string(plans.architecture.name))
    return members[1].value
  }

  @Test("Plans before version 2.3 describe the same network") func old() throws {
    let start = Self.new.range(of: #""architecture":"#)!.lowerBound
    let text =
      Self.new[..<start] + """
        "UNet_class_name": "ResidualEncoderUNet", "UNet_base_num_features": 32, "unet_max_num_features": 320,
        "n_conv_per_stage_encoder": [1, 3, 4, 6, 6], "n_conv_per_stage_decoder": [1, 1, 1, 1],
        "num_pool_per_axis": [3, 4, 4],
        "pool_op_kernel_sizes": [[1, 1, 1], [1, 2, 2], [2, 2, 2], [2, 2, 2], [2, 2, 2]],
        "conv_kernel_sizes": [[1, 3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3], [3, 3, 3]]}}}
        """
    let plans = try read(String(text))
    let network = try ResidualEncoderUNetConfiguration.read(
      parameters(plans), file: "model.json", path: "architecture.parameters")
    #expect(network.stages.features == [32, 64, 128, 256, 320] && network.encoderBlocks == [1, 3, 4, 6, 6])
    #expect(network.stages.hasBias && network.stages.normalisation == .instance(affine: true, epsilon: 1e-5))
    #expect(network.divisors == [8, 16, 16])
  }

  static let refused: [(old: String, new: String, configuration: String, says: [String])] = [
    ("", "", "3d_cascade_fullres", ["cascade", "3d_lowres"]), ("", "", "2d", ["two-dimensional"]),
    ("", "", "loop", ["loop", "inherits from itself"]),
    ("", "", "3d_lowres", ["3d_lowres", "is missing", "the checkpoints", "3d_fullres"]),
    (
      #"{"eps": 1e-05, "affine": true}"#, #"{"eps": 1e-05, "num_groups": 4}"#, "3d_fullres",
      ["norm_op_kwargs.num_groups", "norm_op_kwargs"]
    ), (#"{"inplace": true}"#, #"{"inplace": true, "slope": 0.1}"#, "3d_fullres", ["nonlin_kwargs.slope"]),
    (#"{"inplace": true}"#, #"{"alpha": 0.1}"#, "3d_fullres", ["nonlin_kwargs.alpha", "no option of LeakyReLU"]),
    (#""conv_bias": true,"#, #""conv_bias": true, "depthwise": true,"#, "3d_fullres", ["arch_kwargs.depthwise"]),
    ("DefaultPreprocessor", "MyPreprocessor", "3d_fullres", ["preprocessor_name", "MyPreprocessor"]),
    ("SimpleITKIO", "NaturalImage2DIO", "3d_fullres", ["image_reader_writer", "NaturalImage2DIO"]),
    (
      #""resampling_fn_data": "resample_data_or_seg_to_shape""#, #""resampling_fn_data": "resample_torch_fornnunet""#,
      "3d_fullres", ["resampling_fn_data", "resample_torch_fornnunet"]
    ),
    (
      #""order": 1, "order_z": 0"#, #""order": 3, "order_z": 0"#, "3d_fullres",
      ["resampling_fn_probabilities_kwargs.order", "is 3"]
    ),
    (
      #"["CTNormalization""#, #"["RGBTo01Normalization""#, "3d_fullres",
      ["normalization_schemes", "RGBTo01Normalization"]
    ),
    (
      #""std": 2, "percentile_00_5": 1,"#, #""std": 2,"#, "3d_fullres", ["per_channel.0.percentile_00_5", "is missing"]
    ),
    (#""percentile_99_5": 20.0"#, #""percentile_99_5": "a""#, "3d_fullres", ["percentile_99_5", "expected a number"]),
    ("unet.PlainConvUNet", "primus.Primus", "3d_fullres", ["network_class_name", "Primus", "PlainConvUNet"]),
    ("conv.Conv3d", "conv.Conv2d", "3d_fullres", ["conv_op", "Conv2d"]),
    ("InstanceNorm3d", "GroupNorm", "3d_fullres", ["norm_op", "GroupNorm"]),
    ("torch.nn.LeakyReLU", "torch.nn.Softplus", "3d_fullres", ["nonlin", "Softplus"]),
    (
      #""n_stages": 2,"#, #""n_stages": 2, "squeeze": true,"#, "3d_fullres",
      ["arch_kwargs.squeeze", "is not known of arch_kwargs"]
    ), ("[1, 2, 0]", "[1, 1, 0]", "3d_fullres", ["transpose_forward"]),
    ("[3.0, 0.5, 1]", "[3.0, 0, 1]", "3d_fullres", ["spacing", "above 0"]),
    ("[3.0, 0.5, 1]", "[3.0, 0.5]", "3d_fullres", ["spacing", "a list of 3"]),
    (#""label_manager": "LabelManager""#, #""label_manager": "Mine""#, "3d_fullres", ["label_manager", "Mine"]),
    (#""use_mask_for_norm": [false, true]"#, #""use_mask_for_norm": [false]"#, "3d_fullres", ["use_mask_for_norm"]),
    ("[16, 32, 48]", "[16, 32, 0]", "3d_fullres", ["patch_size", "1 to 1024"]),
    ("experiment_planner_used", "intensity_augmentation", "3d_fullres", ["intensity_augmentation", "plans.json"]),
    (#""batch_size": 2"#, #""test_time_scaling": 2"#, "3d_fullres", ["3d_fullres.test_time_scaling", "configuration"]),
    (#""batch_size": 2"#, #""test_time_scaling": null"#, "3d_fullres", ["3d_fullres.test_time_scaling"]),
    ("_kw_requires_import", "wrapper", "3d_fullres", ["architecture.wrapper", "an architecture"]),
    (
      #""order_z": 0, "force_separate_z": null"#, #""order_z": 0, "cval": 3"#, "3d_fullres",
      ["resampling_fn_data_kwargs.cval", "resample_data_or_seg_to_shape"]
    ),
    (
      #""order_z": 0, "force_separate_z": null"#, #""separate_z_anisotropy_threshold": 2"#, "3d_fullres",
      ["separate_z_anisotropy_threshold", "is 2"]
    ), ("[2, 0, 1]", "[1, 2, 0]", "3d_fullres", ["transpose_backward", "does not undo", "[1, 2, 0]"]),
    ("[2, 0, 1]", "[2, 0]", "3d_fullres", ["transpose_backward"]),
  ]

  @Test("What this program does not run is refused by name", arguments: refused.indices) func refusals(index: Int) {
    let item = Self.refused[index]
    #expect(item.old.isEmpty || Self.new.contains(item.old))
    let text = message {
      _ = try read(
        item.old.isEmpty ? Self.new : Self.new.replacingOccurrences(of: item.old, with: item.new), item.configuration)
    }
    for part in item.says { #expect(text.contains(part), "\(text)") }
    #expect(text.hasPrefix("plans.json: ") && !text.contains("\n"))
  }

  private func dataset(_ text: String, lesionClass: Int? = nil) throws -> NNUNetDataset {
    try Array(text.utf8).withUnsafeBytes {
      try NNUNetDataset(bytes: $0, file: "dataset.json", lesionClass: lesionClass)
    }
  }

  @Test("Trainers that leave the network of the plans as it is") func trainers() {
    let own = [
      "nnUNetTrainer", "nnUNetTrainer_250epochs_NoMirroring", "nnUNetTrainerDA5_10epochs", "nnUNetTrainerBN",
      "nnUNetTrainer_onlyMirror01_1500ep", "nnUNetTrainer_1epoch", "nnUNetTrainerDiceCELoss_noSmooth",
    ]
    for name in own { #expect(NNUNetRules.isOwnTrainer(name), "\(name)") }
    let others = [
      "MyTrainer", "nnUNetTrainerUMambaBot", "nnUNetTrainer_MS", "nnUNet_Primus_M_Trainer", "nnUNetTrainerGELU", "",
      "nnUNetTrainer_epochs",
    ]
    for name in others { #expect(!NNUNetRules.isOwnTrainer(name), "\(name)") }
  }

  static let channels: [(names: String, order: [String]?)] = [
    (#"{"0": "FLAIR", "1": "T1w"}"#, ["FLAIR", "T1w"]), (#"{"0": "T2-FLAIR", "1": "MPRAGE"}"#, ["FLAIR", "T1w"]),
    (#"{"1": "t1", "0": "flair"}"#, ["FLAIR", "T1w"]), (#"{"0": "T1w", "1": "FLAIR"}"#, ["T1w", "FLAIR"]),
    (#"{"1": "3D FLAIR", "0": "MPRAGE"}"#, ["T1w", "FLAIR"]), (#"{"0": "FLAIR"}"#, ["FLAIR"]), (#"{"0": "T1w"}"#, nil),
    (#"{"0": "FLAIR", "1": "FLAIR"}"#, nil), (#"{"0": "FLAIR", "1": "T2w"}"#, nil),
    (#"{"0": "FLAIR", "1": "T1w", "2": "T2w"}"#, nil), (#"{"0": "FLAIR", "2": "T1w"}"#, nil), (#"{}"#, nil),
  ]

  @Test("FLAIR and T1w in either order, or FLAIR alone", arguments: channels.indices) func channelNames(index: Int) {
    let (names, order) = Self.channels[index]
    let text = message {
      let found = try dataset(#"{"channel_names": \#(names), "labels": {"background": 0, "MS": 1, "ignore": 2}}"#)
      #expect(found.classCount == 2 && found.lesionClass == 1 && found.lesionLabel == "MS")
      #expect(found.channelOrder.trained == order)
      #expect(found.channelOrder.channels == (order?.count == 1 ? ["FLAIR"] : ["FLAIR", "T1w"]))
    }
    #expect((text == "no error") == (order != nil), "\(text)")
    if order == nil { #expect(text.hasPrefix("dataset.json: ") && text.contains("channel_names")) }
  }

  static let lesionClasses: [(labels: String, chosen: Int?, says: String)] = [
    (#"{"background": 0, "lesion": 1, "ventricle": 2}"#, 1, "3 1 lesion"),
    (#"{"background": 0, "csf": 1, "wm": 2, "lesion": 3, "ignore": 4}"#, 3, "4 3 lesion"),
    (#"{"lesion": [2], "background": [0], "gm": [1]}"#, 2, "3 2 lesion"),
    (#"{"background": 0, "lesion": 1}"#, 1, "2 1 lesion"),
    (#"{"background": 0, "lesion": 1}"#, 2, "no label 2; there are 1 lesion"),
    (#"{"background": 0, "lesion": 1, "gm": 2}"#, 0, "no label 0; there are 1 lesion, 2 gm"),
    (#"{"background": 0, "lesion": 1, "gm": 2}"#, nil, "2 labels (1 lesion, 2 gm)"),
    (#"{"background": 0, "lesion": 2, "gm": 3}"#, 2, "labels from 1 on"),
    (#"{"background": 0, "lesion": 1, "gm": 1}"#, 1, "labels from 1 on"),
  ]

  @Test("One of several labels is the lesions'", arguments: lesionClasses.indices) func lesionClass(index: Int) {
    let item = Self.lesionClasses[index]
    let text = message {
      let found = try dataset(
        #"{"channel_names": {"0": "FLAIR"}, "labels": \#(item.labels)}"#, lesionClass: item.chosen)
      #expect("\(found.classCount) \(found.lesionClass) \(found.lesionLabel)" == item.says)
    }
    #expect(text == "no error" || text.contains(item.says), "\(text)")
  }

  @Test("Channels of a network trained on T1w first keep their own normalisation") func exchangedChannels() throws {
    let plans = try Array(Self.new.utf8).withUnsafeBytes {
      try NNUNetPlans(
        bytes: $0, file: "plans.json", configuration: "3d_fullres",
        channels: try #require(ChannelOrder(trained: ["T1w", "FLAIR"])))
    }
    let own = try read(Self.new).preprocessing.normalisation
    #expect(plans.preprocessing.normalisation == own.reversed())
    #expect(Set(plans.preprocessing.normalisation).count == 2)
  }

  @Test(
    "What the reader of the training images did to their axes",
    arguments: [
      ("SimpleITKIO", "asStored"), ("SimpleITKIOWithReorient", "RAS"), ("NibabelIO", "asStored"),
      ("NibabelIOWithReorient", "RAS"),
    ]) func readers(name: String, orientation: String) throws
  {
    let text = Self.new.replacingOccurrences(of: "\"SimpleITKIO\"", with: "\"\(name)\"")
    #expect(try read(text).orientation == orientation)
  }

  @Test("Regions and further labels are refused") func labels() {
    func refused(_ labels: String, _ rest: String = "") -> String {
      message { _ = try dataset(#"{"modality": {"0": "FLAIR", "1": "T1"}, "labels": \#(labels)\#(rest)}"#) }
    }
    #expect(
      refused(#"{"background": 0, "whole": [1, 2], "core": 2}"#, #", "regions_class_order": [1, 2]"#).contains("region")
    )
    #expect(refused(#"{"background": 0, "a": 1}"#, #", "regions_class_order": [1]"#).contains("region"))
    #expect(refused(#"{"background": 0, "a": 1, "b": 2}"#).contains("2 labels (1 a, 2 b)"))
    #expect(refused(#"{"background": 0, "a": 1, "b": 3}"#).contains("labels from 1 on, each once"))
    #expect(refused(#"{"a": 1}"#).hasPrefix("dataset.json: \"labels\" are a; expected"))
    #expect(refused(#"{"background": [0], "a": [1]}"#) == "no error")
    #expect(refused(#"{"background": 0, "a": ["1"]}"#).contains("\"labels.a\""))
    #expect(refused(#"{"background": 0, "a": 1}"#) == "no error")
  }

  @Test("Damaged bytes end in an error or in plans, never in a crash") func damaged() {
    var numbers = SeededNumbers(21)
    let bytes = Array(Self.new.utf8)
    var (refused, accepted) = (0, 0)
    for _ in 0..<3000 {
      var changed = bytes
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let at = Int.random(in: 0..<changed.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: changed[at] = UInt8.random(in: 0...255, using: &numbers)
        case 1: changed.remove(at: at)
        case 2: changed.insert(Array("0123456789-.e{}[]\"".utf8).randomElement(using: &numbers)!, at: at)
        default: changed.removeSubrange(at..<min(at + 20, changed.count))
        }
      }
      do {
        try changed.withUnsafeBytes {
          _ = try NNUNetPlans(
            bytes: $0, file: "plans.json", configuration: "3d_fullres",
            channels: ChannelOrder(trained: ["FLAIR", "T1w"])!)
        }
        accepted += 1
      } catch { refused += 1 }
    }
    #expect(refused > 1000 && accepted > 10)
  }
}
