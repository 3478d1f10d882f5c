package import Checkpoints
package import Foundation
package import Models
package import Networks
import Results
package import Volumes

/// A scan as the network sees it: on the network's grid, brain only when a mask was given, normalised.
///
/// The steps in their order, as nnU-Net takes them where the model asks for its preprocessing: lay the axes out, cut to
/// the region that is not zero, normalise, resample. Their parameters are those of `NNUNetPreprocessing`.
package struct NetworkInput {
  package let grid: NetworkGrid
  /// `[2, D, H, W]`: FLAIR, MPRAGE.
  package let tensor: Tensor

  /// - Parameter images: FLAIR and MPRAGE on the grid of the scan, to be seen in place of its own.
  /// - Throws: ``Fault`` for a channel without contrast or a model that asks for what cannot be done.
  package init(_ scan: PatientScan, model: LoadedModel, images: [Volume<Float>]? = nil) throws {
    let volume = scan.flair.image.volume
    let layout = try model.layout(for: volume)
    let laidOut = (images ?? [volume, scan.mprageVolume]).map { layout.tensor([scan.insideBrain($0)]).values }
    let names = [(scan.flair.url.path, "FLAIR"), (scan.mprage.url.path, "MPRAGE")]
    let channels: [[Float]]
    if let preprocessing = model.preprocessing {
      let region = NonZeroRegion(channels: laidOut, spatialShape: layout.spatialShape)
      let grid = try model.grid(layout, box: region.box, affine: volume.affine)
      let inside = grid.cropped(region.isInside)
      channels = try laidOut.indices.map { c in
        let normalised = try NNUNetNormalisation.apply(
          preprocessing.normalisation[c], to: grid.cropped(laidOut[c]), isInside: inside, file: names[c].0,
          channel: names[c].1)
        return grid.images.applied(to: normalised)
      }
      self.grid = grid
    } else {
      let whole = VoxelBox(lower: [0, 0, 0], upper: layout.spatialShape)
      let grid = try model.grid(layout, box: whole, affine: volume.affine)
      channels = try laidOut.indices.map { c in
        try Normalisation.zScoreOfNonZero(grid.images.applied(to: laidOut[c]), file: names[c].0, channel: names[c].1)
      }
      self.grid = grid
    }
    tensor = Tensor(shape: [2] + grid.spatialShape, values: channels[0] + channels[1])
  }
}
