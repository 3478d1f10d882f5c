import Analysis
import Archive
import Foundation
import QualityControl
import Results

/// What `patient` and `run` do with the product: progress, interruption and the lines at the end.
struct RunSession {
  private let printer: ProgressPrinter
  private let interrupts: InterruptHandler
  private let run: PatientRun
  private let quiet: Bool

  init(model: String, options: RunArguments, labels: MaskLabels?, output: String) throws {
    let printer = ProgressPrinter(quiet: options.quiet)
    let control = RunControl(report: { printer.show($0) }, notify: { printer.warn($0.line) })
    self.printer = printer
    quiet = options.quiet
    interrupts = InterruptHandler(control: control)
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
    print(input.name, try run.single(input))
  }

  func runAll(_ entries: [BIDSDataset.Entry]) throws {
    let outcomes = try all(entries)
    let inUse = outcomes.count { if case .failed(let error) = $0.1 { error is OutputInUse } else { false } }
    let failed = outcomes.count { if case .failed = $0.1 { true } else { false } } - inUse
    if let comparison = CohortRun.referenceSummary(of: outcomes.map(\.1)) { Swift.print(comparison) }
    if failed > 0 { throw CommandEnd.someFailed(count: failed, of: outcomes.count) }
    if inUse > 0 { throw CommandEnd.someInUse(count: inUse, of: outcomes.count) }
  }

  private func all(_ entries: [BIDSDataset.Entry]) throws -> [(String, CohortRun.Outcome)] {
    defer { printer.clear() }
    return try CohortRun(run: run).all(entries) { name, outcome in print(name, outcome) }
  }

  /// One line each to the standard error.
  func tell(_ lines: [String]) {
    printer.clear()
    for line in lines { FileHandle.standardError.write(Data("lesionqc: \(line)\n".utf8)) }
  }

  private func print(_ name: String, _ outcome: CohortRun.Outcome) {
    printer.clear()
    switch outcome {
    case .done(let summary):
      printer.warn(summary.results.warnings, of: name)
      Swift.print("\(name): \(summary.line)")
    case .upToDate(let summary):
      printer.warn(summary.results.warnings, of: name)
      Swift.print("\(name): up to date; \(summary.line)")
    case .failed(let error): tell(["\(name): \(ErrorClass.line(of: error))"])
    }
  }
}

extension RunNotice {
  /// One line for the terminal, with the flags that would help.
  var line: String {
    switch self {
    case .calibrationNotUsed(let warning):
      return "calibration.json: not used, the order is uncalibrated: it \(warning.refusal); \(warning.remedyByFlag)"
    case .waiting(let patient):
      return "\(patient): another process is at work on it; waiting until that is done (--no-wait leaves instead)"
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
