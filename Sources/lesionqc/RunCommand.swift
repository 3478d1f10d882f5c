import ArgumentParser
import Foundation
import QualityControl

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Every patient of a BIDS data set (a BIDS App).",
    discussion: """
      Patients are independent and are skipped when complete, so that a cluster may run one per job with \
      --participant-label; 'group' gathers index.html, cohort.tsv and lesions.tsv from what is there.
      """)

  enum Level: String, ExpressibleByArgument, CaseIterable { case participant, group }

  @Argument(help: "BIDS data set with sub-*/[ses-*/]anat/*_FLAIR.nii.gz and *_T1w.nii.gz.") var bidsDir: String
  @Argument(help: "Output folder.") var outputDir: String
  @Argument(help: "Analysis level.") var level: Level
  @Option(
    name: [.customLong("participant-label"), .customLong("participant_label")], parsing: .upToNextOption,
    help: "Only these patients, with or without 'sub-'.")
  var participantLabel: [String] = []
  @Option(
    name: [.customLong("session-label"), .customLong("session_label")], parsing: .upToNextOption,
    help: "Only these sessions, with or without 'ses-'.")
  var sessionLabel: [String] = []
  @Option(help: "BIDS derivatives with expert masks (*_label-L_mask.nii.gz) to compare with.") var truth: String?
  @Option(help: "Model folder with model.json and weights.safetensors; the participant level needs it.") var model: String?
  @OptionGroup var options: RunOptions

  func validate() throws {
    if level == .participant, model == nil { throw ValidationError("the participant level needs --model FOLDER") }
  }

  func run() throws {
    switch level {
    case .group: try RunSession.gather(output: outputDir)
    case .participant:
      let session = try RunSession(model: model ?? "", options: options, output: outputDir)
      let dataset = try BIDSDataset(root: URL(fileURLWithPath: bidsDir))
      let entries = try dataset.entries(
        labels: participantLabel, sessions: sessionLabel, truthRoot: truth.map { URL(fileURLWithPath: $0) })
      try session.runAll(entries)
    }
  }
}
