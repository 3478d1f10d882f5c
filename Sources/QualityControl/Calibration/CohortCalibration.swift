import Analysis
public import Archive
import AuditTrail
public import ErrorScore
public import Foundation
import Reports
import Results
import Software

/// Fits the error score on the labelled patients of an output folder.
public enum CohortCalibration {
  /// What is fitted.
  public struct Fit {
    public let features: FeatureSet
    /// Fraction of a patient's listed errors that may stand below the review cut-off.
    public let tolerated: Double

    public init(_ features: FeatureSet, tolerated: Double = ReviewCutoff.defaultTolerated) {
      (self.features, self.tolerated) = (features, tolerated)
    }
  }

  /// Writes `calibration.json` and returns what it holds.
  ///
  /// - Parameters:
  ///   - output: folder that 'lesionqc run' wrote.
  ///   - reference: BIDS derivatives with reference segmentations.
  ///   - reading: how the masks are read.
  ///   - fit: what is fitted.
  ///   - progress: called with the name of each patient.
  ///   - attribution: who calibrates, for the trail of the cohort.
  /// - Throws: ``Fault``, and `ErrorScoreError.tooFew` when there is too little evidence.
  public static func write(
    output: URL, reference: URL, reading: ReferenceReading = ReferenceReading(), fit: Fit, to file: URL,
    overwrite: Bool, by attribution: Attribution = .unnamed, progress: (String) -> Void
  ) throws -> Calibration {
    guard overwrite || !FileManager.default.fileExists(atPath: file.path) else {
      throw Fault(.output, file.path, found: "exists", remedy: .replace)
    }
    guard OutputLayout.hasTrails(output) else { throw OutputLayout.withoutTrails(output) }
    let record = try CohortRecord(of: output, by: attribution)
    let cohort = try LabelledCohort(output: output, reference: reference, reading: reading, progress: progress)
    let first = cohort.patients[0].results
    guard let model = first.model, let settings = CalibratedSettings(first) else {
      throw Fault(.input, output.path, found: "holds no results of a network", remedy: .runFirst)
    }
    let calibration = try Calibration(
      fitting: cohort.findings, features: fit.features, tolerated: fit.tolerated,
      origin: .init(
        software: "\(Software.name) \(Software.version)",
        network: .init(
          name: model.name, version: model.version, modelDigest: model.modelDigest, weightsDigest: model.weightsDigest),
        settings: settings, settingsDigest: try settings.digest(),
        samples: cohort.patients.compactMap(\.results.fewestSamples).min()!,
        mostSamples: cohort.patients.map(\.mostSamples).max()!,
        cohort: .init(
          patients: Set(cohort.patients.map(\.results.patient.label)).count,
          synthetic: cohort.patients.contains { $0.results.patient.synthetic },
          resultsDigests: cohort.patients.map(\.resultsDigest),
          flairDigests: cohort.patients.compactMap { $0.results.flairDigest }, referenceLabels: reading.labels,
          population: Self.population(cohort))))
    try DatasetFiles.replace(file, with: PrettyJSON.bytes(of: calibration))
    try record.append(
      "calibrated", inputs: cohort.inputs, written: [file],
      options: [
        "features": .string(fit.features.rawValue), "overwrite": .bool(overwrite),
        "toleratedErrors": .number(fit.tolerated),
      ])
    return calibration
  }

  private static func population(_ cohort: LabelledCohort) -> Calibration.Population {
    let results = cohort.patients.map(\.results)
    let scanners = results.compactMap(\.scanner)
    return Calibration.Population(
      mostLesions: results.map(\.counts.lesions).max() ?? 0,
      syntheticPatients: Set(results.filter(\.patient.synthetic).map(\.patient.label)).count,
      manufacturers: Array(Set(scanners.compactMap(\.manufacturer))),
      fieldStrengthsTesla: Array(Set(scanners.compactMap(\.fieldTesla))))
  }
}

extension LabelledCohort.Patient {
  /// Most noise samples behind a map of this patient.
  fileprivate var mostSamples: Int { results.findings.compactMap(\.saliency?.samples).max() ?? settings.samples }
}
