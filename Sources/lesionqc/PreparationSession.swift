import Analysis
import Archive
import Foundation
import Preparation
import Results

/// What commands do that prepare images: progress, interruption and the lines at the end.
struct PreparationSession {
  private let printer: ProgressPrinter
  private let interrupts: InterruptHandler
  private let preparation: PatientPreparation

  init(output: String, raw: String?, settings: PreparationSettings, options: PreparationOptions, quiet: Bool) throws {
    let printer = ProgressPrinter(quiet: quiet)
    let control = RunControl(report: { printer.show($0) }, notify: { printer.warn($0.line) })
    self.printer = printer
    interrupts = InterruptHandler(control: control)
    preparation = try PatientPreparation(
      output: URL(fileURLWithPath: output), raw: raw.map { URL(fileURLWithPath: $0) }, settings: settings,
      options: options, control: control)
  }

  func runOne(_ input: PatientInput) throws {
    defer { printer.clear() }
    print(input.name, try preparation.single(input))
  }

  func runAll(_ entries: [BIDSDataset.Entry]) throws {
    defer { printer.clear() }
    var failures: [any Error] = []
    for entry in entries {
      let outcome = try preparation.oneOfMany(entry)
      if case .failed(let error) = outcome { failures.append(error) }
      print(entry.name, outcome)
    }
    let inUse = failures.count { $0 is OutputInUse }
    try CommandEnd.require(failed: failures.count - inUse, inUse: inUse, of: entries.count)
  }

  /// One line each to the standard error.
  func tell(_ lines: [String]) { printer.tell(lines) }

  private func print(_ name: String, _ outcome: PatientPreparation.Outcome) {
    printer.clear()
    switch outcome {
    case .done(let summary):
      printer.warn(summary.warnings, of: name)
      Swift.print("\(name): \(summary.line)")
    case .upToDate(let summary): Swift.print("\(name): up to date; \(summary.line)")
    case .failed(let error): tell(["\(name): \(ErrorClass.line(of: error))"])
    }
  }
}
