import Foundation
import Reports
import Saliency
import Testing

@testable import Networks
@testable import QualityControl

/// The same weights with and without a planted fault that makes a network decide by more than a lesion's surroundings.
///
/// Logit = 4 · (FLAIR − 1.7), in standard deviations: what is brighter than 1.7 is lesion. The fault is a normalisation over the
/// window, so that the very same brightness means something else when the rest of the window is dark.
@Suite struct ContextModelTests {
  private func network(in folder: URL, norm: String) throws -> URL {
    let model = folder.appendingPathComponent("context-\(norm)")
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    let description = """
      {"schemaVersion": 1, "architecture": {"name": "UNet", "parameters": {"spatialDims": 3, "inChannels": 2, "outChannels": 2,
        "channels": [2, 2], "strides": [1], "numResUnits": 0, "activation": {"name": "prelu"}, "norm": {"name": "\(norm)"}}},
        "channels": ["FLAIR", "T1w"], "normalisation": "zscore-nonzero", "brainExtracted": true, "orientation": "asStored",
        "spacingMillimetres": null, "window": [96, 96, 96], "overlap": 0, "importance": "constant", "threshold": 0.3,
        "lesionClass": 1, "provenance": {"name": "context-\(norm)", "version": "1", "trainedOn": "nothing"}}
      """
    try Data(description.utf8).write(to: model.appendingPathComponent("model.json"))
    // Windows of this scan have a standard deviation of about 0.75: with it both decide nearly alike on the whole image.
    let spread: Float = norm == "instance" ? 0.75 : 1
    var tensors = [
      "model.0.conv.weight": Self.kernel(outputs: 2, inputs: 2, 1), "model.0.conv.bias": Tensor(shape: [2]),
      "model.1.submodule.conv.weight": Self.kernel(outputs: 2, inputs: 2, 0),
      "model.1.submodule.conv.bias": Tensor(shape: [2]),
      "model.2.conv.weight": Self.kernel(outputs: 4, inputs: 2, 0),
      "model.2.conv.bias": Tensor(shape: [2], values: [0, -4 * 1.7]),
    ]
    tensors["model.2.conv.weight"]!.values[27 + 13] = 4 * spread
    for layer in ["model.0", "model.1.submodule"] {
      tensors["\(layer).adn.A.weight"] = Tensor(shape: [1], values: [1])
      guard norm == "batch" else { continue }
      tensors["\(layer).adn.N.weight"] = Tensor(shape: [2], values: [1, 1])
      tensors["\(layer).adn.N.bias"] = Tensor(shape: [2])
      tensors["\(layer).adn.N.running_mean"] = Tensor(shape: [2])
      tensors["\(layer).adn.N.running_var"] = Tensor(shape: [2], values: [1, 1])
    }
    try SafeTensors.write(tensors, to: model.appendingPathComponent("weights.safetensors"))
    return model
  }

  /// A kernel of 3³ that looks at the first channel of the voxel itself, for the first output.
  private static func kernel(outputs: Int, inputs: Int, _ middle: Float) -> Tensor {
    var kernel = Tensor(shape: [outputs, inputs, 3, 3, 3])
    kernel.values[13] = middle
    return kernel
  }

  @Test func aNetworkThatNeedsTheWholeWindowFails() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("context-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let anat = checkout.appendingPathComponent("sample-data/sub-03/anat/sub-03").path
    let truth = checkout.appendingPathComponent("sample-data/derivatives/truth/sub-03/anat/sub-03_label-L_mask.nii.gz")
    let patient = PatientInput(
      label: "sub-03", flair: URL(fileURLWithPath: anat + "_FLAIR.nii.gz"),
      mprage: URL(fileURLWithPath: anat + "_T1w.nii.gz"), truth: truth, synthetic: true)
    func context(norm: String) throws -> (CheckOutcome, PerilesionalCurve) {
      let scan = try CheckedScan(patient, model: LoadedModel(folder: network(in: folder, norm: norm), threads: 0))
      let (curves, _) = try PerilesionalContext.curves(scan, count: 1)
      let curve = try #require(curves.first)
      #expect(curve.meanProbability > 0.3 && curve.meanProbability < 0.95)
      return (ExperimentChecks.context(curves), curve)
    }
    let (sound, alone) = try context(norm: "batch")
    #expect(sound.passed == true && alone.saturationMillimetres == 1)
    let (faulty, disturbed) = try context(norm: "instance")
    #expect(faulty.passed == false && disturbed.saturationMillimetres == nil)
    // It is still detected: brighter than it is, which is a fault all the same.
    #expect(disturbed.points.last?.detected == true)
  }
}
