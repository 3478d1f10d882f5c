public import ErrorScore
public import Foundation
import Reports
import Results

/// Fits the error score on the labelled patients of an output folder.
public enum CohortCalibration {
  /// Writes `calibration.json` and returns what it holds.
  ///
  /// - Parameters:
  ///   - output: folder that 'lesionqc run' wrote.
  ///   - truth: BIDS derivatives with expert masks.
  ///   - progress: called with the name of each patient.
  /// - Throws: ``QualityControlError``, and `ErrorScoreError.tooFew` when there is too little evidence.
  public static func write(
    output: URL, truth: URL, features: FeatureSet, to file: URL, overwrite: Bool, progress: (String) -> Void
  ) throws -> Calibration {
    guard overwrite || !FileManager.default.fileExists(atPath: file.path) else {
      throw QualityControlError.badOutput("\(file.path): exists; use --overwrite to replace it")
    }
    let cohort = try LabelledCohort(output: output, truth: truth, progress: progress)
    let first = cohort.patients[0].results
    let settings = CalibratedSettings(first.settings)
    let calibration = try Calibration(
      fitting: cohort.findings, features: features, software: "\(Product.name) \(Product.version)",
      network: .init(
        name: first.model.name, version: first.model.version, modelDigest: first.model.modelDigest,
        weightsDigest: first.model.weightsDigest),
      settings: settings, settingsDigest: try settings.digest(),
      samples: cohort.patients.map(\.results.settings.fewestSamples).min()!,
      mostSamples: cohort.patients.map(\.results.mostDraws).max()!,
      cohort: .init(
        patients: Set(cohort.patients.map(\.results.patient.label)).count,
        synthetic: cohort.patients.contains { $0.results.patient.synthetic },
        resultsDigests: cohort.patients.map(\.resultsDigest),
        flairDigests: cohort.patients.compactMap { $0.results.flairDigest }))
    try DatasetFiles.replace(file, with: PrettyJSON.bytes(of: calibration))
    return calibration
  }
}

extension PatientResults {
  /// Most noise draws behind a map of this patient.
  fileprivate var mostDraws: Int { (lesions + candidates).compactMap(\.draws).max() ?? settings.samples }
}
