public import Foundation

/// A folder that holds a model: model.json, weights.safetensors, and perhaps calibration.json and MODEL_CARD.md.
public enum ModelFolder {
  /// Reads and checks description and weights.
  ///
  /// - Throws: ``NetworkError`` that names the file and what is wrong in it.
  public static func load(_ path: String) throws -> Model {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw NetworkError.unreadable(
        file: path, reason: "not a model folder; a folder with model.json and weights.safetensors is expected")
    }
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    let description = try ModelDescription(path: folder.appendingPathComponent("model.json").path)
    let weights = try SafeTensors(path: folder.appendingPathComponent("weights.safetensors").path)
    let network = try description.architecture.network(weights: weights)
    return Model(folder: folder, description: description, network: network)
  }
}

/// A loaded model.
public struct Model: Sendable {
  public let folder: URL
  public let description: ModelDescription
  public let network: Network

  /// The files whose content decides every result: what a digest of the model covers.
  public var descriptionURL: URL { folder.appendingPathComponent("model.json") }
  public var weightsURL: URL { folder.appendingPathComponent("weights.safetensors") }
  public var calibrationURL: URL { folder.appendingPathComponent("calibration.json") }

  /// Learned numbers.
  public var parameterCount: Int { network.parameterCount }

  /// The model as a function of a whole volume, with the window, overlap and importance of its description.
  ///
  /// - Parameter threads: Nil for all cores.
  public func makeSlidingWindow(threads: Int? = nil) throws -> SlidingWindow {
    SlidingWindow(
      try Executor(network, threads: threads), window: description.window, overlap: description.overlap,
      importance: description.importance)
  }
}
