import Checkpoints
public import Foundation

/// A network whose answer is known: logit = 4 · (FLAIR − 1.7), in standard deviations, so that what is brighter than
/// 1.7 is more likely lesion than not.
public enum BrightnessNetwork {
  /// - Parameters:
  ///   - norm: `batch`, with fixed statistics of 0 and 1, or `instance`, over the window.
  ///   - window: voxels along each axis.
  /// - Returns: the model folder, inside `folder`.
  public static func write(to folder: URL, norm: String = "batch", window: Int = 96) throws -> URL {
    let model = folder.appendingPathComponent("brightness-\(norm)")
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    let description = """
      {"schemaVersion": 1, "architecture": {"name": "UNet", "parameters": {
        "spatialDims": 3, "inChannels": 2, "outChannels": 2, "channels": [2, 2], "strides": [1], "numResUnits": 0,
        "activation": {"name": "prelu"}, "norm": {"name": "\(norm)"}}},
        "channels": ["FLAIR", "T1w"], "normalisation": "zscore-nonzero", "brainExtracted": true,
        "orientation": "asStored", "spacingMillimetres": null, "window": [\(window), \(window), \(window)],
        "overlap": 0, "importance": "constant", "threshold": 0.3,
        "lesionClass": 1, "provenance": {"name": "brightness-\(norm)", "version": "1", "trainedOn": "nothing"}}
      """
    try Data(description.utf8).write(to: model.appendingPathComponent("model.json"))
    // Windows of this scan have a standard deviation of about 0.75: with it both decide nearly alike on the whole
    // image.
    let spread: Float = norm == "instance" ? 0.75 : 1
    var tensors = [
      "model.0.conv.weight": kernel(outputs: 2, inputs: 2, 1), "model.0.conv.bias": Tensor(shape: [2]),
      "model.1.submodule.conv.weight": kernel(outputs: 2, inputs: 2, 0),
      "model.1.submodule.conv.bias": Tensor(shape: [2]), "model.2.conv.weight": kernel(outputs: 4, inputs: 2, 0),
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
}
