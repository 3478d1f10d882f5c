import Analysis
import ArgumentParser
import Foundation
import Preparation
import QualityControl
import Results

struct PrepareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare", abstract: "Raw images in, registered and brain-extracted ones out, as 'run' takes them.",
    discussion: """
      MPRAGE is registered to the FLAIR and put on its grid once; both are 0 outside the brain. The output is a BIDS \
      derivative with transforms, masks and an audit trail. What is done and how near it comes: docs/prepare.md.
      """)

  @Argument(help: "BIDS data set of raw images; or give one patient with --flair and --mprage.") var bidsDir: String?
  @Option(help: "FLAIR image (.nii or .nii.gz).") var flair: String?
  @Option(help: "MPRAGE (T1w) image of the same visit, on any grid.") var mprage: String?
  @Option(help: "Folder of the prepared data set.") var output: String
  @Option(
    name: [.customLong("participant-label"), .customLong("participant_label")], parsing: .upToNextOption,
    help: """
      Only these patients, with or without 'sub-'; with --flair the patient's name (default: from the images' digests).
      """) var participantLabel: [String] = []
  @Option(
    name: [.customLong("session-label"), .customLong("session_label")], parsing: .upToNextOption,
    help: "Only these sessions, with or without 'ses-'; with --flair the visit's name.") var sessionLabel: [String] = []
  @Option(
    name: [.customLong("bids-filter-file"), .customLong("bids_filter_file")],
    help: "JSON that says which of several images to take (docs/bids.md).") var bidsFilterFile: String?
  @OptionGroup var options: PreparationArguments
  @Flag(help: "Replace images that were prepared otherwise; steps that would be the same are kept.") var overwrite =
    false
  @Flag(help: "Leave with exit code 9 when another process is at work on the patient, instead of waiting for it.")
  var noWait = false
  @OptionGroup var record: RecordOptions
  @Flag(help: "No progress; only results and errors.") var quiet = false

  func validate() throws {
    guard (bidsDir == nil) == (flair != nil && mprage != nil), (flair == nil) == (mprage == nil) else {
      throw ValidationError("give a BIDS data set, or one patient with --flair and --mprage")
    }
    if bidsDir != nil { try options.requireNoFiles() }
    guard flair != nil else { return }
    if bidsFilterFile != nil { throw ValidationError("--bids-filter-file goes with a BIDS data set") }
    guard participantLabel.count <= 1, sessionLabel.count <= 1 else {
      throw ValidationError("--flair is one patient: give one --participant-label and one --session-label at most")
    }
    do { _ = try names() } catch { throw ValidationError(ErrorClass.line(of: error)) }
  }

  /// Of the one patient, where they were given.
  private func names() throws -> (label: String?, session: String?) {
    let session = try sessionLabel.first.map { text in
      try PatientInput.label(from: text.hasPrefix("ses-") ? String(text.dropFirst(4)) : text)
    }
    return (try participantLabel.first.map(PatientInput.label(from:)), session.map { "ses-\($0.dropFirst(4))" })
  }

  func run() throws {
    let session = try PreparationSession(
      output: output, raw: bidsDir, settings: try options.settings(),
      options: options.options(overwrite: overwrite, waits: !noWait, by: try record.attribution(for: output)),
      quiet: quiet)
    if let flair, let mprage {
      let (flair, mprage) = (URL(fileURLWithPath: flair), URL(fileURLWithPath: mprage))
      let (label, visit) = try names()
      try session.runOne(
        PatientInput(
          label: try label ?? PatientRun.digestLabel(flair: flair, mprage: mprage), session: visit, flair: flair,
          mprage: mprage, synthetic: BIDSDataset.holdsSyntheticImage(flair)))
    } else if let bidsDir {
      let filter = try bidsFilterFile.map { try BIDSFilter(file: URL(fileURLWithPath: $0)) } ?? .none
      let survey = try BIDSDataset(root: URL(fileURLWithPath: bidsDir), filter: filter).survey(
        labels: participantLabel, sessions: sessionLabel)
      session.tell(filter.notes + survey.skipped.map { "skipped \($0.place): \($0.reason)" })
      try session.runAll(survey.entries)
    }
  }
}
