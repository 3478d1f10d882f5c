/// How the gradients of the voxels of a region become one map (Spagnolo et al., doi 10.1038/s41598-026-36560-9).
///
/// With D_n[u] the gradient of the explained scalar at voxel u of Ω for noise draw n:
public enum Aggregation: String, Hashable, Sendable, Codable, CaseIterable {
  /// Gradient of the sum over the region: `mean` times |Ω|.
  case sum
  /// Gradient of the mean over the region, equation 2 of the paper.
  case mean
  /// Equation 3 of the paper: in every voxel of the map and every draw the D_n[u] of largest magnitude, with its sign; then
  /// the mean over draws. One gradient for each voxel of the region and draw.
  case signedMax = "signed-max"
  /// As equation 3, over the sums of ``chunkVoxels`` consecutive voxels of Ω instead of single voxels: what the published
  /// script for nnU-Net and Swin UNETR computes. Equal to `sum` for a region that fits into one chunk.
  case chunkedMax = "chunked-max"

  /// Voxels of Ω in array order, last axis fastest, whose gradients `chunked-max` adds before it compares.
  public static let chunkVoxels = 512

  /// Voxels of Ω whose gradients are added before parts are compared; nil where nothing is compared.
  var partVoxels: Int? {
    switch self {
    case .sum, .mean: nil
    case .signedMax: 1
    case .chunkedMax: Self.chunkVoxels
    }
  }

  /// Whether parts of a region are compared, so that the parts must be known one by one.
  public var comparesParts: Bool { partVoxels != nil }
}
