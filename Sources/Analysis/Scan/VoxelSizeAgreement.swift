import Foundation
import Results
import Volumes

extension PatientScan {
  /// More than rounding of a header: an nnU-Net model resamples by the voxel size, which its own predictor takes from
  /// pixdim and this program from the affine.
  private static let voxelSizeTolerance = 0.01

  /// For models whose preprocessing is nnU-Net's.
  ///
  /// - Throws: ``Fault`` for an image whose pixdim and affine disagree by more than 1 %, with both.
  package func requireOneVoxelSize() throws {
    // An MPRAGE that was resliced has the grid of the FLAIR.
    let isResliced = warnings.contains { $0.code == .mprageResliced }
    for source in isResliced ? [flair] : [flair, mprage].compactMap({ $0 }) {
      let (di, dj, dk) = source.image.volume.affine.spacingMillimetres
      let (pixdim, affine) = (source.image.header.pixdimMillimetres, [di, dj, dk])
      // False for NaN, too.
      if zip(pixdim, affine).allSatisfy({ abs($0 - $1) <= Self.voxelSizeTolerance * $1 }) { continue }
      func text(_ sizes: [Double]) -> String { sizes.map(millimetreText).joined(separator: " x ") }
      throw Fault(
        .input, source.url.path, role: source.role,
        found: "pixdim says voxels of \(text(pixdim)) mm, the \(source.image.header.geometrySource.rawValue) "
          + "\(text(affine)) mm; nnU-Net resamples by pixdim, so that its model would see another image",
        expected: "a header with one voxel size, within 1 %, for an nnU-Net model", remedy: .plain("correct the header")
      )
    }
  }
}
