import Foundation
import Reports
import Results
import Volumes

/// Compares a patient's intensities with those that the network was trained on.
struct IntensityCheck {
  /// Nil where the model folder does not say what its training data were like.
  let facts: IntensityFacts?
  let warnings: [String]

  /// - Parameter file: what the model folder says of its training data, with its digest.
  init(_ scan: PatientScan, against file: TrainingIntensities.File?) {
    guard let (_, training, sha256) = file else {
      (facts, warnings) = (nil, [])
      return
    }
    let profiles = IntensityCheck.profiles(of: scan)
    let found = profiles.map { ($0.role, $0.profile, training.departure($0.role, $0.profile)) }
    facts = IntensityFacts(
      trainingPatients: training.patients, syntheticTrainingPatients: training.syntheticPatients, fileDigest: sha256,
      levels: training.levels,
      images: found.map { IntensityFacts.Image(role: $0, quantiles: $1.quantiles, isUnlike: $2 != nil) })
    warnings = found.compactMap { role, _, departure in
      departure.map { Self.warning(role, $0, patients: training.patients) }
    }
  }

  /// FLAIR and MPRAGE inside the brain, as far as anything varies there.
  static func profiles(of scan: PatientScan) -> [(role: String, profile: IntensityProfile)] {
    let tissue = scan.tissue
    return [(scan.flair.role, scan.flair.image.volume), (scan.mprage.role, scan.mprageVolume)].compactMap {
      role, volume in IntensityProfile(volume, inside: tissue).map { (role, $0) }
    }
  }

  private static func warning(_ role: String, _ departure: TrainingIntensities.Departure, patients: Int) -> String {
    func text(_ value: Double) -> String { String(format: "%.2f", value) }
    return "The \(role) is unlike the \(patients) patients that the network was trained on: "
      + "\(String(format: "%.0f", departure.level * 100)) % of the brain lies below \(text(departure.value)) SD, there "
      + "\(text(departure.lowest)) to \(text(departure.highest)). Expect more errors than the model card says."
  }
}
