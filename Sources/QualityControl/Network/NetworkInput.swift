import Foundation
import Networks
import Volumes

/// A scan as the network sees it: on the network's grid, brain only when a mask was given, normalised.
struct NetworkInput {
  let grid: NetworkGrid
  /// `[2, D, H, W]`: FLAIR, MPRAGE.
  let tensor: Tensor

  /// - Throws: ``QualityControlError`` for a channel without contrast or a model that asks for what cannot be done.
  init(_ scan: PatientScan, model: LoadedModel) throws {
    let volume = scan.flair.image.volume
    grid = try model.grid(for: volume)
    tensor = grid.tensor([
      try Normalisation.zScoreOfNonZero(
        scan.insideGivenMask(volume), file: scan.flair.url.path, channel: "FLAIR"),
      try Normalisation.zScoreOfNonZero(
        scan.insideGivenMask(scan.mprageVolume), file: scan.mprage.url.path, channel: "MPRAGE"),
    ])
  }
}
