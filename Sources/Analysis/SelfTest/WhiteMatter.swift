import Lesions
import Statistics
import Volumes

/// Where a patient's two images look like even white matter, by the patient's own intensities.
///
/// White matter is the brightest tissue of MPRAGE. No atlas and no segmentation of tissue is made: the rule only has to
/// find places, not all of them.
struct WhiteMatter {
  /// A voxel looks like white matter within so many spreads of both medians.
  static let spreads: Float = 2.5
  /// Radius around a voxel, and the least share of voxels in it that look like white matter.
  static let radiusMillimetres = 2.5
  static let leastShare = 0.85

  let flair: IntensityLevel
  let mprage: IntensityLevel
  /// 1 where the voxel and enough of its surroundings look like white matter.
  let map: Volume<UInt8>

  /// Nil where the images have no such intensities, for example one value all over.
  ///
  /// - Parameters:
  ///   - flair: and `mprage`: intensities as stored, on one grid.
  ///   - tissue: non-zero where both show brain.
  init?(flair: Volume<Float>, mprage: Volume<Float>, tissue: Volume<UInt8>) {
    let brain = tissue.voxels.indices.filter { tissue.voxels[$0] != 0 }
    guard let bright = Self.brightClass(brain.map { mprage.voxels[$0] }) else { return nil }
    let white = brain.filter { bright.contains(mprage.voxels[$0], spreads: 2) }
    guard let brightness = upperMedian(white.map { mprage.voxels[$0] }),
      let t2 = IntensityLevel(white.map { flair.voxels[$0] }), t2.spread > 0
    else { return nil }
    let t1 = IntensityLevel(median: brightness, spread: bright.spread)
    (self.flair, self.mprage) = (t2, t1)
    var looks = [Bool](repeating: false, count: tissue.voxels.count)
    for voxel in brain {
      let isBright = t1.contains(mprage.voxels[voxel], spreads: Self.spreads)
      looks[voxel] = isBright && t2.contains(flair.voxels[voxel], spreads: Self.spreads)
    }
    map = Self.even(looks, shape: tissue.shape, affine: tissue.affine)
  }

  /// The brightest large class: the middle of the shortest interval that holds half of the voxels above the median, and
  /// the spread of what is brighter than that, where no darker tissue mixes in.
  static func brightClass(_ values: [Float]) -> IntensityLevel? {
    let upper = Array(values.sorted().dropFirst(values.count / 2))
    let half = upper.count / 2
    guard half > 0 else { return nil }
    let start = (0...(upper.count - 1 - half)).min { upper[$0 + half] - upper[$0] < upper[$1 + half] - upper[$1] }!
    let middle = (upper[start] + upper[start + half]) / 2
    return robustSpread(upper.filter { $0 > middle }, around: middle).map { IntensityLevel(median: middle, spread: $0) }
  }

  private static func even(_ looks: [Bool], shape: GridShape, affine: Affine) -> Volume<UInt8> {
    let ball = Neighbourhood(withinMillimetres: radiusMillimetres, affine: affine).offsets
    let least = Int(saturating: (leastShare * Double(ball.count)).rounded(.up))
    var map = [UInt8](repeating: 0, count: looks.count)
    for index in looks.indices where looks[index] {
      let voxel = shape.voxel(at: index)
      let count = ball.count { offset in
        let near = voxel + offset.step
        return shape.contains(near) && looks[shape.linearIndex(near)]
      }
      if count >= least { map[index] = 1 }
    }
    return Volume(shape: shape, affine: affine, voxels: map)
  }
}

/// Median of some intensities and their robust spread.
struct IntensityLevel: Equatable {
  let median: Float
  /// 1.4826 times the median absolute deviation: the standard deviation where intensities are normal.
  let spread: Float

  /// Nil without a value.
  init?(_ values: [Float]) {
    guard let median = upperMedian(values), let spread = robustSpread(values, around: median) else { return nil }
    self.median = median
    self.spread = spread
  }

  init(median: Float, spread: Float) {
    self.median = median
    self.spread = spread
  }

  func contains(_ value: Float, spreads: Float) -> Bool { abs(value - median) <= spreads * spread }
}
