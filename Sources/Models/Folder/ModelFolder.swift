import Checkpoints
import Files
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
      let place: URL
      do throws(FileError) { place = try ContainedPath(fileName: name).place(in: folder, for: .reading) } catch {
        throw CheckpointError.unreadable(file: folder.appendingPathComponent(name).path, reason: error.reason)
      }
      return try description.architecture.network(weights: SafeTensors(path: place.path))
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
    try requireMemory(members)
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
    let member = try Executor(networks[0], threads: threads, layer: layer)
    try requireMemory([member])
    return slidingWindow(member)
  }

  /// Refuses a window for which there is not enough memory, before any of it is taken.
  ///
  /// - Parameter available: bytes; nil where the system does not say.
  /// - Throws: ``ModelError/unsupported(file:found:expected:remedy:)`` with the figure.
  func requireMemory(_ members: [Executor], available: Int? = AvailableMemory.bytes()) throws {
    let window = description.window
    guard let available else { return }
    let needed = try workingBytes(members, limit: available)
    guard needed > available else { return }
    func gigabytes(_ bytes: Int) -> String { String(format: "%.1f GB", Double(bytes) / 1e9) }
    throw ModelError.unsupported(
      file: descriptionURL.path,
      found: "\"window\" \(window) needs at least \(gigabytes(needed)) of memory, and \(gigabytes(available)) are free",
      expected: "a smaller window, as in the network's training, or a machine with more memory")
  }

  /// Bytes of memory that the model takes while it runs a window, found without taking them.
  public func workingBytes() throws -> Int { try workingBytes(networks.map { try Executor($0) }) }

  private func workingBytes(_ members: [Executor], limit: Int = .max) throws -> Int {
    // Beside the networks' own memory: the window, its logits and their sum over windows.
    let numbers = description.channels.count + 3 * description.outputChannels
    return try members.reduce(description.window.reduce(4 * numbers, *)) {
      try $0 + $1.workingBytes(spatialShape: description.window, limit: limit)
    }
  }

  private func slidingWindow(_ function: any WindowFunction) -> SlidingWindow {
    SlidingWindow(
      function, window: description.window, overlap: description.overlap, importance: description.importance,
      sigmaScale: description.sigmaScale, tiling: description.tiling, padding: description.padding)
  }
}
