import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

/// Stored results of MONAI (tools/fixtures/make_network_fixtures.py), double precision.
@Suite("UNet against MONAI") struct UNetParityTests {
  static let models = [
    "unet-batch", "unet-residual-instance", "unet-wide", "unet-relu", "unet-leaky", "unet-instance-plain",
    "unet-group-mish",
  ]

  @Test("Logits and input gradient through the sliding window", arguments: models, ["overlapping", "small"])
  func parity(name: String, probe: String) throws {
    let folder = fixtures.appendingPathComponent(name)
    let model = try ModelFolder.load(folder.path)
    let deviation = try model.verify(probe: folder.appendingPathComponent("\(probe).safetensors").path)
    // Rounding of sums of a few hundred terms, not the 1e-4 that large networks are held to.
    #expect(deviation.logits < 5e-6)
    #expect(deviation.gradient < 5e-6)
    #expect(probe == "small" ? deviation.windows >= 1 : deviation.windows > 1)
  }

  @Test("A wrong weight is noticed") func wrongWeight() throws {
    try withTemporaryFolder { folder in
      let source = fixtures.appendingPathComponent("unet-batch")
      let weights = try SafeTensors(path: source.appendingPathComponent("weights.safetensors").path)
      var tensors: [String: Tensor] = [:]
      for name in weights.names { tensors[name] = weights.tensor(name) }
      tensors["model.0.conv.weight"]!.values[5] += 0.01
      try SafeTensors.write(tensors, to: folder.appendingPathComponent("weights.safetensors"))
      try FileManager.default.copyItem(
        at: source.appendingPathComponent("model.json"), to: folder.appendingPathComponent("model.json"))
      let deviation = try ModelFolder.load(folder.path).verify(
        probe: source.appendingPathComponent("overlapping.safetensors").path)
      #expect(!deviation.isWithinTolerance)
    }
  }

  @Test("Every layout of channels gives the same", arguments: channelBlocks, [false, true]) func blocks(
    block: Int, folding: Bool
  ) throws {
    let folder = fixtures.appendingPathComponent("unet-batch")
    let model = try ModelFolder.load(folder.path)
    let executor = try Executor(model.networks[0], threads: 1, folding: folding, block: block)
    let window = SlidingWindow(
      executor, window: model.description.window, overlap: model.description.overlap,
      importance: model.description.importance)
    let deviation = try ModelProbe(path: folder.appendingPathComponent("overlapping.safetensors").path).verify(window)
    #expect(deviation.logits < 5e-6)
    #expect(deviation.gradient < 5e-6)
  }

  @Test("One plan serves all windows, draws and gradients") func planReuse() throws {
    let folder = fixtures.appendingPathComponent("unet-batch")
    let model = try ModelFolder.load(folder.path)
    let window = try model.makeSlidingWindow(threads: 2)
    let executor = try #require(window.function as? Executor)
    let probe = try ModelProbe(path: folder.appendingPathComponent("overlapping.safetensors").path)
    #expect(executor.compiledPlanCount == 0)
    for _ in 0..<3 { #expect(try probe.verify(window).windows == 4) }
    #expect(executor.compiledPlanCount == 1)
    _ = try executor.output(Tensor(shape: [2, 4, 8, 4]))
    #expect(executor.compiledPlanCount == 2)
    _ = try executor.output(Tensor(shape: [2, 8, 8, 8]))
    #expect(executor.compiledPlanCount == 2)
  }

  @Test("One and two threads agree") func threads() throws {
    let folder = fixtures.appendingPathComponent("unet-residual-instance")
    let model = try ModelFolder.load(folder.path)
    let probe = try ModelProbe(path: folder.appendingPathComponent("overlapping.safetensors").path)
    let logits = try [1, 2].map { try model.makeSlidingWindow(threads: $0).logits(probe.input).values }
    #expect(deviation(logits[0], logits[1]) < 1e-5)
    let first = try model.makeSlidingWindow(threads: 2).logits(probe.input).values
    #expect(first == logits[1], "two runs give the same bits")
  }

  @Test("A window that the strides do not divide") func indivisible() throws {
    let model = try ModelFolder.load(fixtures.appendingPathComponent("unet-batch").path)
    let executor = try Executor(model.networks[0], threads: 1)
    let text = message { _ = try executor.output(Tensor(shape: [2, 8, 6, 8])) }
    #expect(text.contains("8 × 6 × 8") && text.contains("divisible") && text.contains("4 × 4 × 4"), "\(text)")
  }
}

/// The sample models against logits and gradient that MONAI computed (tools/training/make_probe.py).
@Test(arguments: [("unet", 1e-4), ("nnunet", 1e-4), ("swin-unetr", 1e-4)]) func trainedSampleModelMatchesMONAI(
  name: String, gradientTolerance: Double
) throws {
  let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  let folder = here.deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent(
    "sample-data/models/\(name)")
  let deviation = try ModelFolder.load(folder.path).verify(
    probe: here.appendingPathComponent("Fixtures/trained_\(name.replacing("-", with: "_"))_probe.safetensors").path)
  #expect(deviation.logits < 1e-4)
  #expect(deviation.gradient < gradientTolerance)
}

/// The probes that the sample models come with: `lesionqc model verify FOLDER` alone.
@Test(arguments: ["unet", "nnunet", "swin-unetr"]) func sampleModelsComeWithAProbe(name: String) throws {
  let root = fixtures.appendingPathComponent("../../..").standardizedFileURL
  let model = try ModelFolder.load(root.appendingPathComponent("sample-data/models/\(name)").path)
  let deviation = try model.verify()
  #expect(deviation.problem == nil && deviation.gradient > 0, "\(deviation.problem ?? "")")
}

@Test func whatAProbeSays() throws {
  let source = fixtures.appendingPathComponent("unet-batch")
  let model = try ModelFolder.load(source.path)
  let text = message { _ = try model.verify() }
  #expect(text.contains("no probe.safetensors") && text.contains("make_probe.py") && !text.contains("\n"), "\(text)")

  let stored = try SafeTensors(path: source.appendingPathComponent("small.safetensors").path)
  var tensors = Dictionary(uniqueKeysWithValues: stored.names.map { ($0, stored.tensor($0)!) })
  func problem() throws -> String {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("probe.safetensors")
      try SafeTensors.write(tensors, to: url)
      return try model.verify(probe: url.path).problem ?? "none"
    }
  }
  #expect(try problem() == "none")
  for i in tensors["gradient"]!.values.indices { tensors["gradient"]!.values[i] *= 1.01 }
  let gradientAlone = try problem()
  #expect(gradientAlone.hasPrefix("the logits agree") && gradientAlone.contains("make_probe.py"))
  tensors["logits"]!.values[0] = .nan
  #expect(try problem().hasPrefix("logits differ"))
  tensors["input"] = Tensor(shape: [1] + tensors["input"]!.shape.dropFirst())
  tensors["gradient"] = tensors["input"]
  #expect(message { _ = try problem() }.contains("an input of 1 channels, the model of 2"))
}
