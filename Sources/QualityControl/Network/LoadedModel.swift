import AuditTrail
import Foundation
import Networks
import Reports
import Volumes

/// A model folder, loaded and ready to run on the patient's images.
struct LoadedModel {
  let folder: URL
  let modelDigest: String
  let weightsDigest: String
  let threads: Int
  /// The network through its sliding window: the one path by which masks and explanations are made.
  let network: SlidingWindow
  private let model: Model

  /// - Parameter threads: 0 for all cores.
  /// - Throws: `NetworkError`, or ``QualityControlError/badModel(_:)`` for what this version cannot do.
  init(folder: URL, threads: Int) throws {
    model = try ModelFolder.load(folder.path)
    self.folder = folder
    self.threads = threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
    if let spacing = model.description.spacingMillimetres {
      throw QualityControlError.badModel(
        "\(model.descriptionURL.path): \"spacingMillimetres\" is \(spacing), but images are used at their own resolution; "
          + "set it to null and resample the images first")
    }
    modelDigest = try Digest.sha256(file: model.descriptionURL)
    weightsDigest = try Digest.sha256(file: model.weightsURL)
    network = try model.makeSlidingWindow(threads: self.threads)
  }

  var brainExtracted: Bool { model.description.brainExtracted }
  var threshold: Double { model.description.threshold }
  var lesionClass: Int { model.description.lesionClass }
  var classCount: Int { model.description.outputChannels }

  var identity: ModelIdentity {
    let description = model.description
    return ModelIdentity(
      name: description.name ?? "unnamed", version: description.version ?? "unversioned",
      architecture: description.architectureName, parameterCount: model.parameterCount, modelDigest: modelDigest,
      weightsDigest: weightsDigest, threshold: threshold, window: description.window, overlap: description.overlap,
      brainExtracted: brainExtracted)
  }

  /// The network's grid for a volume of the patient: its stored axes permuted and turned as the model asks.
  func grid(for volume: Volume<Float>) throws -> NetworkGrid {
    guard case .axes(let code) = model.description.orientation else { return NetworkGrid(asStored: volume.shape) }
    guard let wanted = Orientation(code: code) else {
      throw QualityControlError.badModel("\(model.descriptionURL.path): \"orientation\" \(code) is no set of three axes")
    }
    let stored = Orientation(volume.affine).directions
    let axes = wanted.directions.map { direction in
      stored.firstIndex { $0.worldAxis == direction.worldAxis }!
    }
    return NetworkGrid(
      shape: volume.shape, storedAxis: axes,
      reversed: zip(axes, wanted.directions).map { stored[$0].isPositive != $1.isPositive })
  }

  /// Lesion probability, softmax over the classes of the window-averaged logits, on the network's grid `[D, H, W]`.
  ///
  /// - Parameter progress: windows done and in total; not asked whether to go on.
  func segment(_ tensor: Tensor, progress: @escaping (Int, Int) -> Void) throws -> [Float] {
    network.onProgress = progress
    defer { network.onProgress = nil }
    let logits = try network.logits(tensor)
    let count = logits.shape[1...].reduce(1, *)
    var probability = [Float](repeating: 0, count: count)
    logits.values.withUnsafeBufferPointer { y in
      for voxel in 0..<count {
        let lesion = Double(y[lesionClass * count + voxel])
        var sum = 0.0
        for other in 0..<classCount { sum += exp(Double(y[other * count + voxel]) - lesion) }
        probability[voxel] = Float(1 / sum)
      }
    }
    return probability
  }
}
