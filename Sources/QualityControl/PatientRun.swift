public import Analysis
import Archive
import AuditTrail
import Digests
import ErrorScore
import Files
public import Foundation
import Lesions
public import Reports
public import Results
import Volumes

/// One patient from image files to a report, and the audit trail that says how. The mask is a network's, or that of
/// another tool.
public struct PatientRun {
  public let output: URL
  public let templates: TemplateFolder
  /// Nil for masks of another tool.
  private let model: LoadedModel?
  let calibration: LoadedCalibration?
  /// Why the calibration in the model folder is not used, for every patient's report.
  private let calibrationRefused: Warning?
  /// Nil where the model folder does not say what its training data were like.
  private let trainingIntensities: TrainingIntensities.File?
  private let settings: RunSettings
  private let options: RunOptions
  let control: RunControl

  /// Runs of a network.
  ///
  /// - Throws: an error of `Networks` for a bad model, ``Fault`` for an output folder that cannot
  ///   be written, or an error of `Reports` without templates.
  public init(modelFolder: URL, output: URL, settings: RunSettings, options: RunOptions, control: RunControl) throws {
    templates = try TemplateFolder.locate()
    let model = try LoadedModel(
      folder: modelFolder, threads: options.threads, mirror: settings.mirror, tapping: TappedLayer(settings))
    let found = try LoadedCalibration.find(options.calibration, model: model)
    let calibrated = CalibratedSettings(settings, mirrorAxes: model.mirrorAxes)
    // A file that the user named has to fit; one that merely lies in the model folder is left unused, and that is said.
    if options.calibration == .ofModel,
      let objection = found?.objection(calibrated, samples: try settings.fewestSamples)
    {
      calibration = nil
      calibrationRefused = objection
      control.notify(.calibrationNotUsed(objection))
    } else {
      try found?.require(calibrated, samples: try settings.fewestSamples)
      calibration = found
      calibrationRefused = nil
    }
    self.model = model
    trainingIntensities = try TrainingIntensities.find(in: modelFolder)
    self.output = output
    self.settings = settings
    self.options = options
    self.control = control
    try Self.checkWritable(output)
  }

  /// Reports on masks of another tool: no model, otherwise the files, the report and the audit trail of a run.
  ///
  /// - Parameter settings: candidate rule and reslicing; the rest does not apply.
  /// - Throws: as above.
  public init(output: URL, settings: RunSettings, options: RunOptions, control: RunControl) throws {
    templates = try TemplateFolder.locate()
    (model, calibration, calibrationRefused, trainingIntensities) = (nil, nil, nil, nil)
    self.output = output
    self.settings = settings
    self.options = options
    self.control = control
    try Self.checkWritable(output)
  }

  /// Looks whether the output folder, or the nearest folder above it that exists, can be written, without making
  /// anything.
  private static func checkWritable(_ output: URL) throws {
    var folder = output.standardizedFileURL
    while !FileManager.default.fileExists(atPath: folder.path), folder.path != "/" { folder.deleteLastPathComponent() }
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: folder.path, isDirectory: &isFolder)
    guard isFolder.boolValue else {
      throw Fault(.output, folder.path, found: "is a file", expected: "a folder", remedy: .otherFolder)
    }
    guard access(folder.path, W_OK) == 0 else {
      throw Fault(
        .output, folder.path, found: "cannot be written (\(String(cString: strerror(errno))))", remedy: .otherFolder)
    }
  }

  /// Whether a patient without an MPRAGE cannot be run.
  public var needsMPRAGE: Bool { model.map { $0.channelCount > 1 } ?? false }

  private func makeOutputFolder(_ dataset: URL? = nil) throws {
    do { try DurableFile.makeFolder(output) } catch { throw Fault.unwritable(output, error) }
    try DatasetFiles.write(to: output, dataset: dataset)
  }

  /// Runs one patient unless it is complete already. A fault found before the first computation leaves nothing behind.
  ///
  /// - Parameter files: what another tool made of the scan; nil: the network segments it.
  /// - Throws: ``Fault`` and errors of the targets below, each one line.
  public func single(_ input: PatientInput, files: ExternalFiles? = nil) throws -> CohortRun.Outcome {
    let outcome: CohortRun.Outcome
    do {
      var isBegun = false
      outcome = try run(input, files, &isBegun)
    } catch {
      // What an earlier process finished and did not gather, and what happened here, belong into the tables.
      if OutputLayout.hasTrails(output) { try? writeTables(after: 1) }
      throw error
    }
    try writeTables(after: 1)
    return outcome
  }

  /// Writes the tables and pages over all patients, unless they are left to a later gathering: by the options, or
  /// because few of many were run and the results of all of them would have to be read.
  ///
  /// - Parameter patients: how many were run.
  func writeTables(after patients: Int) throws {
    guard options.writesTables else { return }
    let all = OutputLayout.patientNames(in: output).count
    if all > Self.manyPatients, patients * 10 < all { return control.notify(.tablesLeft(patients: all)) }
    try CohortFiles.write(to: output, templates: templates)
  }

  /// More than these are gathered when asked for (docs/decisions/0082).
  private static let manyPatients = 200

  /// One of many: a fault of the patient's own is noted in its trail and becomes an outcome, so that the others go on.
  func oneOfMany(_ input: PatientInput) throws -> CohortRun.Outcome {
    var isBegun = false
    do { return try run(input, nil, &isBegun) } catch let stop as CancellationError { throw stop } catch {
      // Whoever is at work on the patient says what becomes of it.
      if !isBegun, !(error is OutputInUse) { try recordFailure(name: input.name, error) }
      return .failed(error)
    }
  }

  private var waiting: LockWaiting { LockWaiting(waits: options.waits, control: control) }

  /// Notes a failure in the patient's trail, the reason apart from the files that it is about.
  ///
  /// - Parameter wasSkipped: nothing was begun, because images are missing.
  func recordFailure(name: String, _ error: any Error, wasSkipped: Bool = false) throws {
    guard OutputLayout.isPatientName(name) else { return }
    try makeOutputFolder()
    guard let lock = try? PatientLock(name, in: output, waiting) else { return }
    defer { lock.release() }
    let log = options.attribution.log(name, in: output)
    guard let records = try? log.records() else { return }
    switch TrailState(records) {
    // A complete earlier result stays what it is: the failed attempt is not its state. A damaged trail is left alone.
    case .done, .damaged: return
    default:
      try log.append(
        event: "failed", details: options.attribution.details(FailureReason(error).members(isSkipped: wasSkipped)))
    }
  }

  private func mask(_ files: ExternalFiles?) -> MaskSource {
    guard let mask = files.map(MaskSource.files) ?? model.map(MaskSource.network) else {
      preconditionFailure("a run without a model is given the files of another tool")
    }
    return mask
  }

  private func record(_ inputs: [RunInput], _ mask: MaskSource) -> RunRecord {
    RunRecord(
      inputs: inputs, mask: mask, calibration: calibration, intensities: trainingIntensities, settings: settings,
      options: options)
  }

  /// The record of a run of the network on these files.
  func record(_ inputs: [RunInput]) -> RunRecord { record(inputs, mask(nil)) }

  var overwrites: Bool { options.overwrite }

  /// Bytes of memory that a patient may take beside its volumes: the network while it runs a window, and the maps that
  /// are made together.
  public func memoryBytes() throws -> Int { try (model?.workingBytes() ?? 0) + Explanation.memoryBudgetBytes }

  private func run(_ input: PatientInput, _ files: ExternalFiles?, _ isBegun: inout Bool) throws -> CohortRun.Outcome {
    let mask = mask(files)
    let started = Date()
    let layout = OutputLayout(root: output, input: input)
    let log = options.attribution.log(layout.name, in: output)
    try control.step(input.name, .reading, 0, 1)
    let scan = try PatientScan(
      input, expectsBrainExtracted: mask.expectsBrainExtracted, reslice: settings.reslice, labels: settings.labels)
    if mask.model?.preprocessing != nil { try scan.requireOneVoxelSize() }
    // What another tool made takes no time to read, so that its faults are found before anything is written.
    let early = files == nil ? nil : try analysis(scan, nil, input, mask, layout)
    let record = record(
      (early?.sources ?? scan.sources).map {
        RunInput(role: $0.role, path: $0.url.standardizedFileURL.path, sha256: $0.sha256)
      }, mask)
    try layout.requireFreePlaces()
    let lock = try PatientLock(input.name, in: output, waiting)
    defer { lock.release() }
    try layout.requireOwnTrail()
    let records = try log.records()
    let earlier = try EarlierRun(records, layout: layout, overwrite: options.overwrite)
    try earlier.requireAttested()
    if let results = try earlier.complete(record, results: early?.results) {
      guard records.pageIsBlind == options.isBlind else {
        throw Fault(
          .output, layout.url(layout.report).path,
          found: options.isBlind ? "shows the reference segmentation" : "was drawn without the reference segmentation",
          remedy: .drawBlindness(isBlind: options.isBlind))
      }
      return .upToDate(RunSummary(results: results, report: layout.url(layout.report), auditHead: try log.head()))
    }
    let networkInput = try model.map { try NetworkInput(scan, model: $0) }
    try makeOutputFolder(input.dataset)
    let startRecord = try log.append(event: "started", details: record.details)
    isBegun = true
    do {
      return try finish(
        Begun(startRecord: startRecord, started: started, record: record, earlier: earlier, lock: lock, layout: layout),
        input
      ) { try early ?? analysis(scan, networkInput, input, mask, layout) }
    } catch {
      options.attribution.noteEnd(error, in: log)
      throw error
    }
  }

  /// A run that the patient's trail knows of.
  private struct Begun {
    let startRecord: AuditRecord
    let started: Date
    let record: RunRecord
    let earlier: EarlierRun
    let lock: PatientLock
    let layout: OutputLayout
  }

  /// Computes, draws and writes, and closes the trail.
  private func finish(_ begun: Begun, _ input: PatientInput, _ analyse: () throws -> PatientAnalysis) throws
    -> CohortRun.Outcome
  {
    let (layout, record, startRecord) = (begun.layout, begun.record, begun.startRecord)
    let transaction = try OutputTransaction(root: output, lock: begun.lock)
    let analysis = try analyse()
    var results = analysis.results
    if let calibrationRefused { results.warnings.append(calibrationRefused) }
    try control.step(input.name, .writing, 0, 1)
    try analysis.volumes.write(results, to: transaction, layout)
    try Sidecars(input, layout).write(results, hasProbability: analysis.volumes.probability != nil, to: transaction)
    let encoded = try results.encoded()
    let reportID = Digest.sha256(encoded)
    try transaction.write(encoded, to: layout.results)
    let page = try PatientPage.render(
      results: results, reportID: reportID, auditHead: startRecord.hash,
      run: (startRecord.time, options.attribution.operatorName), images: analysis.images,
      content: PageContent(isBlind: options.isBlind), templates: templates
    ) { done, total in try control.step(input.name, .drawing, done, total, "findings") }
    try transaction.write(page, to: layout.report)
    try control.step(input.name, .writing, 1, 1)
    let replaced = begun.earlier.superseded(by: record)
    let committed = try transaction.commit(superseding: replaced.files, left: layout.leftMaps(besides: replaced.files))
    let finished = try options.attribution.log(layout.name, in: output).append(
      event: "finished",
      details: record.finished(
        outputs: committed, reportID: reportID, seconds: Date().timeIntervalSince(begun.started), results: results))
    return .done(
      RunSummary(
        results: results, report: layout.url(layout.report), auditHead: finished.hash,
        replacedOtherImages: replaced.otherImages))
  }

  private func analysis(
    _ scan: PatientScan, _ networkInput: NetworkInput?, _ input: PatientInput, _ mask: MaskSource,
    _ layout: OutputLayout
  ) throws -> PatientAnalysis {
    try PatientAnalysis(
      scan, of: input, mask: mask, networkInput: networkInput,
      context: AnalysisContext(
        settings: settings, calibration: calibration, trainingIntensities: trainingIntensities, control: control,
        mapFiles: layout.mapFiles))
  }
}
