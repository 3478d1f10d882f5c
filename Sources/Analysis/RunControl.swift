import Foundation
public import Results
import Statistics
import Synchronization

/// Where a patient's run is.
public struct RunProgress: Codable, Sendable {
  public enum Stage: String, Codable, Sendable {
    case reading, segmenting, explaining, mapping, comparing, drawing, writing
    case selfTesting = "self-testing"
    case extracting = "extracting the brain"
    case registering, resampling
    case correcting = "correcting the bias field"
  }

  public let patient: String
  public let stage: Stage
  /// Steps done of `total` within the stage.
  public let done: Int
  public let total: Int
  /// What the stage works on, for example `31 findings`.
  public let subject: String
  /// The finding that was just worked on, `L003`.
  public var finding: String?
}

/// What a user should know before a run goes on.
public enum RunNotice: Sendable {
  /// The maps of a patient will take long.
  case longRun(patient: String, RunEstimate)
  /// The calibration in the model folder does not go with the run.
  case calibrationNotUsed(Warning)
  /// Another process is at work on the patient, and the run goes on when that is done.
  case waiting(patient: String)
  /// The tables and pages over all of these patients are older than what was run.
  case tablesLeft(patients: Int)
}

/// How long the maps of a run will take, for a line to the user before they are begun.
public struct RunEstimate: Sendable {
  /// What could be done about it.
  public enum Advice: Sendable {
    /// Another aggregation takes a gradient for every finding, sample and window only.
    case aggregateBySum
    /// An adaptive number of samples.
    case adaptiveSamples
  }

  /// What will take long: `the saliency maps`.
  public let subject: String
  public let seconds: Double
  /// It may take less.
  public let isUpperBound: Bool
  public let gradients: Int
  public let forwards: Int
  public let secondsPerWindow: Double
  public let advice: Advice?

  /// Minutes up to two hours, then hours.
  public var duration: String {
    seconds < 7200
      ? "\(Int(saturating: (seconds / 60).rounded())) minutes" : String(format: "%.1f hours", seconds / 3600)
  }
}

/// Carries progress out of a run and the cancellation into it.
public final class RunControl: Sendable {
  private let cancelled = Atomic<Bool>(false)
  private let report: @Sendable (RunProgress) -> Void
  package let notify: @Sendable (RunNotice) -> Void

  /// - Parameter notify: receives what a user should know, such as an estimate of a long run.
  public init(
    report: @escaping @Sendable (RunProgress) -> Void = { _ in },
    notify: @escaping @Sendable (RunNotice) -> Void = { _ in }
  ) {
    self.report = report
    self.notify = notify
  }

  /// Asks the run to stop at the next step. May be called from a signal source.
  public func stop() { cancelled.store(true, ordering: .relaxed) }

  public var isStopped: Bool { cancelled.load(ordering: .relaxed) }

  /// - Throws: `CancellationError` after ``stop()``.
  package func step(
    _ patient: String, _ stage: RunProgress.Stage, _ done: Int, _ total: Int, _ subject: String = "",
    finding: String? = nil
  ) throws {
    if isStopped { throw CancellationError() }
    report(RunProgress(patient: patient, stage: stage, done: done, total: total, subject: subject, finding: finding))
  }
}
