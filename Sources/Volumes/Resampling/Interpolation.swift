/// The degree of the spline through the samples of a line.
public enum Interpolation: Int, Hashable, Sendable, CaseIterable {
  /// The nearest sample; half-way points go to the higher index.
  case nearest = 0
  case linear = 1
  case cubic = 3
}

/// Which axis of anisotropic voxels is resampled by itself, slice by slice, as nnU-Net v2 decides.
public enum SeparateAxis {
  /// The largest voxel size must exceed the smallest by more than this factor.
  public static let anisotropyThreshold = 3.0

  /// The axis of largest voxel size when the old grid, or else the new one, is anisotropic; nil when all axes go together.
  ///
  /// Two or three axes of the largest size are never separated. Source: nnunetv2 2.8,
  /// `preprocessing/resampling/default_resampling.py`, `determine_do_sep_z_and_axis`.
  ///
  /// - Parameters:
  ///   - old: voxel size of the grid that is resampled, in mm, axis by axis.
  ///   - new: voxel size of the wanted grid, in the same axes.
  ///   - forced: true or false to decide by hand, nil to go by the threshold.
  public static func axis(old: [Double], new: [Double], forced: Bool?) -> Int? {
    let decisive: [Double]
    switch forced {
    case true?: decisive = old
    case false?: return nil
    case nil:
      if isAnisotropic(old) { decisive = old } else if isAnisotropic(new) { decisive = new } else { return nil }
    }
    let largest = decisive.indices.filter { decisive[$0] == decisive.max()! }
    return largest.count == 1 ? largest[0] : nil
  }

  private static func isAnisotropic(_ spacing: [Double]) -> Bool {
    spacing.max()! / spacing.min()! > anisotropyThreshold
  }
}
