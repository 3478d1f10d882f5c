public import Analysis
import Archive
import AuditTrail
import Digests
import Files
public import Foundation
import JSON
import Reports
import Results
import Software
import Volumes

/// One patient from raw images to prepared ones, and the audit trail that says how.
public struct PatientPreparation: Sendable {
  public let output: URL
  /// The data set that the images lie in; nil for images that are given one by one.
  let raw: URL?
  let settings: PreparationSettings
  let options: PreparationOptions
  let control: RunControl
  private let templates: TemplateFolder

  /// - Throws: an error of `Reports` without templates.
  public init(output: URL, raw: URL?, settings: PreparationSettings, options: PreparationOptions, control: RunControl)
    throws
  {
    templates = try TemplateFolder.locate()
    self.output = output.standardizedFileURL
    self.raw = raw?.standardizedFileURL
    self.settings = settings
    self.options = options
    self.control = control
  }

  /// What became of one patient.
  public enum Outcome: Sendable {
    case done(PreparationSummary)
    /// Complete from an earlier preparation with the same images and settings.
    case upToDate(PreparationSummary)
    case failed(any Error)
  }

  /// Prepares one patient unless that is done already.
  ///
  /// - Throws: ``Fault`` and errors of the targets below, each one line.
  public func single(_ input: PatientInput) throws -> Outcome {
    let scan = try RawScan(input, raw: raw)
    let layout = PreparedLayout(root: output, input: input, stem: scan.flairStem, t1Stem: scan.t1Stem)
    let kind = DatasetFiles.Kind.prepared(
      synthetic: input.synthetic, raw: raw.map { DatasetDescription.relativePath(to: $0, from: output) })
    try kind.requireFree(output)
    try layout.output.requireFreePlaces()
    try BrainStep.check(scan, settings.brain, patient: input.name)
    try RegistrationStep.check(settings.registration)
    let bias = try settings.bias.map(BiasCorrection.init)
    let lock = try PatientLock(input.name, in: output, LockWaiting(waits: options.waits, control: control))
    defer { lock.release() }
    try layout.output.requireOwnTrail()
    let log = options.attribution.log(input.name, in: output)
    let records = try log.records()
    let run = PreparationRecord(scan: scan, settings: settings, link: kind.link)
    let earlier = try EarlierPreparation(records, layout: layout, overwrite: options.overwrite)
    if let summary = try earlier.complete(run) { return .upToDate(summary) }
    try DatasetFiles.write(to: output, kind: kind)
    let started = Date()
    try log.append(event: "started", details: run.details(options))
    let work = PreparationWork(
      layout: layout, lock: lock, log: log, attribution: options.attribution, control: control, records: records,
      limitSeconds: settings.limitSeconds)
    let patient = PatientIdentity(label: input.label, session: input.session, synthetic: input.synthetic)
    do { return .done(try finish(work, scan, patient, bias, run, earlier, started)) } catch {
      options.attribution.noteEnd(error, in: log, [PreparationRecord.mark: .bool(true)])
      throw error
    }
  }

  private func finish(
    _ work: PreparationWork, _ scan: RawScan, _ patient: PatientIdentity, _ bias: BiasCorrection?,
    _ run: PreparationRecord, _ earlier: EarlierPreparation, _ started: Date
  ) throws -> PreparationSummary {
    let brain = try BrainStep(scan: scan, brain: settings.brain, work: work)()
    let registration = try RegistrationStep(scan: scan, brain: brain, registration: settings.registration, work: work)()
    let images = try ImagesStep(
      scan: scan, brain: brain, registration: registration, bias: bias, patient: patient, templates: templates,
      work: work)(superseding: earlier.superseded)
    // Of a registration that was refused before.
    unlink(output.appendingPathComponent(work.layout.refusedPicture).path)
    let done = [brain.done, registration.done, images.done]
    let steps = [images.bias].compactMap { $0 } + done.map(\.step)
    var warnings = scan.warnings + brain.warnings
    if let overlap = registration.done.step.figures?.overlap, overlap < PreparationSummary.leastCoverage {
      warnings.append(Warning(.mpragePartlyCovers, images: ["MPRAGE"], ["coverage": .number(overlap)]))
    }
    let record = try work.log.append(
      event: "finished",
      details: options.attribution.details(
        run.finished(outputs: done.flatMap(\.files), steps: steps, seconds: Date().timeIntervalSince(started))))
    return PreparationSummary(
      steps: steps, stepsOfBefore: done.filter(\.isOfBefore).map(\.step.name), warnings: warnings,
      folder: output.appendingPathComponent(work.layout.output.folder), auditHead: record.hash)
  }

  /// One of many: a fault of the patient's own becomes an outcome, so that the others go on.
  ///
  /// - Throws: `CancellationError`.
  public func oneOfMany(_ entry: BIDSDataset.Entry) throws -> Outcome {
    do { return try single(try entry.input.get()) } catch let stop as CancellationError { throw stop } catch {
      return .failed(error)
    }
  }
}
