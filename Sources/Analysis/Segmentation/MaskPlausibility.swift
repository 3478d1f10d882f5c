import Lesions
import Results
import Volumes

/// What makes a network's mask hard to believe. A network's mask is never refused: a reader is told.
struct MaskPlausibility {
  static let largestBrainFraction = 0.1
  static let largestMillilitres = 500.0
  static let largestShareOfOne = 0.9
  /// From this volume on one lesion that is nearly all of it is worth a word.
  static let smallestVolumeOfOne = 5.0
  /// So many times the most lesions of a patient of the calibration.
  static let timesCalibrated = 3
  /// Most lesions without a calibration that says how many there were.
  static let mostLesions = 150

  let warnings: [Warning]

  /// - Parameters:
  ///   - lesions: the components that count as lesions.
  ///   - brain: on the grid of the mask; nil where the images show the head, so that nothing can be said of it.
  ///   - calibrated: most lesions of a patient of the calibration.
  init(_ lesions: Components, voxelMillilitres: Double, brain: Volume<UInt8>?, calibrated: Int?) {
    let sizes = lesions.kept.map(\.count)
    let voxels = sizes.reduce(0, +)
    let volume = Double(voxels) * voxelMillilitres
    guard let largest = sizes.max() else {
      warnings = [Warning(.noLesions)]
      return
    }
    var found: [Warning] = []
    let brainVoxels = brain.map { $0.voxels.count { $0 != 0 } }
    let fraction = brainVoxels.map { Double(voxels) / Double(max($0, 1)) }
    if volume > Self.largestMillilitres || (fraction ?? 0) > Self.largestBrainFraction {
      var values: [String: Warning.Value] = ["millilitres": .number(volume)]
      if let fraction { values["fraction"] = .number(fraction) }
      found.append(Warning(.maskVolumeImplausible, values))
    }
    if let brain {
      let outside = lesions.kept.reduce(0) { sum, lesion in sum + lesion.count { brain.voxels[$0] == 0 } }
      if outside > 0 {
        found.append(
          Warning(
            .lesionsOutsideBrain,
            ["voxels": .number(Double(outside)), "millilitres": .number(Double(outside) * voxelMillilitres)]))
      }
    }
    let share = Double(largest) / Double(voxels)
    if volume >= Self.smallestVolumeOfOne, share > Self.largestShareOfOne {
      found.append(Warning(.oneLargeLesion, ["fraction": .number(share), "millilitres": .number(volume)]))
    }
    let limit = calibrated.map { Self.timesCalibrated * $0 } ?? Self.mostLesions
    if sizes.count > limit {
      var values: [String: Warning.Value] = ["lesions": .number(Double(sizes.count)), "limit": .number(Double(limit))]
      if let calibrated { values["calibrated"] = .number(Double(calibrated)) }
      found.append(Warning(.manyLesions, values))
    }
    warnings = found
  }
}
