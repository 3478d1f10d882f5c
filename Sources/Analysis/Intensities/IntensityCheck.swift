import Foundation
import Results
import Statistics
import Volumes

/// Compares a patient's intensities with those that the network was trained on.
package struct IntensityCheck {
  /// Nil where the model folder does not say what its training data were like.
  let record: IntensityRecord?
  let warnings: [Warning]

  /// - Parameter file: what the model folder says of its training data, with its digest.
  init(_ scan: PatientScan, against file: TrainingIntensities.File?) {
    guard let (_, training, sha256) = file else {
      (record, warnings) = (nil, [])
      return
    }
    // A network of FLAIR alone says nothing about MPRAGE.
    let profiles = IntensityCheck.profiles(of: scan).filter { training.knows($0.role) }
    let found = profiles.map { ($0.role, $0.profile, training.departure($0.role, $0.profile)) }
    record = IntensityRecord(
      trainingPatients: training.patients, syntheticTrainingPatients: training.syntheticPatients, fileDigest: sha256,
      levels: training.levels,
      images: found.map { IntensityRecord.Image(role: $0, quantiles: $1.quantiles, isUnlike: $2 != nil) })
    warnings = found.compactMap { role, _, departure in
      departure.map { Self.warning(role, $0, patients: training.patients) }
    }
  }

  /// FLAIR, and MPRAGE if there is one, inside the brain, as far as anything varies there.
  package static func profiles(of scan: PatientScan) -> [(role: String, profile: IntensityProfile)] {
    let tissue = scan.tissue
    return zip([scan.flair, scan.mprage].compactMap { $0?.role }, scan.images).compactMap { role, volume in
      IntensityProfile(volume, inside: tissue).map { (role, $0) }
    }
  }

  private static func warning(_ role: String, _ departure: TrainingIntensities.Departure, patients: Int) -> Warning {
    Warning(
      .intensitiesUnlikeTraining, images: [role],
      [
        "patients": .number(Double(patients)), "level": .number(departure.level),
        "standardDeviations": .number(departure.value), "trainingMinimum": .number(departure.lowest),
        "trainingMaximum": .number(departure.highest),
      ])
  }
}

/// How the intensities of one image are spread inside the brain, whatever their unit.
package struct IntensityProfile: Equatable {
  /// Shares of the brain's voxels below each quantile.
  static let levels = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]

  /// Quantiles at ``levels`` in standard deviations from the mean of the brain's voxels: MRI has no unit, and a network
  /// that is given z-scores sees just these.
  let quantiles: [Double]

  /// - Parameter tissue: not 0 where the brain is; on the grid of the image.
  /// - Returns: nil where nothing varies inside.
  init?(_ image: Volume<Float>, inside tissue: Volume<UInt8>) {
    let values = zip(image.voxels, tissue.voxels).lazy.filter { $0.1 != 0 }.map { Double($0.0) }.sorted()
    guard !values.isEmpty else { return nil }
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    guard variance > 0 else { return nil }
    quantiles = Self.levels.map { (quantile($0, ofSorted: values)! - mean) / variance.squareRoot() }
  }
}
