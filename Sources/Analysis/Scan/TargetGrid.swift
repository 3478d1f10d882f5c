import Foundation
import Results
package import Volumes

/// The grid of a patient's FLAIR, onto which everything else is brought.
package struct TargetGrid {
  package let shape: GridShape
  package let affine: Affine
  /// Where the header's qform has the grid, which need not be where the sform has it; nil without one.
  package let qform: Affine?

  package init(shape: GridShape, affine: Affine, qform: Affine?) {
    self.shape = shape
    self.affine = affine
    self.qform = qform
  }

  package init(_ image: NIfTIImage) {
    self.init(shape: image.volume.shape, affine: image.volume.affine, qform: image.header.qformMillimetres)
  }
}

/// How a volume comes onto the grid of FLAIR.
enum Placement {
  /// It lies there.
  case same
  /// It lies where the qform has that grid, as ITK writes what it made of such an image: voxels correspond by index.
  case byVoxelIndex(GridComparison)
  /// By the two headers.
  case resliced(GridComparison)

  /// - Parameter reslice: bring what lies elsewhere onto the grid by header.
  /// - Throws: ``Fault`` for a volume that lies elsewhere and may not be resampled.
  init(of source: PatientScan.Source, onto target: TargetGrid, reslice: Bool) throws(Fault) {
    let volume = source.image.volume
    let comparison = GridComparison(target.shape, target.affine, volume.shape, volume.affine)
    if comparison.isSame {
      self = .same
    } else if let qform = target.qform, GridComparison(target.shape, qform, volume.shape, volume.affine).isSame {
      self = .byVoxelIndex(comparison)
    } else if reslice {
      self = .resliced(comparison)
    } else {
      throw Fault(
        .input, source.url.path, role: source.role, found: "does not lie on the grid of FLAIR (\(comparison))",
        remedy: .reslice)
    }
  }

  var isResliced: Bool { if case .resliced = self { true } else { false } }

  /// The note that goes with voxels taken by index.
  func note(on role: String) -> Warning? {
    guard case .byVoxelIndex(let comparison) = self else { return nil }
    return Warning(.takenByVoxelIndex, images: [role], ["difference": .text("\(comparison)")])
  }

  /// Intensities or probabilities on the grid; what lies outside is 0.
  func values(of volume: Volume<Float>, onto target: TargetGrid) -> Volume<Float> {
    isResliced
      ? Resampling.trilinear(volume, onto: target.shape, target.affine)
      : Volume(shape: target.shape, affine: target.affine, voxels: volume.voxels)
  }

  /// Marks on the grid; nothing is marked outside.
  func marks(of volume: Volume<UInt8>, onto target: TargetGrid) -> Volume<UInt8> {
    isResliced
      ? Resampling.nearest(volume, onto: target.shape, target.affine, outside: 0)
      : Volume(shape: target.shape, affine: target.affine, voxels: volume.voxels)
  }
}
