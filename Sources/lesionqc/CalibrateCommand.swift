import Archive
public import ArgumentParser
public import ErrorScore
import Foundation
import QualityControl

extension FeatureSet: ExpressibleByArgument {}

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate", abstract: "Fit the error score on patients of your own with reference segmentations.",
    discussion: """
      Reads a folder that 'lesionqc run' wrote and the reference segmentations of its patients, fits the \
      probability that a lesion is a \
      false positive and that a candidate is a missed lesion, and writes calibration.json, bound to the model and \
      the settings \
      of that run. Put it into the model folder, or name it with --calibration. Needs at least \
      \(CalibrationRule.fewestPatients) \
      patients and \(CalibrationRule.fewestOfAKind) findings of each kind, for a review cut-off \
      \(ReviewCutoff.fewestPatients) patients.
      """)

  @Argument(help: "Folder that 'lesionqc run' wrote.") var outputDir: String
  @Option(
    name: [.customLong("reference"), .customLong("truth")],
    help: "BIDS derivatives with reference segmentations (*_label-L_mask.nii.gz).") var reference: String
  @OptionGroup var referenceLabels: ReferenceLabelOption
  @Flag(help: "Resample references onto the grid of the results by header when the grids differ.") var reslice = false
  @Option(help: "Calibration file to write.") var output: String
  @Option(help: "All features together, or the saliency peak alone. Both are reported beside each other.")
  var features = FeatureSet.extended
  @Option(
    help: """
      Fraction of a patient's listed errors that may stand below the review cut-off. At most one patient in ten has \
      more below it, if patients are alike.
      """) var toleratedErrors = ReviewCutoff.defaultTolerated
  @Flag(help: "Replace a calibration that is there.") var overwrite = false
  @OptionGroup var record: RecordOptions
  @Flag(help: "No progress; only results and errors.") var quiet = false

  func validate() throws {
    guard toleratedErrors >= 0 && toleratedErrors < 1 else {
      throw ValidationError("--tolerated-errors \(toleratedErrors) is no fraction from 0 to below 1")
    }
  }

  private var reading: ReferenceReading {
    ReferenceReading(
      labels: referenceLabels.referenceLabel?.labels, reslice: reslice,
      warned: { ProgressPrinter(quiet: quiet).warn($1, of: $0) })
  }

  func run() throws {
    let calibration = try CohortCalibration.write(
      output: URL(fileURLWithPath: outputDir), reference: URL(fileURLWithPath: reference), reading: reading,
      fit: .init(features, tolerated: toleratedErrors), to: URL(fileURLWithPath: output), overwrite: overwrite,
      by: try record.attribution(for: outputDir)
    ) { name in if !quiet { ErrorStream.write("\(name)\n") } }
    print("\(output): \(calibration.cohort.patients) patients, features \(calibration.features.rawValue)")
    for (kind, what) in [(calibration.lesions, "lesions"), (calibration.candidates, "candidates")] {
      let areas = [RankingCriterion.crossValidatedPeaks, .crossValidatedExtended, .meanProbability].compactMap {
        criterion in
        kind.crossValidation.row(criterion)?.estimate(.areaUnderROC).map { "\(Self.name(criterion)) \(Self.text($0))" }
      }
      print(
        "\(what): \(kind.model.errorCount) errors, \(kind.model.correctCount) correct; cross-validated AUROC "
          + areas.joined(separator: ", "))
    }
    print(Self.cutoff(calibration))
  }

  private static func cutoff(_ calibration: Calibration) -> String {
    guard let cutoff = calibration.cutoff else {
      return "no review cut-off: \(calibration.cohort.patients) patients, it takes \(ReviewCutoff.fewestPatients)"
    }
    return "review cut-off: the first \(cutoff.percent) % of a list; more than \(cutoff.tolerated) of the errors below "
      + "it in \(cutoff.lostPatients) of \(cutoff.patients) patients"
  }

  private static func name(_ criterion: RankingCriterion) -> String {
    switch criterion {
    case .crossValidatedPeaks: "peak"
    case .crossValidatedExtended: "all features"
    default: "beside mean probability alone"
    }
  }

  private static func text(_ estimate: Estimate) -> String {
    let value = String(format: "%.2f", estimate.value)
    guard let lower = estimate.lower, let upper = estimate.upper else { return value }
    return value + String(format: " (%.2f to %.2f)", lower, upper)
  }
}
