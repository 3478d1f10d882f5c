import Analysis
import ArgumentParser
import Foundation
import QualityControl
import Results

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Every patient of a BIDS data set (a BIDS App).",
    discussion: """
      Patients are independent and are skipped when complete, so that a cluster may run one per job with \
      --participant-label; 'group' gathers index.html, cohort.tsv and lesions.tsv from what is there.
      """)

  enum Level: String, ExpressibleByArgument, CaseIterable { case participant, group }

  @Argument(
    help: "BIDS data set with sub-*/[ses-*/]anat/*_FLAIR.nii.gz and, unless the model takes FLAIR alone, *_T1w.nii.gz.")
  var bidsDir: String
  @Argument(help: "Output folder.") var outputDir: String
  @Argument(help: "Analysis level.") var level: Level
  @Option(
    name: [.customLong("participant-label"), .customLong("participant_label")], parsing: .upToNextOption,
    help: "Only these patients, with or without 'sub-'.") var participantLabel: [String] = []
  @Option(
    name: [.customLong("session-label"), .customLong("session_label")], parsing: .upToNextOption,
    help: "Only these sessions, with or without 'ses-'.") var sessionLabel: [String] = []
  @Option(
    name: [.customLong("bids-filter-file"), .customLong("bids_filter_file")],
    help: """
      JSON that says which of several images to take, such as {"flair": {"acquisition": "3D"}, "t1w": {"run": 1}}; \
      null for a file without that entity (docs/bids.md).
      """) var bidsFilterFile: String?
  @Flag(
    name: [.customLong("skip-bids-validation"), .customLong("skip_bids_validation")],
    help: "Accepted as every BIDS App does; images are checked one by one and no validator is run.")
  var skipBIDSValidation = false
  @Option(
    name: [.customShort("w"), .customLong("work-dir"), .customLong("work_dir")],
    help: "Accepted as every BIDS App does; nothing is kept between the steps, so nothing is written there.")
  var workDir: String?
  @Option(
    name: [.customLong("reference"), .customLong("truth")],
    help: "BIDS derivatives with reference segmentations (*_label-L_mask.nii.gz) to compare with.") var reference:
    String?
  @OptionGroup var referenceLabels: ReferenceLabelOption
  @Option(help: "Model folder with model.json and weights.safetensors; the participant level needs it.") var model:
    String?
  @OptionGroup var options: RunArguments

  func validate() throws {
    if level == .participant, model == nil { throw ValidationError("the participant level needs --model FOLDER") }
    try referenceLabels.require(reference)
    if options.controls, reference == nil { throw ValidationError("--controls needs --reference DERIVATIVES") }
  }

  func run() throws {
    switch level {
    case .group:
      print("\(try CohortRun.gather(output: URL(fileURLWithPath: outputDir))) patients in \(outputDir)/index.html")
    case .participant:
      let session = try RunSession(
        model: model ?? "", options: options, labels: MaskLabels(referenceLabels), output: outputDir)
      let filter = try bidsFilterFile.map { try BIDSFilter(file: URL(fileURLWithPath: $0)) } ?? .none
      let dataset = try BIDSDataset(root: URL(fileURLWithPath: bidsDir), filter: filter)
      let survey = try dataset.survey(
        labels: participantLabel, sessions: sessionLabel, referenceRoot: reference.map { URL(fileURLWithPath: $0) },
        needsMPRAGE: session.needsMPRAGE)
      session.tell(filter.notes + survey.skipped.map { "skipped \($0.place): \($0.reason)" })
      try session.runAll(survey.entries)
    }
  }
}
