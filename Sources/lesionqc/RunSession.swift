import Foundation
import QualityControl

/// What `patient` and `run` do with the product: progress, interruption and the lines at the end.
struct RunSession {
  private let printer: ProgressPrinter
  private let interrupts: InterruptHandler
  private let run: PatientRun
  private let quiet: Bool

  init(model: String, options: RunOptions, output: String) throws {
    let printer = ProgressPrinter(quiet: options.quiet)
    let control = RunControl(report: { printer.show($0) }, warning: { printer.warn($0) })
    self.printer = printer
    quiet = options.quiet
    interrupts = InterruptHandler(control: control)
    run = try PatientRun(
      modelFolder: URL(fileURLWithPath: model), output: URL(fileURLWithPath: output), settings: try options.settings(),
      control: control)
  }

  /// The input of `lesionqc patient`; without an identifier the name comes from the images' digests.
  func input(flair: String, mprage: String, id: String?, truth: String?, brainMask: String?) throws -> PatientInput {
    let flairURL = URL(fileURLWithPath: flair)
    let mprageURL = URL(fileURLWithPath: mprage)
    return PatientInput(
      label: try id.map(PatientInput.label(from:)) ?? PatientRun.digestLabel(flair: flairURL, mprage: mprageURL),
      flair: flairURL, mprage: mprageURL, truth: truth.map { URL(fileURLWithPath: $0) },
      brainMask: brainMask.map { URL(fileURLWithPath: $0) }, synthetic: BIDSDataset.holdsSyntheticImage(flairURL))
  }

  func runOne(_ input: PatientInput) throws {
    defer { printer.clear() }
    print(input.name, try run.single(input))
  }

  func runAll(_ entries: [BIDSDataset.Entry]) throws {
    let outcomes = try all(entries)
    let failed = outcomes.count { if case .failed = $0.1 { true } else { false } }
    if let truth = CohortRun.truthSummary(of: outcomes.map(\.1)) { Swift.print(truth) }
    if failed > 0 { throw QualityControlError.someFailed(count: failed, of: outcomes.count) }
  }

  private func all(_ entries: [BIDSDataset.Entry]) throws -> [(String, CohortRun.Outcome)] {
    defer { printer.clear() }
    return try CohortRun(run: run).all(entries) { name, outcome in print(name, outcome) }
  }

  private func print(_ name: String, _ outcome: CohortRun.Outcome) {
    printer.clear()
    switch outcome {
    case .done(let summary): Swift.print("\(name): \(summary.line)")
    case .upToDate(let summary): Swift.print("\(name): up to date; \(summary.line)")
    case .failed(let reason): FileHandle.standardError.write(Data("lesionqc: \(name): \(reason)\n".utf8))
    }
  }

  /// Gathers the cohort pages of an output folder.
  static func gather(output: String) throws {
    let entries = try PatientRun.gather(output: URL(fileURLWithPath: output))
    Swift.print("\(entries) patients in \(output)/index.html")
  }
}
