import Analysis
import ArgumentParser
import Foundation
import QualityControl
import Results

struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Every patient of a BIDS data set (a BIDS App).",
    discussion: """
      Patients are independent and are skipped when complete. --jobs runs several at a time on one machine; a cluster \
      gives each job of an array a part with --shard, and 'group' gathers index.html, cohort.tsv and lesions.tsv from \
      what is there. A patient that fails stops no other; the reasons are listed at the end (exit code 5).
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
    name: [.customLong("run"), .customLong("run-label"), .customLong("run_label")], parsing: .upToNextOption,
    help: "Of images that have a run only these, with or without 'run-'.") var runLabel: [String] = []
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
    name: [.customLong("bids-database-dir"), .customLong("bids_database_dir")],
    help: "Accepted as every BIDS App does; images are looked up in the data set itself.") var bidsDatabaseDir: String?
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
  @Option(
    help: """
      Patients at a time, each by a process of its own; fewer where memory would not do. Threads are divided among \
      them, and the results are the same.
      """) var jobs = 1
  @Option(
    help: ArgumentHelp(
      """
      Only part i of n of the patients in order of label; 'slurm': by the place of this job in its array. Leaves the \
      tables to 'group', as --no-tables does.
      """, valueName: "i/n|slurm")) var shard: ShardOption?
  @Flag(help: "Say what would be run and why, one line per patient, and write nothing.") var dryRun = false
  /// Threads of a process that another one starts for --jobs.
  @Option(help: .hidden) var worker: Int?
  @OptionGroup var options: RunArguments

  func validate() throws {
    guard (1...1024).contains(jobs) else { throw ValidationError("--jobs must be from 1 to 1024, not \(jobs)") }
    if level == .group, dryRun || shard != nil {
      throw ValidationError("--dry-run and --shard are options of the participant level")
    }
    if level == .participant, model == nil { throw ValidationError("the participant level needs --model FOLDER") }
    try referenceLabels.require(reference)
    if options.controls, reference == nil { throw ValidationError("--controls needs --reference DERIVATIVES") }
  }

  func run() throws {
    switch level {
    case .group:
      print("\(try CohortRun.gather(output: URL(fileURLWithPath: outputDir))) patients in \(outputDir)/index.html")
    case .participant: try runParticipants()
    }
  }

  private func runParticipants() throws {
    var options = options
    let shard = try shard?.shard()
    if shard != nil { options.noTables = true }
    if let worker { options.threads = worker }
    let session = try RunSession(
      model: model ?? "", options: options, labels: MaskLabels(referenceLabels), output: outputDir,
      isWorker: worker != nil)
    let filter = try (bidsFilterFile.map { try BIDSFilter(file: URL(fileURLWithPath: $0)) } ?? .none).restricted(
      toRuns: runLabel)
    let dataset = try BIDSDataset(root: URL(fileURLWithPath: bidsDir), filter: filter)
    func survey(_ labels: [String], _ sessions: [String]) throws -> BIDSDataset.Survey {
      try dataset.survey(
        labels: labels, sessions: sessions, referenceRoot: reference.map { URL(fileURLWithPath: $0) },
        needsMPRAGE: session.needsMPRAGE)
    }
    if worker != nil {
      return try session.work { name in
        let parts = name.split(separator: "_").map(String.init)
        return try survey([parts[0]], Array(parts.dropFirst())).entries.first { $0.name == name }
      }
    }
    let found = try survey(participantLabel, sessionLabel)
    let unused = bidsDatabaseDir.map { _ in "--bids-database-dir is not used: images are looked up in the data set" }
    session.tell([unused].compactMap(\.self) + filter.notes + found.skipped.map { "skipped \($0.place): \($0.reason)" })
    let entries = shard?.entries(of: found.entries) ?? found.entries
    if let shard, entries.isEmpty {
      session.tell(["part \(shard.number) of \(shard.count) has no patient: there are fewer patients than parts"])
    }
    if dryRun { return session.say(what: entries) }
    guard jobs > 1, entries.count > 1 else { return try session.runAll(entries) }
    try session.runAll(entries, jobs: jobs, threads: options.threads)
  }
}
