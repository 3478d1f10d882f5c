import AuditTrail
import Digests
import ErrorScore
public import Foundation
import Lesions
import Networks
public import Reports
public import Results
import Volumes

/// One patient from two image files to a report, and the audit trail that says how.
public struct PatientRun {
  public let output: URL
  public let templates: TemplateFolder
  let model: LoadedModel
  let calibration: LoadedCalibration?
  /// Why the calibration in the model folder is not used, for every patient's report.
  private let calibrationRefused: LoadedCalibration.Objection?
  /// Nil where the model folder does not say what its training data were like.
  private let trainingIntensities: TrainingIntensities.File?
  let settings: RunSettings
  let control: RunControl

  /// What a finished run says in one line.
  public struct Summary: Sendable {
    public let results: PatientResults
    public let report: URL
    public let auditHead: String
    /// Results of other images stood under the same name.
    public var replacedOtherImages = false

    public var line: String {
      let counts = results.counts
      let volume = String(format: "%.2f", counts.totalLesionVolumeMillilitres)
      let candidates =
        results.external?.hasProbability == false
        ? "missed lesions not looked for"
        : "\(counts.candidates) missed-lesion \(counts.candidates == 1 ? "candidate" : "candidates")"
      return "\(counts.lesions) \(counts.lesions == 1 ? "lesion" : "lesions") (\(volume) ml), \(candidates); "
        + "\(report.path); audit head \(auditHead)"
        + (replacedOtherImages ? "; replaced the results of other images under this name" : "")
    }
  }

  /// - Throws: an error of `Networks` for a bad model, ``QualityControlError/badOutput(_:)`` for an output folder that cannot
  ///   be written, or an error of `Reports` without templates.
  public init(modelFolder: URL, output: URL, settings: RunSettings, control: RunControl) throws {
    self.output = output
    self.settings = settings
    self.control = control
    templates = try TemplateFolder.locate()
    model = try LoadedModel(
      folder: modelFolder, threads: settings.threads, mirror: settings.mirror, tapping: settings.tapping)
    let found = try LoadedCalibration.find(settings.calibration, model: model)
    let calibrated = settings.calibrated(mirrorAxes: model.mirrorAxes)
    // A file that the user named has to fit; one that merely lies in the model folder is left unused, and that is said.
    if settings.calibration == .ofModel,
      let objection = found?.objection(calibrated, samples: try settings.fewestSamples)
    {
      calibration = nil
      calibrationRefused = objection
      control.warn("calibration.json", "not used, the order is uncalibrated: it \(objection)")
    } else {
      try found?.require(calibrated, samples: try settings.fewestSamples)
      calibration = found
      calibrationRefused = nil
    }
    trainingIntensities = try TrainingIntensities.find(in: modelFolder)
    try Self.checkWritable(output)
  }

  /// `sub-` and ten digits of the images' digests: stable, and free of anything in a file name.
  public static func digestLabel(flair: URL, mprage: URL) throws -> String {
    for (url, role) in [(flair, "FLAIR"), (mprage, "MPRAGE")] where !FileManager.default.fileExists(atPath: url.path) {
      throw QualityControlError.badInput("\(url.path): no such file; expected the \(role) image (.nii or .nii.gz)")
    }
    let both = try Digest.sha256(file: flair) + Digest.sha256(file: mprage)
    return "sub-\(Digest.sha256(utf8: both).prefix(10))"
  }

  /// Rewrites the cohort pages of an output folder and returns the number of patients.
  public static func gather(output: URL) throws -> Int {
    guard FileManager.default.fileExists(atPath: output.appendingPathComponent("audit").path) else {
      throw QualityControlError.badInput("\(output.path): no audit/ folder; expected a lesionqc output folder")
    }
    return try CohortFiles.write(to: output, templates: try TemplateFolder.locate()).count
  }

  /// Looks whether the output folder, or the nearest folder above it that exists, can be written, without making anything.
  private static func checkWritable(_ output: URL) throws {
    var folder = output.standardizedFileURL
    while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" {
      folder.deleteLastPathComponent()
    }
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
    guard isFolder.boolValue else {
      throw QualityControlError.badOutput("\(folder.path): is a file, not a folder; choose another output folder")
    }
    guard access(folder.path, W_OK) == 0 else {
      throw QualityControlError.badOutput(
        "\(folder.path): cannot be written (\(String(cString: strerror(errno)))); choose another output folder")
    }
  }

  private func makeOutputFolder() throws {
    do {
      try FileManager.default.createDirectory(at: output, withIntermediateDirectories: true)
    } catch {
      throw QualityControlError.badOutput(
        "\(output.path): cannot be made (\(OutputTransaction.reason(error))); choose another output folder")
    }
    try DatasetFiles.write(to: output)
  }

  /// Runs one patient unless it is complete already. A fault found before the first computation leaves nothing behind.
  public func single(_ input: PatientInput) throws -> CohortRun.Outcome {
    do {
      let outcome = try run(input)
      try CohortFiles.write(to: output, templates: templates)
      return outcome
    } catch {
      try noteStop(of: input, error: error)
      throw error
    }
  }

  /// One of many: a fault of the patient's own is noted in its trail and becomes an outcome, so that the others go on.
  func oneOfMany(_ input: PatientInput) throws -> CohortRun.Outcome {
    do {
      return try run(input)
    } catch QualityControlError.interrupted {
      try noteStop(of: input, error: QualityControlError.interrupted)
      throw QualityControlError.interrupted
    } catch {
      try recordFailure(name: input.name, reason: "\(error)")
      return .failed(reason: "\(error)")
    }
  }

  /// Closes a trail that says `started`.
  private func noteStop(of input: PatientInput, error: any Error) throws {
    let log = AuditLog(url: OutputLayout(root: output, input: input).auditTrail)
    guard RunRecord.state(of: try log.records()) == .unfinished else { return }
    if case QualityControlError.interrupted = error {
      try log.append(event: "interrupted", details: [:])
    } else {
      try log.append(event: "failed", details: ["reason": .string("\(error)")])
    }
  }

  /// Notes a failure in the patient's trail. The reason may name files, as error lines do; the trail stays with the data.
  ///
  /// - Parameter wasSkipped: nothing was begun, because images are missing.
  func recordFailure(name: String, reason: String, wasSkipped: Bool = false) throws {
    try makeOutputFolder()
    let log = AuditLog(url: output.appendingPathComponent("audit/\(name).jsonl"))
    guard let records = try? log.records() else { return }
    // A complete earlier result stays what it is: the failed attempt is not its state.
    if case .done = RunRecord.state(of: records) { return }
    try log.append(
      event: "failed",
      details: wasSkipped ? ["reason": .string(reason), "skipped": .bool(true)] : ["reason": .string(reason)])
  }

  private func run(_ input: PatientInput) throws -> CohortRun.Outcome {
    let layout = OutputLayout(root: output, input: input)
    let log = AuditLog(url: layout.auditTrail)
    let started = Date()
    try control.step(input.name, .reading, 0, 1)
    let scan = try PatientScan(input, expectsBrainExtracted: model.brainExtracted, reslice: settings.reslice)
    let record = RunRecord(
      inputs: scan.sources.map { ($0.role, $0.url.standardizedFileURL.path, $0.sha256) },
      model: (model.folder.standardizedFileURL.path, model.modelDigest, model.weightsDigest, model.weightFiles),
      calibration: calibration.map { ($0.file.standardizedFileURL.path, $0.sha256) },
      intensities: trainingIntensities.map { ($0.url.standardizedFileURL.path, $0.sha256) }, settings: settings)
    try layout.requireFreePlaces()
    let earlier = RunRecord.state(of: try log.records())
    if earlier == .never, !settings.overwrite, FileManager.default.fileExists(atPath: layout.url(layout.report).path) {
      throw QualityControlError.badOutput(
        "\(layout.url(layout.report).path): exists, but the audit trail knows nothing of it; "
          + "use --overwrite to replace it, or another output folder")
    }
    if let summary = try complete(earlier, record: record, layout: layout, head: try log.head()) {
      return .upToDate(summary)
    }
    let networkInput = try NetworkInput(scan, model: model)
    try makeOutputFolder()
    let startRecord = try log.append(event: "started", details: record.details)

    let transaction = try OutputTransaction(root: output, name: input.name)
    let analysis = try analysis(scan, networkInput, input, layout)
    var results = analysis.results
    results.scanner = ScannerFacts(beside: scan.flair.url)
    if let calibrationRefused {
      results.warnings.append("The model's calibration is not used: it \(calibrationRefused.reason).")
      results.rules.reviewOrder += " For the scores of the model's calibration: \(calibrationRefused.wayOut)."
    }
    try control.step(input.name, .writing, 0, 1)
    try analysis.writeImages(to: transaction)
    let encoded = try results.encoded()
    let reportID = Digest.sha256(encoded)
    try transaction.write(encoded, to: layout.results)
    let page = try PatientPage.render(
      results: results, reportID: reportID, auditHead: try log.head(), runTime: startRecord.time,
      images: analysis.images, templates: templates
    ) { done, total in
      try control.step(input.name, .drawing, done, total, "findings")
    }
    try transaction.write(page, to: layout.report)
    try control.step(input.name, .writing, 1, 1)

    var superseded: [String] = []
    var replacedOtherImages = false
    if case .done(_, let inputDigests, let outputs) = earlier {
      superseded = outputs.map(\.path)
      replacedOtherImages = inputDigests != record.inputs.map(\.sha256)
    }
    if FileManager.default.fileExists(atPath: layout.url(layout.report).path) { superseded.append(layout.report) }
    let files = try transaction.commit(superseding: superseded)
    let finished = try log.append(
      event: "finished",
      details: record.finished(
        outputs: files, reportID: reportID, seconds: Date().timeIntervalSince(started), results: results))
    return .done(
      Summary(
        results: results, report: layout.url(layout.report), auditHead: finished.hash,
        replacedOtherImages: replacedOtherImages))
  }

  /// - Throws: ``QualityControlError/interrupted`` also where the computation noticed the wish to stop first.
  private func analysis(
    _ scan: PatientScan, _ networkInput: NetworkInput, _ input: PatientInput, _ layout: OutputLayout
  )
    throws -> PatientAnalysis
  {
    do {
      return try PatientAnalysis(
        scan: scan, networkInput: networkInput, input: input, layout: layout, model: model, settings: settings,
        calibration: calibration, trainingIntensities: trainingIntensities, control: control)
    } catch is CancellationError {
      throw QualityControlError.interrupted
    }
  }

  /// The summary of an earlier run that this one would repeat, nil when the patient must be run.
  ///
  /// - Throws: ``QualityControlError/badOutput(_:)`` when results of the same images but other settings, model or version stand
  ///   there, or when they were altered, and `--overwrite` was not given.
  private func complete(_ state: RunRecord.State, record: RunRecord, layout: OutputLayout, head: String) throws
    -> Summary?
  {
    guard !settings.overwrite, case .done(let runKey, let inputDigests, let outputs) = state else { return nil }
    let report = layout.url(layout.report)
    guard FileManager.default.fileExists(atPath: report.path) else { return nil }
    guard runKey == record.runKey else {
      if inputDigests != record.inputs.map(\.sha256) { return nil }
      throw QualityControlError.badOutput(
        "\(report.path): exists, made with other settings, another model or another version; "
          + "use --overwrite to replace it, or another output folder")
    }
    for output in outputs where (try? Digest.sha256(file: layout.url(output.path))) != output.sha256 {
      throw QualityControlError.badOutput(
        "\(layout.url(output.path).path): altered or removed since the run that wrote it; "
          + "use --overwrite to make it again, or another output folder")
    }
    let bytes = try Data(contentsOf: layout.url(layout.results))
    return Summary(results: try PatientResults.decode(Array(bytes)), report: report, auditHead: head)
  }
}
