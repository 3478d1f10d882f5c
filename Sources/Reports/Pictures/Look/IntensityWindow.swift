import Foundation
import Statistics
import Volumes

/// The intensities that are drawn black and white.
struct IntensityWindow: Hashable, Sendable {
  let lower: Float
  let upper: Float

  static let lowerPercentile = 1.0
  static let upperPercentile = 99.5

  init(lower: Float, upper: Float) {
    self.lower = lower
    self.upper = upper > lower ? upper : lower + max(abs(lower), 1)
  }

  /// From the 1st to the 99.5th percentile (nearest rank) of the brain voxels; of all voxels if there is no brain
  /// voxel.
  init(_ volume: Volume<Float>, brainMask: Volume<UInt8>) {
    var values: [Float] = []
    values.reserveCapacity(volume.voxels.count / 4)
    for (value, inBrain) in zip(volume.voxels, brainMask.voxels) where inBrain != 0 && value.isFinite {
      values.append(value)
    }
    if values.isEmpty { values = volume.voxels.filter(\.isFinite) }
    values.sort()
    func percentile(_ p: Double) -> Float { nearestRankQuantile(p / 100, ofSorted: values) ?? 0 }
    self.init(lower: percentile(Self.lowerPercentile), upper: percentile(Self.upperPercentile))
  }

  /// 0 at and below `lower`, 1 at and above `upper`, linear between.
  func brightness(_ value: Float) -> Double {
    min(max((Double(value) - Double(lower)) / (Double(upper) - Double(lower)), 0), 1)
  }
}

/// How the intensities of a report were windowed, for its page.
struct Windowing: Hashable, Sendable {
  let flair: IntensityWindow
  /// Nil without an MPRAGE.
  let mprage: IntensityWindow?

  /// One sentence, for the reader.
  var text: String {
    func range(_ window: IntensityWindow) -> String {
      "\(significant(Double(window.lower))) (black) to \(significant(Double(window.upper))) (white)"
    }
    return "Grey levels are linear from the \(significant(IntensityWindow.lowerPercentile))st to the "
      + "\(significant(IntensityWindow.upperPercentile))th percentile of the brain voxels of each image: FLAIR "
      + "\(range(flair))\(mprage.map { ", MPRAGE \(range($0))" } ?? ""), in the units of the files. "
      + "What is outside the brain mask is black."
  }
}

/// A number with at most four significant digits and without trailing zeros.
func significant(_ value: Double) -> String { String(format: "%.4g", value) }
