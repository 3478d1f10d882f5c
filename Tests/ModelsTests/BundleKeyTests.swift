import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

/// Every key that a MONAI bundle says of inferer, pre- and postprocessing is done, without effect, or refused by name.
@Suite("Keys of MONAI bundles") struct BundleKeyTests {
  /// An inference.json as MONAI's model zoo writes it, for FLAIR and T1w.
  static let bundle = """
    {"device": "$torch.device('cuda')", "images": "$list(glob.glob('*.nii.gz'))", "axes": "RAS", "size": [1, 1, 2.0],
     "preprocessing": {"_target_": "Compose", "transforms": [
       {"_target_": "LoadImaged", "keys": ["flair", "t1", "label"], "image_only": true, "dtype": "$np.float32"},
       {"_target_": "EnsureChannelFirstd", "keys": ["flair", "t1"]},
       {"_target_": "monai.transforms.Orientationd", "keys": ["flair", "t1"], "axcodes": "@axes"},
       {"_target_": "Spacingd", "keys": ["flair", "t1"], "pixdim": "@size", "mode": ["bilinear", "bilinear"]},
       {"_target_": "ConcatItemsd", "keys": ["flair", "t1"], "name": "image", "dim": 0},
       {"_target_": "NormalizeIntensityd", "keys": "image", "nonzero": true, "channel_wise": true},
       {"_target_": "RandFlipd", "keys": "image", "_disabled_": true},
       {"_target_": "EnsureTyped", "keys": "image", "device": "@device"}]},
     "dataset": {"_target_": "Dataset", "data": "$@images", "transform": "@preprocessing"},
     "inferer": {"_target_": "SlidingWindowInferer", "roi_size": [8, 8, 8], "sw_batch_size": 4, "overlap": 0.5,
       "mode": "gaussian", "sigma_scale": 0.25, "padding_mode": "replicate", "cval": 0.0, "progress": true,
       "device": "$@device", "sw_device": "@device", "buffer_steps": 2, "buffer_dim": -1, "cpu_thresh": 100,
       "cache_roi_weight_map": true, "with_coord": false},
     "postprocessing": {"_target_": "Compose", "transforms": [
       {"_target_": "Activationsd", "keys": "pred", "softmax": true},
       {"_target_": "Invertd", "keys": "pred", "transform": "@preprocessing", "orig_keys": "image",
        "nearest_interp": false},
       {"_target_": "AsDiscreted", "keys": "pred", "argmax": true},
       {"_target_": "SaveImaged", "keys": "pred", "output_dir": "$@device", "resample": true}]},
     "handlers": [{"_target_": "CheckpointLoader", "load_path": "$@bundle_root + '/models/model.pt'"}],
     "evaluator": {"_target_": "SupervisedEvaluator", "device": "@device", "network": "@network", "inferer": "@inferer",
       "postprocessing": "@postprocessing", "val_handlers": "@handlers", "amp": true, "mode": "eval"}}
    """

  private typealias Read = (inferer: MONAIBundle.Inferer?, statements: BundleStatements)

  private func read(_ text: String) throws -> Read {
    let root = try JSONValue(text: text, origin: "inference.json")
    let references = BundleReferences(root: root, file: "inference.json")
    let parts = try BundleParts(root, references)
    try parts.requireWeights("model.pt", root)
    return (try MONAIBundle.Inferer(parts.inferer, references), try BundleStatements(parts, references))
  }

  @Test("All that a bundle says is read") func valid() throws {
    let (inferer, statements) = try read(Self.bundle)
    let found = try #require(inferer)
    #expect(try found.window.get() == [8, 8, 8] && found.overlap.get() == 0.5 && found.importance.get() == .gaussian)
    #expect(try found.sigmaScale.get() == [0.25, 0.25, 0.25] && found.padding == .replicate)
    #expect(statements.orientation?.value == "RAS" && statements.spacing?.value == [1, 1, 2])
    #expect(statements.normalisation?.value == .zscoreNonzero && statements.isSigmoid?.value == false)
    #expect(statements.channelOrder?.value == ["flair", "t1"])
    #expect(
      statements.decision?.key == "postprocessing.transforms.2.argmax" && statements.decision?.value == .some(nil))
  }

  /// What an inferer may say beside the window, and what it then means.
  static let inferers: [(keys: String, padding: Padding, sigma: Double)] = [
    ("", .constant(0), 0.125), (#""padding_mode": "constant""#, .constant(0), 0.125),
    (#""padding_mode": "reflect""#, .reflect, 0.125), (#""padding_mode": "circular", "cval": 0"#, .circular, 0.125),
    (#""cval": -3"#, .constant(-3), 0.125), (#""cval": null, "sigma_scale": 1"#, .constant(0), 1),
    (#""sigma_scale": [0.5, 0.5, 0.5], "process_fn": null, "roi_weight_map": null"#, .constant(0), 0.5),
    (#""_desc_": "$1", "_requires_": "$2", "_mode_": "default", "overlap": [0.25, 0.25, 0.25]"#, .constant(0), 0.125),
  ]

  @Test("Arguments of an inferer", arguments: inferers.indices) func inferer(index: Int) throws {
    let item = Self.inferers[index]
    let more = item.keys.isEmpty ? "" : ", \(item.keys)"
    let found = try #require(
      try read(#"{"inferer": {"_target_": "SlidingWindowInfererAdapt", "roi_size": 8\#(more)}}"#).inferer)
    #expect(found.padding == item.padding)
    #expect(try found.sigmaScale.get() == [item.sigma, item.sigma, item.sigma] && found.overlap.get() == 0.25)
  }

  /// Replacements in the bundle above, and what the message has to say.
  static let refused: [(old: String, new: String, says: [String])] = [
    // The inferer.
    (#""with_coord": false"#, #""with_coord": true"#, ["inferer.with_coord", "is true", "second input"]),
    (#""with_coord": false"#, #""process_fn": "$f""#, ["inferer.process_fn", "never evaluated"]),
    (#""with_coord": false"#, #""roi_weight_map": [1]"#, ["inferer.roi_weight_map", "those of mode"]),
    (#""with_coord": false"#, #""overlap_mode": 1"#, ["inferer.overlap_mode", "SlidingWindowInferer"]),
    (#""with_coord": false"#, #""_mode_": "callable""#, ["inferer._mode_", "callable"]),
    (#""padding_mode": "replicate""#, #""padding_mode": "wrap""#, ["inferer.padding_mode", "wrap", "circular"]),
    (#""padding_mode": "replicate""#, #""padding_mode": "$mode""#, ["inferer.padding_mode", "never evaluated"]),
    (#""cval": 0.0"#, #""cval": 1.0"#, ["inferer.cval", "replicate", "PyTorch refuses"]),
    (#""cval": 0.0"#, #""cval": "a""#, ["inferer.cval", "finite"]),
    (#""sigma_scale": 0.25"#, #""sigma_scale": 0"#, ["inferer.sigma_scale", "0.001 to 100", "state the importance"]),
    (#""sigma_scale": 0.25"#, #""sigma_scale": [1, 2]"#, ["inferer.sigma_scale", "[1, 2]"]),
    (#""overlap": 0.5"#, #""overlap": [0.5, 0.25, 0.5]"#, ["inferer.overlap", "one for all axes"]),
    (#""mode": "gaussian", "si"#, #""mode": "nnunet-gaussian", "si"#, ["inferer.mode", "nnunet-gaussian"]),
    (#""SlidingWindowInferer""#, #""SimpleInferer""#, ["inferer._target_", "whole images", "state the window"]),
    (#""SlidingWindowInferer""#, #""monai.inferers.SliceInferer""#, ["inferer._target_", "SliceInferer"]),
    (#""inferer": "@inferer""#, #""inferer": "$Other()""#, ["evaluator.inferer", "never evaluated"]),
    // The preprocessing.
    (
      #""EnsureChannelFirstd", "keys": ["flair", "t1"]"#,
      #""EnsureChannelFirstd", "keys": ["flair", "t1"], "channel_dim": 1"#, ["transforms.1.channel_dim", "no_channel"]
    ),
    (
      #""RandFlipd", "keys": "image", "_disabled_": true"#, #""RandFlipd", "keys": "image""#,
      ["6._target_", "RandFlipd"]
    ),
    (
      #""RandFlipd", "keys": "image", "_disabled_": true"#, #""scripts.Mine""#,
      ["transforms.6._target_", "scripts.Mine"]
    ),
    (#""RandFlipd", "keys": "image", "_disabled_": true"#, #""CropForegroundd", "keys": "image""#, ["CropForegroundd"]),
    (#""RandFlipd", "keys": "image", "_disabled_": true"#, #""SpatialPadd", "keys": "image""#, ["SpatialPadd"]),
    (#""channel_wise": true"#, #""channel_wise": true, "subtrahend": 3"#, ["transforms.5.subtrahend", "is 3"]),
    (#""channel_wise": true"#, #""channel_wise": true, "clip": 3"#, ["transforms.5.clip", "NormalizeIntensity"]),
    (#""NormalizeIntensityd""#, #""ScaleIntensityd""#, ["transforms.5.nonzero", "ScaleIntensity"]),
    (#""NormalizeIntensityd""#, #""GaussianSmoothd""#, ["transforms.5._target_", "GaussianSmoothd"]),
    (#""nonzero": true"#, #""nonzero": "yes""#, ["transforms.5.nonzero", "yes"]),
    (#""axcodes": "@axes""#, #""as_closest_canonical": true"#, ["transforms.2.as_closest_canonical"]),
    (#""axcodes": "@axes""#, #""axcodes": "$x""#, ["transforms.2.axcodes", "never evaluated"]),
    (#"["bilinear", "bilinear"]"#, #"["bilinear", "nearest"]"#, ["transforms.3.mode", "bilinear"]),
    (#""pixdim": "@size""#, #""pixdim": [1, -1, 1]"#, ["transforms.3.pixdim", "above 0"]),
    (#""pixdim": "@size""#, #""pixdim": 1, "diagonal": true"#, ["transforms.3.diagonal"]),
    (#""pixdim": "@size""#, #""pixdim": 1, "padding_mode": "zeros""#, ["transforms.3.padding_mode", "zeros"]),
    (#""keys": ["flair", "t1"], "pixdim""#, #""keys": "flair", "pixdim""#, ["transforms.3.keys", "leave t1 out"]),
    (#""dtype": "$np.float32""#, #""dtype": "$np.int16""#, ["transforms.0.dtype", "never evaluated"]),
    (#""dtype": "$np.float32""#, #""dtype": "uint8""#, ["transforms.0.dtype", "uint8", "floating-point"]),
    (
      #""transform": "@preprocessing"}"#, #""transform": "$@preprocessing"}"#, ["dataset.transform", "never evaluated"]
    ), (#""image_only": true"#, #""reader": "PILReader""#, ["transforms.0.reader", "PILReader"]),
    (
      #""image_only": true"#, #""reader": {"_target_": "NibabelReader", "as_closest_canonical": true}"#,
      ["transforms.0.reader", "NibabelReader or ITKReader"]
    ),
    (#""image_only": true"#, #""as_closest_canonical": true"#, ["transforms.0.as_closest_canonical", "Orientation"]),
    (#""image_only": true"#, #""reverse_indexing": true"#, ["transforms.0.reverse_indexing", "axes"]),
    (#""image_only": true"#, #""affine_lps_to_ras": false"#, ["transforms.0.affine_lps_to_ras", "true"]),
    (#""image_only": true"#, #""channel_dim": 0"#, ["transforms.0.channel_dim", "no_channel"]),
    (#""image_only": true"#, #""mmap": false"#, ["transforms.0.mmap", "LoadImage"]),
    // The postprocessing.
    (#""softmax": true"#, #""softmax": true, "sigmoid": true"#, ["0.softmax", "both true"]),
    (#""softmax": true"#, #""other": "$f""#, ["0.other", "never evaluated"]),
    (#""argmax": true"#, #""argmax": true, "threshold": 0.5"#, ["2.threshold", "argmax"]),
    (#""argmax": true"#, #""threshold": 3"#, ["2.threshold", "between 0 and 1"]),
    (#""argmax": true"#, #""rounding": "torchrounding""#, ["2.rounding"]),
    (#""nearest_interp": false"#, #""nearest_interp": true"#, ["1.nearest_interp", "nearest neighbour"]),
    (#""orig_keys": "image","#, #""post_func": "$f","#, ["1.post_func", "never evaluated"]),
    (
      #"{"_target_": "SaveImaged""#, #"{"_target_": "KeepLargestConnectedComponentd"}, {"_target_": "SaveImaged""#,
      ["postprocessing.transforms.3._target_", "KeepLargestConnectedComponentd"]
    ), (#""postprocessing": "@postprocessing""#, #""postprocessing": [{"_target_": "FillHolesd"}]"#, ["FillHolesd"]),
    // The evaluator and its weights.
    (#""SupervisedEvaluator""#, #""EnsembleEvaluator""#, ["evaluator._target_", "EnsembleEvaluator"]),
    (#""mode": "eval""#, #""mode": "train""#, ["evaluator.mode", "train"]),
    (#""mode": "eval""#, #""iteration_update": "$f""#, ["evaluator.iteration_update", "never evaluated"]),
    (#""mode": "eval""#, #""sharpen": 1"#, ["evaluator.sharpen", "SupervisedEvaluator"]),
    ("/models/model.pt", "/models/model_best.pt", ["handlers.0.load_path", "model_best.pt", "model.pt"]),
  ]

  @Test(
    "What changes no voxel is taken",
    arguments: [
      (#""image_only": true"#, #""reader": "monai.data.ITKReader", "affine_lps_to_ras": true, "simple_keys": true"#),
      (#""image_only": true"#, #""channel_dim": "no_channel", "as_closest_canonical": false, "reader": null"#),
      (#""pixdim": "@size""#, #""pixdim": "@size", "align_corners": true, "recompute_affine": true"#),
      (#""pixdim": "@size""#, #""pixdim": "@size", "scale_extent": true"#),
    ]) func taken(old: String, new: String) throws
  {
    #expect(Self.bundle.contains(old))
    let (changed, plain) = try (read(Self.bundle.replacingOccurrences(of: old, with: new)), read(Self.bundle))
    #expect("\(changed.statements)" == "\(plain.statements)")
  }

  @Test("What is not done is refused by its name", arguments: refused.indices) func refusal(index: Int) {
    let item = Self.refused[index]
    #expect(Self.bundle.contains(item.old))
    let line = message {
      let (inferer, _) = try read(Self.bundle.replacingOccurrences(of: item.old, with: item.new))
      _ = try (inferer?.window.get(), inferer?.overlap.get(), inferer?.importance.get(), inferer?.sigmaScale.get())
    }
    for part in ["inference.json: "] + item.says { #expect(line.contains(part), "\(line)") }
    #expect(!line.contains("\n"))
  }

  /// Steps of a bundle's preprocessing, and the normalisation that they are.
  static let normalisations: [(steps: String, means: [IntensityTransform])] = [
    (#"{"_target_": "NormalizeIntensityd", "keys": "image"}"#, [.normalise(nonzero: false, isChannelWise: false)]),
    // Each of two entries is an image of its own.
    (
      #"{"_target_": "NormalizeIntensityd", "keys": ["flair", "t1"], "nonzero": true}"#,
      [.normalise(nonzero: true, isChannelWise: true)]
    ),
    (
      #"{"_target_": "monai.transforms.ScaleIntensityd", "keys": "image", "minv": -1, "channel_wise": true}"#,
      [.scale(minimum: -1, maximum: 1, isChannelWise: true)]
    ),
    (
      #"""
      {"_target_": "ScaleIntensityRanged", "keys": "image", "a_min": 0, "a_max": 9, "b_min": 0, "b_max": 1,
       "clip": true}
      """#, [.scaleRange(from: .init(0, 9), to: .init(0, 1), clips: true)]
    ),
    (
      #"""
      {"_target_": "ClipIntensityPercentilesd", "keys": "image", "lower": 1, "upper": 99},
      {"_target_": "ScaleIntensityRangePercentilesd", "keys": "image", "lower": 1, "upper": 99, "b_min": 0, "b_max": 1,
       "channel_wise": true}
      """#,
      [
        .clipPercentiles(.init(1, 99), isChannelWise: false),
        .scalePercentiles(from: .init(1, 99), to: .init(0, 1), clips: false, isChannelWise: true),
      ]
    ),
  ]

  @Test("Every normalisation that can be stated is read", arguments: normalisations.indices) func normalisation(
    index: Int
  ) throws {
    let item = Self.normalisations[index]
    let own = #"{"_target_": "NormalizeIntensityd", "keys": "image", "nonzero": true, "channel_wise": true}"#
    let join = #"{"_target_": "ConcatItemsd""#
    #expect(Self.bundle.contains(own) && Self.bundle.contains(join))
    // What works on the entries stands before they are joined, the rest where the bundle's own step stands.
    let isBefore = item.steps.contains("\"flair\"")
    let text = Self.bundle.replacingOccurrences(of: own, with: isBefore ? #"{"_target_": "Identityd"}"# : item.steps)
      .replacingOccurrences(of: join, with: isBefore ? "\(item.steps), \(join)" : join)
    #expect(try read(text).statements.normalisation?.value.steps == item.means)
  }

  /// What a person states beside the bundle, and which of the two the message names.
  static let statements: [(change: @Sendable (inout ModelFolder.Contract) -> Void, outputs: Int, says: [String])] = [
    ({ _ in }, 2, ["no error"]), ({ $0.orientation = "LPS" }, 2, ["--orientation is LPS", "RAS", "axcodes"]),
    ({ $0.orientation = "asStored" }, 2, ["--orientation is asStored"]),
    ({ $0.spacingMillimetres = nil }, 2, ["own", "pixdim"]),
    ({ $0.spacingMillimetres = [1, 1, 1] }, 2, ["[1.0, 1.0, 1.0]", "[1.0, 1.0, 2.0]"]),
    ({ $0.threshold = 0.3 }, 2, ["is 0.3", "0.5", "argmax"]),
    ({ $0.channels = ["T1w", "FLAIR"] }, 2, ["channels", "flair t1", "transforms.4.keys"]),
    (
      { $0.normalisation = .monai([.scale(minimum: 0, maximum: 1, isChannelWise: true)]) }, 2,
      ["normalisation", "ScaleIntensity", "zscore-nonzero", "transforms.5"]
    ), ({ $0.outputActivation = .sigmoid }, 2, ["outputActivation", "is sigmoid", "softmax"]),
    ({ _ in }, 1, ["softmax", "one output"]), ({ _ in }, 3, ["highest of 3 classes"]),
  ]

  @Test("What a person states must not exclude what the bundle says", arguments: statements.indices) func agreement(
    index: Int
  ) throws {
    let item = Self.statements[index]
    var contract = ModelFolder.Contract(
      brainExtracted: true, orientation: "RAS", spacingMillimetres: [1, 1, 2], window: [8, 8, 8], threshold: 0.5)
    contract.origins = ["orientation": "--orientation"]
    item.change(&contract)
    let statements = try read(Self.bundle).statements
    let line = message { try statements.requireAgreement(with: contract, outputs: item.outputs) }
    for part in item.says { #expect(line.contains(part), "\(line)") }
  }

  @Test("The tables of docs/importing.md are those of the code") func documentation() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../docs/importing.md"
    ).standardizedFileURL
    let text = try String(contentsOf: file, encoding: .utf8)
    let tables = KeyTables.markdown
    let (begin, end) = ("<!-- tables of keys: begin -->\n", "<!-- tables of keys: end -->")
    let start = try #require(text.range(of: begin)?.upperBound)
    let stop = try #require(text.range(of: end)?.lowerBound)
    // A run that records is no test that passes.
    if ProcessInfo.processInfo.environment["RECORD_TABLES"] != nil {
      try (text[..<start] + tables + text[stop...]).write(to: file, atomically: true, encoding: .utf8)
      Issue.record("the tables were written again")
    } else {
      #expect(String(text[start..<stop]) == tables)
    }
  }
}
