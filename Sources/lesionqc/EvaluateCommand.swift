import Archive
import ArgumentParser
import ErrorScore
import Foundation
import QualityControl
import Reports
import Results

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Compare a run with reference segmentations: segmentation, saliency by group, review order.",
    discussion: """
      Prints how well every score, feature and probability ranks, over all findings and within patients. \
      Writes a page (evaluation.html, the same as evaluation.md), its plots (SVG), tables (TSV, each with a data \
      dictionary) and evaluation.json. The run need not have had a \
      reference; missed lesions \
      and healthy control regions have saliency only when it had one and --controls.
      """)

  @Argument(help: "Folder that 'lesionqc run' wrote.") var outputDir: String
  @Option(
    name: [.customLong("reference"), .customLong("truth")],
    help: "BIDS derivatives with reference segmentations (*_label-L_mask.nii.gz).") var reference: String
  @OptionGroup var referenceLabels: ReferenceLabelOption
  @Flag(help: "Resample references onto the grid of the results by header when the grids differ.") var reslice = false
  @Option(
    name: [.customLong("participant-label"), .customLong("participant_label")], parsing: .upToNextOption,
    help: "Only these patients, with or without 'sub-'; needs --output.") var participantLabel: [String] = []
  @Option(help: "Folder to write (default: OUTPUT_DIR/evaluation).") var output: String?
  @OptionGroup var record: RecordOptions
  @Flag(help: "No progress; only results and errors.") var quiet = false

  func validate() throws {
    guard participantLabel.isEmpty || output != nil else {
      throw ValidationError("--participant-label needs --output DIR: OUTPUT_DIR/evaluation is that of all patients")
    }
  }

  private var reading: ReferenceReading {
    ReferenceReading(
      labels: referenceLabels.referenceLabel?.labels, reslice: reslice,
      warned: { ProgressPrinter(quiet: quiet).warn($1, of: $0) })
  }

  func run() throws {
    let folder = output ?? outputDir + "/evaluation"
    let evaluation = try CohortEvaluation.write(
      output: URL(fileURLWithPath: outputDir), reference: URL(fileURLWithPath: reference), reading: reading,
      labels: participantLabel, to: URL(fileURLWithPath: folder), by: try record.attribution(for: outputDir)
    ) { name in if !quiet { ErrorStream.write("\(name)\n") } }
    for line in evaluation.summary { print(line) }
    print("\(folder)/\(EvaluationFiles.page): \(evaluation.cohort.patients.count) patients")
  }
}
