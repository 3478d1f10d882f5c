import Analysis
import Archive
import Foundation
import QualityControl
import Results

/// What `patient` and `run` do with the product: progress, interruption and the lines at the end.
struct RunSession {
  let printer: ProgressPrinter
  let control: RunControl
  let run: PatientRun
  private let interrupts: InterruptHandler?

  /// - Parameter isWorker: another process tells this one what to do, and hears what becomes of it.
  init(model: String, options: RunArguments, labels: MaskLabels?, output: String, isWorker: Bool = false) throws {
    let printer = ProgressPrinter(quiet: options.quiet)
    let throttle = ProgressThrottle()
    let control =
      isWorker
      ? RunControl(
        report: { if throttle.passes($0) { WorkerQueue.tell(.progress($0)) } },
        notify: { if $0.isOfPatient { WorkerQueue.tell(.notice($0.line)) } })
      : RunControl(report: { printer.show($0) }, notify: { printer.warn($0.line) })
    self.printer = printer
    self.control = control
    if isWorker { InterruptHandler.leaveToParent() }
    interrupts = isWorker ? nil : InterruptHandler(control: control)
    var settings = try options.settings()
    settings.labels = labels
    var runOptions = options.runOptions
    runOptions.attribution = try options.record.attribution(for: output)
    run = try PatientRun(
      modelFolder: URL(fileURLWithPath: model), output: URL(fileURLWithPath: output), settings: settings,
      options: runOptions, control: control)
  }

  /// The input of `lesionqc patient`; without an identifier the name comes from the images' digests.
  func input(flair: String, mprage: String?, id: String?, reference: String?, brainMask: String?) throws -> PatientInput
  {
    let flairURL = URL(fileURLWithPath: flair)
    let mprageURL = mprage.map { URL(fileURLWithPath: $0) }
    return PatientInput(
      label: try id.map(PatientInput.label(from:)) ?? PatientRun.digestLabel(flair: flairURL, mprage: mprageURL),
      flair: flairURL, mprage: mprageURL, reference: reference.map { URL(fileURLWithPath: $0) },
      brainMask: brainMask.map { URL(fileURLWithPath: $0) }, synthetic: BIDSDataset.holdsSyntheticImage(flairURL))
  }

  var needsMPRAGE: Bool { run.needsMPRAGE }

  func runOne(_ input: PatientInput) throws {
    defer { printer.clear() }
    show(PatientEnding(input.name, try run.single(input)))
  }

  /// One patient after the other.
  func runAll(_ entries: [BIDSDataset.Entry]) throws {
    var endings: [PatientEnding] = []
    defer { printer.clear() }
    printer.expect(patients: entries.count)
    let outcomes = try CohortRun(run: run).all(entries) { name, outcome in
      printer.ended(name)
      endings.append(PatientEnding(name, outcome))
      show(endings[endings.count - 1])
    }
    try conclude(endings, comparison: CohortRun.referenceSummary(of: outcomes.map(\.1)))
  }

  /// What is said at the end of all patients.
  ///
  /// - Parameter comparison: with reference segmentations, in words.
  /// - Throws: ``CommandEnd`` when a patient failed or was left to another process.
  func conclude(_ endings: [PatientEnding], comparison: String?) throws {
    printer.clear()
    let failed = endings.filter { $0.kind == .failed }
    let inUse = endings.count { $0.kind == .inUse }
    if let comparison { print(comparison) }
    // Said when it happened, too; among thousands nobody finds that again.
    if endings.count > 1 { tell(failed.map { "failed: \($0.patient): \($0.line)" }) }
    try CommandEnd.require(failed: failed.count, inUse: inUse, of: endings.count)
  }

  /// One line each to the standard error.
  func tell(_ lines: [String]) { printer.tell(lines) }

  func show(_ ending: PatientEnding) {
    printer.clear()
    switch ending.kind {
    case .done:
      printer.warn(ending.warnings, of: ending.patient)
      print("\(ending.patient): \(ending.line)")
      // A log, or a program that reads this, hears of it now.
      fflush(nil)
    case .failed, .inUse: tell(["\(ending.patient): \(ending.line)"])
    case .stopped: break
    }
  }
}

extension PatientEnding {
  init(_ name: String, _ outcome: CohortRun.Outcome) {
    switch outcome {
    case .done(let summary), .upToDate(let summary):
      var prefix = ""
      if case .upToDate = outcome { prefix = "up to date; " }
      self.init(
        patient: name, kind: .done, line: prefix + summary.line,
        warnings: ProgressPrinter.lines(summary.results.warnings))
    case .failed(let error):
      self.init(patient: name, kind: error is OutputInUse ? .inUse : .failed, line: ErrorClass.line(of: error))
    }
  }
}

extension RunNotice {
  /// Every process of a run says the others, too.
  fileprivate var isOfPatient: Bool { if case .calibrationNotUsed = self { false } else { true } }

  /// One line for the terminal, with the flags that would help.
  var line: String {
    switch self {
    case .calibrationNotUsed(let warning):
      return "calibration.json: not used, the order is uncalibrated: it \(warning.refusal); \(warning.remedyByFlag)"
    case .waiting(let patient):
      return "\(patient): another process is at work on it; waiting until that is done (--no-wait leaves instead)"
    case .tablesLeft(let patients):
      return "the tables and the page of all \(patients) patients were left as they are: "
        + "'run BIDS_DIR OUTPUT_DIR group' writes them"
    case .longRun(let patient, let estimate):
      var line =
        "\(patient): \(estimate.subject) will take \(estimate.isUpperBound ? "at most about" : "about") "
        + "\(estimate.duration): "
        + "\(estimate.gradients) gradients and \(estimate.forwards) forward passes of one window at "
        + "\(String(format: "%.2f", estimate.secondsPerWindow)) s"
      switch estimate.advice {
      case .aggregateBySum:
        line +=
          "; signed-max takes a gradient for every voxel of every finding and noise sample, each 0.25 to 1.6 "
          + "forward passes; " + "--aggregation sum takes one for every finding, sample and window"
      case .adaptiveSamples: line += "; --samples auto ends when the peaks are known"
      case nil: break
      }
      return line
    }
  }
}

extension Warning {
  /// Of a calibration that is not used.
  fileprivate var remedyByFlag: String {
    if case .number(let samples)? = values["calibratedSamples"] {
      "use --samples \(String(format: "%.0f", samples)) or more"
    } else {
      remedy
    }
  }
}
