import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

/// What a person states of a model beside its weights: channels, intensities and how logits become a probability.
@Suite("Contract of an imported model") struct ContractTests {
  private static let program = ImportingProgram(name: "a program", version: "1", disclaimer: "A disclaimer.")

  /// Imports the weights of a fixture as they are, or as `change` leaves them.
  private func imported(
    _ fixture: String, probe: String? = "overlapping", exchangingProbe: Bool = false,
    _ change: (inout [String: Tensor], inout ModelFolder.Contract) -> Void,
    _ body: (Model, ModelProbe.Deviation?) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let source = fixtures.appendingPathComponent(fixture)
      let description = try ModelDescription(path: source.appendingPathComponent("model.json").path)
      let file = try SafeTensors(path: source.appendingPathComponent("weights.safetensors").path)
      var tensors = Dictionary(uniqueKeysWithValues: file.names.map { ($0, file.tensor($0)!) })
      var contract = ModelFolder.Contract(
        brainExtracted: true, orientation: "asStored", window: description.window, overlap: description.overlap,
        importance: description.importance, threshold: 0.4)
      contract.channels = description.channels
      change(&tensors, &contract)
      let weights = folder.appendingPathComponent("origin.safetensors")
      try SafeTensors.write(tensors, to: weights)
      let document = try JSONValue(path: source.appendingPathComponent("model.json").path)
      let architecture = try ArchitectureArguments(
        name: description.architectureName,
        parameters: try #require(document.member("architecture")?.member("parameters")).line, origin: "--parameters")
      var job = ModelImport(
        state: try StateDict(path: weights.path), architecture: architecture, contract: contract, program: Self.program)
      if let probe {
        let stored = try SafeTensors(path: source.appendingPathComponent("\(probe).safetensors").path)
        var values = Dictionary(uniqueKeysWithValues: stored.names.map { ($0, stored.tensor($0)!) })
        if exchangingProbe {
          for name in ["input", "gradient"] { values[name] = Self.exchanged(values[name]!, axis: 0) }
        }
        let url = folder.appendingPathComponent("probe.safetensors")
        try SafeTensors.write(values, to: url)
        job.probePath = url.path
      }
      let output = folder.appendingPathComponent("model").path
      let outcome = try job.write(to: output, overwrite: false)
      try body(ModelFolder.load(output), outcome.deviation)
    }
  }

  /// The two channels along an axis in the other order, by plain indices.
  private static func exchanged(_ tensor: Tensor, axis: Int) -> Tensor {
    var result = tensor
    let inner = tensor.shape.dropFirst(axis + 1).reduce(1, *)
    for i in tensor.values.indices {
      let channel = i / inner % 2
      result.values[i] = tensor.values[channel == 0 ? i + inner : i - inner]
    }
    return result
  }

  @Test(
    "A network trained on T1w first agrees with its own probe after the exchange",
    arguments: [
      ("unet-batch", ["model.0.conv.weight"]),
      ("unet-residual-instance", ["model.0.conv.unit0.conv.weight", "model.0.residual.weight"]),
      ("dynunet-residual", ["input_block.conv1.conv.weight", "input_block.conv3.conv.weight"]),
      ("plainconv", ["encoder.stages.0.0.convs.0.conv.weight"]),
      ("residual-encoder", ["encoder.stem.convs.0.conv.weight"]),
    ]) func exchangedChannels(fixture: String, first: [String]) throws
  {
    try imported(fixture, exchangingProbe: true) { tensors, contract in
      // Under all of their names, of which the state dicts of DynUNet and nnU-Net have several.
      let values = first.map { tensors[$0]!.values }
      for (name, tensor) in tensors where values.contains(tensor.values) {
        tensors[name] = Self.exchanged(tensor, axis: 1)
      }
      contract.channels = ["T1w", "FLAIR"]
    } _: { model, deviation in
      let found = try #require(deviation)
      #expect(found.logits < 5e-6 && found.gradient < 5e-6)
      #expect(model.description.channels == ["FLAIR", "T1w"])
      #expect(model.description.provenance.contains { $0 == ("trainedChannels", "T1w, FLAIR") })
      // The folder's own probe has the folder's order; the network is that of the fixture, FLAIR first.
      #expect(try model.verify().logits < 5e-6)
      let original = fixtures.appendingPathComponent("\(fixture)/overlapping.safetensors").path
      let asTrained = try ModelProbe(path: original, order: .unchanged).verify(model.makeSlidingWindow())
      #expect(asTrained.logits < 5e-6)
      let card = try String(contentsOf: model.folder.appendingPathComponent("MODEL_CARD.md"), encoding: .utf8)
      #expect(card.contains("trained on T1w first"))
    }
  }

  @Test("Channels that no network is run with, and a residual image, are refused") func refusedChannels() {
    for channels in [[], ["T1w"], ["FLAIR", "T2w"], ["FLAIR", "FLAIR"], ["flair", "t1w"], ["T1w", "FLAIR", "T2w"]] {
      let text = message {
        try imported("unet-batch", probe: nil) {
          $1.channels = channels
        } _: { _, _ in
        }
      }
      #expect(text.contains("FLAIR alone"), "\(text)")
    }
    let one = message {
      try imported("unet-batch", probe: nil) {
        $1.channels = ["FLAIR"]
      } _: { _, _ in
      }
    }
    #expect(one.contains("inChannels") && one.contains("expected 1"), "\(one)")
  }

  @Test("One output is a sigmoid, of FLAIR alone") func sigmoid() throws {
    try imported("unet-group-mish") { _, _ in
    } _: { model, deviation in
      #expect(try #require(deviation).isWithinTolerance)
      let description = model.description
      #expect(description.channels == ["FLAIR"] && description.lesionClass == 0)
      #expect(description.outputActivation == .sigmoid && description.threshold == 0.4)
      let lines = InputContract(description).lines.map { "\($0.title): \($0.text)" }
      #expect(lines.contains("channels: FLAIR") && lines.contains("threshold: sigmoid of the one output above 0.4"))
      let card = try String(contentsOf: model.folder.appendingPathComponent("MODEL_CARD.md"), encoding: .utf8)
      #expect(card.contains("FLAIR alone") && card.contains("lesion where sigmoid exceeds 0.4"))
    }
    let softmax = message {
      try imported("unet-group-mish", probe: nil) {
        $1.outputActivation = .softmax
      } _: { _, _ in
      }
    }
    #expect(softmax.contains("outputActivation") && softmax.contains("expected \"sigmoid\""), "\(softmax)")
    try imported("unet-elu", probe: nil) {
      $1.outputActivation = .sigmoid
    } _: { model, _ in
      #expect(model.description.outputActivation == .sigmoid && model.description.lesionClass == 1)
    }
    try imported("unet-elu", probe: nil) { _, _ in
    } _: { model, _ in
      #expect(model.description.outputActivation == .softmax)
      let text = try String(contentsOf: model.descriptionURL, encoding: .utf8)
      #expect(!text.contains("outputActivation"))
    }
  }

  static let normalisations: [(stated: String, steps: [IntensityTransform]?)] = [
    ("zscore-nonzero", nil), (#"{"name": "NormalizeIntensity", "nonzero": true, "channel_wise": true}"#, nil),
    ("zscore", [.normalise(nonzero: false, isChannelWise: true)]),
    ("zero-to-one", [.scale(minimum: 0, maximum: 1, isChannelWise: true)]),
    (#"{"_target_": "NormalizeIntensityd", "keys": "image"}"#, [.normalise(nonzero: false, isChannelWise: false)]),
    (
      #"{"_target_": "monai.transforms.ScaleIntensityd", "minv": -1, "maxv": 1}"#,
      [.scale(minimum: -1, maximum: 1, isChannelWise: false)]
    ),
    (
      #"{"name": "ScaleIntensityRange", "a_min": 10, "a_max": 20, "b_min": 0, "b_max": 1, "clip": true}"#,
      [.scaleRange(from: .init(10, 20), to: .init(0, 1), clips: true)]
    ),
    (
      #"{"name": "ScaleIntensityRangeDict", "a_min": 10, "a_max": 20, "b_min": null, "b_max": null}"#,
      [.scaleRange(from: .init(10, 20), to: nil, clips: false)]
    ),
    (
      #"{"name": "ScaleIntensityRangePercentilesd", "lower": 1, "upper": 99, "b_min": 0, "b_max": 1, "channelWise": "#
        + "true}", [.scalePercentiles(from: .init(1, 99), to: .init(0, 1), clips: false, isChannelWise: true)]
    ),
    // MONAI: b_min + (b_max − b_min) · percentile / 100
    (
      #"{"name": "ScaleIntensityRangePercentiles", "lower": 10, "upper": 80, "b_min": 1, "b_max": 3, "relative": "#
        + "true}", [.scalePercentiles(from: .init(10, 80), to: .init(1.2, 2.6), clips: false, isChannelWise: false)]
    ),
    (
      #"[{"name": "ClipIntensityPercentiles", "lower": 1, "upper": 99}, {"name": "NormalizeIntensity"}]"#,
      [.clipPercentiles(.init(1, 99), isChannelWise: false), .normalise(nonzero: false, isChannelWise: false)]
    ),
  ]

  @Test("Intensities in short words or in MONAI's, kept in model.json", arguments: normalisations.indices)
  func normalisation(index: Int) throws {
    let item = Self.normalisations[index]
    let stated = try ModelDescription.IntensityNormalisation(stated: item.stated, origin: "--normalisation")
    #expect(stated == item.steps.map { .monai($0) } ?? .zscoreNonzero)
    try imported("unet-elu", probe: nil) {
      $1.normalisation = stated
    } _: { model, _ in
      #expect(model.description.normalisation == stated)
      #expect(InputContract(model.description).lines.count { $0.title == "normalisation" } == item.steps?.count ?? 1)
    }
  }

  static let refusedNormalisations: [(stated: String, says: [String])] = [
    ("minmax", ["--normalisation", "minmax", "zero-to-one"]), ("nnunet", ["--normalisation"]),
    (#"{"name": "AdjustContrast", "gamma": 2}"#, ["AdjustContrast", "ScaleIntensityRangePercentiles"]),
    (#"{"name": "NormalizeIntensity", "subtrahend": [1, 2]}"#, ["subtrahend", "not a key"]),
    (#"{"name": "ScaleIntensity", "factor": 0.5}"#, ["factor", "not a key"]),
    (#"{"name": "ScaleIntensity", "minv": null}"#, ["minv", "a number"]),
    (#"{"name": "ScaleIntensityRange", "a_min": 1, "a_max": 1}"#, ["aMax", "a range"]),
    (#"{"name": "ScaleIntensityRange", "a_min": 0, "a_max": 1, "b_min": 0}"#, ["bMin", "go together"]),
    (#"{"name": "ScaleIntensityRange", "a_min": 0, "a_max": 1, "clip": true}"#, ["clip", "needs"]),
    (#"{"name": "ScaleIntensityRangePercentiles", "lower": 1, "upper": 101}"#, ["upper", "from 0 to 100"]),
    (#"{"name": "ScaleIntensityRangePercentiles", "lower": 50, "upper": 50}"#, ["upper", "not above"]),
    (#"{"name": "ScaleIntensityRangePercentiles", "lower": 1, "upper": 9, "relative": true}"#, ["relative"]),
    (#"{"name": "ClipIntensityPercentiles", "lower": 1, "upper": 9, "sharpness_factor": 3}"#, ["sharpnessFactor"]),
    (#"{"lower": 1}"#, ["name", "missing"]), ("[]", ["a list of 0"]), ("{", ["JSON"]), (#"["zscore"]"#, ["object"]),
  ]

  @Test("What is not run is refused by name", arguments: refusedNormalisations.indices) func refusedNormalisation(
    index: Int
  ) {
    let item = Self.refusedNormalisations[index]
    let text = message {
      let found = try ModelDescription.IntensityNormalisation(stated: item.stated, origin: "--normalisation")
      #expect(found == .nnunet)
    }
    for part in item.says { #expect(text.contains(part), "\(text)") }
    #expect(text.hasPrefix("--normalisation") && !text.contains("\n"))
  }
}
