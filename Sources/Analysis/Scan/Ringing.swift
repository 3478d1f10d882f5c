import Statistics
import Volumes

/// Traces that interpolation by splines leaves around an extracted brain: its edge swings, and what was background is
/// no longer 0.
///
/// Both fractions are of the voxels that are not 0. Measured on six public brain-extracted images of MS patients: at
/// most 0.5 % negative and 0.4 % rim; the same shifted by half a voxel and rounded to whole numbers: linearly 0.5 %
/// rim, by cubic splines 2.7 % negative or more, and 2.0 % rim or more where negative values were cut off.
struct Ringing: Equatable, Sendable {
  /// A value below this fraction of the image's 95th percentile is next to 0.
  static let nearZero: Float = 0.01
  private static let level = 0.95
  /// From here on there is something to say.
  static let largestFraction = 0.01

  /// Voxels below 0 by more than rounding.
  let negativeMillilitres: Double
  let negativeFraction: Double
  /// Voxels next to 0 that lead to the background through no others.
  let rimMillilitres: Double
  let rimFraction: Double

  var isNegative: Bool { negativeFraction > Self.largestFraction }
  var hasRim: Bool { rimFraction > Self.largestFraction }

  init(in image: Volume<Float>) {
    let magnitudes = image.voxels.filter { $0 != 0 }.map { abs($0) }
    let (negative, rim): (Int, Int)
    if let scale = Self.percentile(of: magnitudes) {
      let small = Self.nearZero * scale
      negative = image.voxels.count { $0 < -small }
      rim = Self.rim(image, small)
    } else {
      (negative, rim) = (0, 0)
    }
    let voxel = image.affine.voxelVolumeMillimetres3 / 1000
    let total = Double(max(1, magnitudes.count))
    negativeMillilitres = Double(negative) * voxel
    negativeFraction = Double(negative) / total
    rimMillilitres = Double(rim) * voxel
    rimFraction = Double(rim) / total
  }

  /// The 95th percentile; nil of nothing.
  private static func percentile(of magnitudes: [Float]) -> Float? {
    quantile(level, ofSorted: magnitudes.sorted().map(Double.init)).map { Float($0) }
  }

  /// Voxels that are next to 0 without being 0, and connected by faces to the background, or the faces of the grid,
  /// through such voxels.
  private static func rim(_ image: Volume<Float>, _ small: Float) -> Int {
    // What lies outside is what the brain, with all that it encloses, leaves.
    let brain = Holes.filled(image.voxels.map { abs($0) >= small }, shape: image.shape)
    return zip(image.voxels, brain).count { value, isInside in value != 0 && !isInside }
  }
}
