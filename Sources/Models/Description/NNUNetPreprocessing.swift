/// What nnU-Net v2 does to an image before its network and to the logits after it, as its plans say.
///
/// The order of steps is: transposition, crop to the box of voxels that are not 0 in some channel, normalisation,
/// resampling to the voxel size of the plan; logits go the same way back. Source: nnunetv2 2.8,
/// `preprocessing/preprocessors/default_preprocessor.py`, `inference/export_prediction.py`.
public struct NNUNetPreprocessing: Hashable, Sendable {
  /// Scaling of one channel's intensities.
  public enum Normalisation: Hashable, Sendable {
    /// Mean 0 and population standard deviation 1, over the voxels inside the head (`useMask`) or over the cropped box.
    ///
    /// Inside the head: not 0 in some channel, or enclosed by such voxels; outside it values stay as they are.
    case zScore(useMask: Bool)
    /// Cut to a range, then shifted and divided by fixed numbers, those of the training images' foreground.
    case fixed(mean: Double, deviation: Double, lower: Double, upper: Double)
    /// Lowest value 0, highest value 1.
    case rescaleTo01
    case none
  }

  /// Resampling of one kind of volume.
  public struct Resampling: Hashable, Sendable {
    /// Degree of the spline: 0, 1 or 3.
    public let order: Int
    /// Degree along an axis that is resampled separately: 0 or 1.
    public let orderZ: Int
    /// Whether an axis is resampled separately: nil by the anisotropy of the voxels.
    public let forceSeparateZ: Bool?
  }

  /// For each network axis the axis of nnU-Net's array, which counts the image's axes from the last one: 0 is k, 2 is
  /// i.
  public let transposeForward: [Int]
  /// One per channel.
  public let normalisation: [Normalisation]
  public let imageResampling: Resampling
  /// Of linear kind, so that a gradient passes through it: order 0 or 1.
  public let logitResampling: Resampling
}
