package import Checkpoints
import Foundation
import Models
package import Networks
import Results
package import Volumes

/// A scan as the network sees it: on the network's grid, brain only when a mask was given, normalised.
///
/// The steps in their order, as nnU-Net takes them where the model asks for its preprocessing: lay the axes out, cut to
/// the region that is not zero, normalise, resample. Their parameters are those of `NNUNetPreprocessing`.
package struct NetworkInput {
  package let grid: NetworkGrid
  /// `[C, D, H, W]`: FLAIR, and MPRAGE where the network takes it.
  package let tensor: Tensor
  /// For each channel the standard deviation of its non-zero voxels in the network's own unit; 1 where the unit is that
  /// already, as after a z-score.
  package let deviations: [Float]

  /// The network's input in standard deviations: what saliency is told in.
  package var standardised: Tensor {
    if hasUnitDeviations { return tensor }
    let count = tensor.values.count / deviations.count
    var result = tensor
    for c in deviations.indices { for i in c * count..<(c + 1) * count { result.values[i] /= deviations[c] } }
    return result
  }

  /// The network as a function of ``standardised``.
  package func function(of network: SlidingWindow) -> any DifferentiableModel {
    hasUnitDeviations ? network : ScaledInput(network, factors: deviations)
  }

  private var hasUnitDeviations: Bool { deviations.allSatisfy { $0 == 1 } }

  /// - Parameter images: FLAIR, and MPRAGE if there is one, on the grid of the scan, to be seen in place of its own.
  /// - Throws: ``Fault`` for a channel without contrast, one that is not there, or a model that asks for what cannot be
  ///   done.
  package init(_ scan: PatientScan, model: LoadedModel, images: [Volume<Float>]? = nil) throws {
    let volume = scan.flair.image.volume
    let layout = try model.layout(for: volume)
    let sources = [scan.flair] + [scan.mprage].compactMap { $0 }
    guard sources.count >= model.channelCount else {
      throw Fault(
        .input, scan.flair.url.path, role: "MPRAGE", found: "is not given",
        expected: "an MPRAGE (T1w) image beside the FLAIR, which the model takes, or a model of FLAIR alone")
    }
    let laidOut = (images ?? scan.images).prefix(model.channelCount).map {
      layout.tensor([scan.insideBrain($0)]).values
    }
    let names = sources.map { (file: $0.url.path, role: $0.role) }
    let channels: [[Float]]
    if let preprocessing = model.preprocessing {
      let region = NonZeroRegion(channels: laidOut, spatialShape: layout.spatialShape)
      let grid = try model.grid(layout, box: region.box, affine: volume.affine)
      let inside = grid.cropped(region.isInside)
      channels = try laidOut.indices.map { c in
        let normalised = try NNUNetNormalisation.apply(
          preprocessing.normalisation[c], to: grid.cropped(laidOut[c]), isInside: inside, file: names[c].file,
          channel: names[c].role)
        return grid.images.applied(to: normalised)
      }
      deviations = laidOut.indices.map { c in
        if case .zScore = preprocessing.normalisation[c] { return 1 }
        return Self.deviation(of: channels[c], where: grid.images.applied(to: grid.cropped(laidOut[c])))
      }
      self.grid = grid
    } else {
      let whole = VoxelBox(lower: [0, 0, 0], upper: layout.spatialShape)
      let grid = try model.grid(layout, box: whole, affine: volume.affine)
      let resampled = laidOut.map { grid.images.applied(to: $0) }
      if case .monai(let steps) = model.normalisation {
        channels = try IntensityTransforms.apply(steps, to: resampled, names: Array(names.prefix(resampled.count)))
        deviations = zip(channels, resampled).map { Self.deviation(of: $0, where: $1) }
      } else {
        channels = try resampled.indices.map { c in
          try Normalisation.zScoreOfNonZero(resampled[c], file: names[c].file, channel: names[c].role)
        }
        deviations = channels.map { _ in 1 }
      }
      self.grid = grid
    }
    tensor = Tensor(shape: [channels.count] + grid.spatialShape, values: Array(channels.joined()))
  }

  /// The population standard deviation of the voxels at which the image itself is not 0; 1 where nothing varies.
  private static func deviation(of values: [Float], where image: [Float]) -> Float {
    var (count, sum) = (0, 0.0)
    for (value, voxel) in zip(values, image) where voxel != 0 {
      count += 1
      sum += Double(value)
    }
    let mean = sum / Double(max(1, count))
    var squares = 0.0
    for (value, voxel) in zip(values, image) where voxel != 0 {
      squares += (Double(value) - mean) * (Double(value) - mean)
    }
    let deviation = Float((squares / Double(max(1, count))).squareRoot())
    return deviation > 0 && deviation.isFinite ? deviation : 1
  }
}
