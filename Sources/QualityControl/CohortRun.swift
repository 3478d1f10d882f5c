public import Analysis
import Archive
public import Foundation
import Reports
import Results

/// Runs patients one after the other; one that fails does not stop the others.
public struct CohortRun {
  /// What became of one patient.
  public enum Outcome: Sendable {
    case done(RunSummary)
    /// Complete from an earlier run with the same inputs, model and settings.
    case upToDate(RunSummary)
    case failed(any Error)
  }

  public let run: PatientRun

  public init(run: PatientRun) { self.run = run }

  /// - Parameter visit: called after each patient, in order.
  /// - Throws: `CancellationError`, or what makes every patient impossible (model, output folder).
  /// - Returns: outcomes by patient, in order.
  public func all(_ entries: [BIDSDataset.Entry], visit: (String, Outcome) -> Void) throws -> [(String, Outcome)] {
    var outcomes: [(String, Outcome)] = []
    for entry in entries {
      let outcome: Outcome
      do { outcome = try one(entry) } catch let stop as CancellationError {
        finishStopped(after: outcomes.count)
        throw stop
      }
      outcomes.append((entry.name, outcome))
      visit(entry.name, outcome)
    }
    try finish(after: outcomes.count)
    return outcomes
  }

  /// Runs one patient and leaves the tables as they are.
  ///
  /// - Throws: `CancellationError`, or what makes every patient impossible.
  public func one(_ entry: BIDSDataset.Entry) throws -> Outcome {
    switch entry.input {
    case .success(let input): return try run.oneOfMany(input)
    case .failure(let error):
      try run.recordFailure(name: entry.name, error, wasSkipped: true)
      return .failed(error)
    }
  }

  /// Notes that the process which ran a patient ended before it could say what became of it.
  public func recordLost(_ name: String, _ error: any Error) throws { try run.recordFailure(name: name, error) }

  /// Writes the tables over all patients, once so many were run and none is any more.
  public func finish(after patients: Int) throws { try run.writeTables(after: patients) }

  /// The same after a cancellation, which is what the user hears of.
  public func finishStopped(after patients: Int) {
    if OutputLayout.hasTrails(run.output) { try? run.writeTables(after: patients) }
  }

  /// The pooled comparison with reference segmentations in one sentence; nil when no patient of the run has one.
  public static func referenceSummary(of outcomes: [Outcome]) -> String? {
    let entries = outcomes.compactMap { outcome -> CohortEntry? in
      switch outcome {
      case .done(let summary), .upToDate(let summary):
        CohortEntry(
          name: summary.results.patient.label, reportFile: nil, state: .done, reason: nil, results: summary.results,
          reportID: nil, auditHead: nil)
      case .failed: nil
      }
    }
    return CohortSummary(entries).referenceInWords
  }

  /// The same of patients whose results lie in the output folder.
  public func referenceSummary(ofStored names: [String]) -> String? {
    Self.referenceSummary(
      of: names.compactMap { name in
        (try? StoredPatient(name, in: run.output)).map {
          .upToDate(RunSummary(results: $0.results, report: $0.layout.url($0.layout.report), auditHead: ""))
        }
      })
  }

  /// Rewrites the cohort pages of an output folder and returns the number of patients.
  public static func gather(output: URL) throws -> Int {
    guard OutputLayout.hasTrails(output) else { throw OutputLayout.withoutTrails(output) }
    try DatasetFiles.write(to: output)
    return try CohortFiles.write(to: output, templates: try TemplateFolder.locate()).count
  }
}
