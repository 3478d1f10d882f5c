package import Checkpoints
import Digests
package import Foundation
package import Models
package import Networks
package import Results
import Statistics
package import Volumes

/// The layer that Grad-CAM++ looks at.
package enum TappedLayer {
  /// The decoder block at half resolution.
  case byDefault
  /// A module by its name in the network's origin.
  case named(String)

  /// Nil without Grad-CAM++.
  package init?(_ settings: RunSettings) {
    guard settings.method == .gradCAMPlusPlus else { return nil }
    self = settings.layer.map { .named($0) } ?? .byDefault
  }
}

/// A model folder, loaded and ready to run on the patient's images.
package struct LoadedModel {
  package let folder: URL
  package let modelDigest: String
  /// Name and digest of every weight file, in the order of the model's description.
  package let weightFiles: [(name: String, sha256: String)]
  package let threads: Int
  /// Spatial axes of the network along which windows are mirrored; empty without mirroring.
  package let mirrorAxes: [Int]
  /// The network through its sliding window: the one path by which masks and explanations are made.
  package let network: SlidingWindow
  /// The same with one layer tapped, and its name; nil unless Grad-CAM++ was asked for.
  package let layered: SlidingWindow?
  package let layer: String?
  private let model: Model

  /// - Parameters:
  ///   - threads: 0 for all cores.
  ///   - mirror: average over the mirrorings that the model allows.
  ///   - tapping: which layer Grad-CAM++ looks at; nil without it.
  /// - Throws: `NetworkError`, or ``Fault`` for what this version cannot do.
  package init(folder: URL, threads: Int, mirror: Bool = false, tapping: TappedLayer? = nil) throws {
    model = try ModelFolder.load(folder.path)
    self.folder = folder
    self.threads = threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount
    if mirror, model.description.mirrorAxes.isEmpty {
      throw Fault(
        .model, model.descriptionURL.path, found: "no \"mirrorAxes\", the network was not trained on mirrored images",
        remedy: .withoutMirroring)
    }
    mirrorAxes = mirror ? model.description.mirrorAxes : []
    modelDigest = try Digest.sha256(file: model.descriptionURL)
    weightFiles = try model.weightURLs.map { ($0.lastPathComponent, try Digest.sha256(file: $0)) }
    network = try model.makeSlidingWindow(threads: self.threads, mirror: mirror)
    switch tapping {
    case .named(let name): layer = name
    case .byDefault:
      layer = try model.networks[0].defaultLayer(spatialShape: model.description.window)
      guard layer != nil else {
        throw Fault(
          .model, model.descriptionURL.path,
          found: "a network of a single resolution has no default layer for Grad-CAM++", remedy: .nameLayer)
      }
    case nil: layer = nil
    }
    let threads = self.threads
    layered = try layer.map { [model] in try model.makeSlidingWindow(layer: $0, threads: threads) }
  }

  /// SHA-256 of the weight file; of several, SHA-256 of their digests joined by line feeds, in the order of model.json.
  package var weightsDigest: String {
    weightFiles.count == 1
      ? weightFiles[0].sha256 : Digest.sha256(utf8: weightFiles.map(\.sha256).joined(separator: "\n"))
  }

  /// Bytes of memory that a window takes, found without taking them.
  package func workingBytes() throws -> Int { try model.workingBytes() }

  package var brainExtracted: Bool { model.description.brainExtracted }
  package var trainingSpacingMillimetres: [Double]? { model.description.spacingMillimetres }
  package var preprocessing: NNUNetPreprocessing? { model.description.preprocessing }
  package var threshold: Double { model.description.threshold }
  package var lesionClass: Int { model.description.lesionClass }
  package var classCount: Int { model.description.outputChannels }
  /// 2 for FLAIR and MPRAGE, 1 for FLAIR alone.
  package var channelCount: Int { model.description.channels.count }
  package var normalisation: ModelDescription.IntensityNormalisation { model.description.normalisation }
  package var isSigmoid: Bool { model.description.outputActivation == .sigmoid }

  /// Lesion probability of a voxel from the logits of its classes.
  package func probability(logit: (Int) -> Double) -> Double {
    isSigmoid ? logistic(logit(lesionClass)) : softmax(of: lesionClass, among: classCount, logit: logit)
  }

  package var identity: ModelIdentity {
    let description = model.description
    return ModelIdentity(
      name: description.name ?? "unnamed", version: description.version ?? "unversioned",
      architecture: .init(
        name: description.architectureName, parameterCount: model.parameterCount, window: description.window,
        overlap: description.overlap), modelDigest: modelDigest, weightsDigest: weightsDigest, threshold: threshold,
      brainExtracted: brainExtracted, channels: channelCount == 2 ? nil : description.channels)
  }

  /// How the network's axes lie along those of a volume of the patient.
  package func layout(for volume: Volume<Float>) throws -> AxisLayout {
    var (axes, reversed) = ([0, 1, 2], [false, false, false])
    if case .axes(let code) = model.description.orientation {
      guard let wanted = Orientation(code: code) else {
        throw Fault(.model, model.descriptionURL.path, found: "\"orientation\" \(code) is no set of three axes")
      }
      let stored = Orientation(volume.affine).directions
      axes = wanted.directions.map { direction in stored.firstIndex { $0.worldAxis == direction.worldAxis }! }
      reversed = zip(axes, wanted.directions).map { stored[$0].isPositive != $1.isPositive }
    }
    if let order = preprocessing?.transposeForward {
      // nnU-Net's array counts the axes of the image from the last one.
      (axes, reversed) = (order.map { axes[2 - $0] }, order.map { reversed[2 - $0] })
    }
    return AxisLayout(shape: volume.shape, storedAxis: axes, reversed: reversed)
  }

  /// Voxels of a network's grid beyond which a model's voxel size must be a mistake.
  private static let mostVoxels = 500_000_000

  /// The network's grid for a box of a volume.
  ///
  /// - Parameter affine: of the patient's grid, for its voxel size.
  package func grid(_ layout: AxisLayout, box: VoxelBox, affine: Affine) throws -> NetworkGrid {
    let (di, dj, dk) = affine.spacingMillimetres
    let old = layout.storedAxis.map { [di, dj, dk][$0] }
    let new = model.description.spacingMillimetres ?? old
    let exact = (0..<3).map { max(1, (old[$0] / new[$0] * Double(box.shape[$0])).rounded(.toNearestOrEven)) }
    guard exact.reduce(1, *) <= Double(Self.mostVoxels) else {
      throw Fault(
        .model, model.descriptionURL.path,
        found: "\"spacingMillimetres\" \(new) makes more than \(Self.mostVoxels) voxels of this image",
        expected: "the voxel size of the network's training images in mm")
    }
    let shape = exact.map { Int($0) }
    guard let preprocessing else {
      return NetworkGrid(
        layout: layout, box: box, images: GridResize(from: box.shape, to: shape, .linear),
        logits: GridResize(from: shape, to: box.shape, .linear))
    }
    func resize(
      _ rule: NNUNetPreprocessing.Resampling, _ source: [Int], _ target: [Int], _ before: [Double], _ after: [Double]
    ) -> GridResize {
      GridResize(
        from: source, to: target, Interpolation(rawValue: rule.order)!,
        separateAxis: SeparateAxis.axis(old: before, new: after, forced: rule.forceSeparateZ),
        along: Interpolation(rawValue: rule.orderZ)!)
    }
    return NetworkGrid(
      layout: layout, box: box, images: resize(preprocessing.imageResampling, box.shape, shape, old, new),
      logits: resize(preprocessing.logitResampling, shape, box.shape, new, old))
  }

  /// The same function of a volume with the learned tensors of the last `share` of the network shuffled.
  package func randomised(share: Double, seed: UInt64) throws -> SlidingWindow {
    try model.randomised(share: share, seed: seed).makeSlidingWindow(threads: threads, mirror: !mirrorAxes.isEmpty)
  }

  /// Window-averaged logits `[K, D, H, W]` on the network's grid.
  ///
  /// - Parameter progress: windows done and in total; not asked whether to go on.
  package func logits(_ tensor: Tensor, progress: @escaping (Int, Int) -> Void) throws -> Tensor {
    network.onProgress = progress
    defer { network.onProgress = nil }
    return try network.logits(tensor)
  }
}
