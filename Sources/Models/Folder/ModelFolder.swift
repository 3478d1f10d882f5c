import Checkpoints
public import Foundation
public import Networks

/// A folder that holds a model: model.json, its weight files, and perhaps calibration.json, probe.safetensors and
/// MODEL_CARD.md.
public enum ModelFolder {
  /// Reads and checks description and weights.
  ///
  /// - Throws: ``ModelError`` or `CheckpointError` that names the file and what is wrong in it.
  public static func load(_ path: String) throws -> Model {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      throw ModelError.missing(
        file: path, what: "not a model folder; a folder with model.json and weights.safetensors is expected")
    }
    let folder = URL(fileURLWithPath: path, isDirectory: true)
    let description = try ModelDescription(path: folder.appendingPathComponent("model.json").path)
    let networks = try description.weightFiles.map { name in
      try description.architecture.network(weights: SafeTensors(path: folder.appendingPathComponent(name).path))
    }
    return Model(folder: folder, description: description, networks: networks)
  }
}

/// A loaded model.
public struct Model: Sendable {
  public let folder: URL
  public let description: ModelDescription
  /// One per weight file; their logits are averaged.
  public let networks: [Network]

  /// The files whose content decides every result: what a digest of the model covers.
  public var descriptionURL: URL { folder.appendingPathComponent("model.json") }
  public var weightURLs: [URL] { description.weightFiles.map { folder.appendingPathComponent($0) } }
  /// Input, logits and gradient that the network's origin computed; not every folder has it.
  public var probeURL: URL { folder.appendingPathComponent("probe.safetensors") }

  /// Learned numbers of one network.
  public var parameterCount: Int { networks[0].parameterCount }

  /// The model as a function of a whole volume, with the window, overlap, importance and tiling of its description.
  ///
  /// - Parameters:
  ///   - threads: Nil for all cores.
  ///   - mirror: average over the mirrorings of each window that the description allows.
  public func makeSlidingWindow(threads: Int? = nil, mirror: Bool = false) throws -> SlidingWindow {
    let members = try networks.map { try Executor($0, threads: threads) }
    let axes = mirror ? description.mirrorAxes : []
    return slidingWindow(members.count == 1 && axes.isEmpty ? members[0] : WindowEnsemble(members, mirrorAxes: axes))
  }

  /// The same function of a volume with one layer tapped, see ``SlidingWindow/joinedMaps(of:at:windowMap:)``.
  ///
  /// - Throws: ``ModelError/unsupported(file:found:expected:remedy:)`` for an ensemble, `NetworkError` for an unknown
  ///   layer.
  public func makeSlidingWindow(layer: String, threads: Int? = nil) throws -> SlidingWindow {
    guard networks.count == 1 else {
      throw ModelError.unsupported(
        file: descriptionURL.path, found: "an ensemble of \(networks.count) networks, a layer is that of one",
        expected: "a model folder with a single weight file")
    }
    return slidingWindow(try Executor(networks[0], threads: threads, layer: layer))
  }

  private func slidingWindow(_ function: any WindowFunction) -> SlidingWindow {
    SlidingWindow(
      function, window: description.window, overlap: description.overlap, importance: description.importance,
      sigmaScale: description.sigmaScale, tiling: description.tiling, padding: description.padding)
  }
}
