import Synchronization

/// Where a patient's run is.
public struct RunProgress: Sendable {
  public enum Stage: String, Sendable {
    case reading, segmenting, explaining, mapping, comparing, drawing, writing
    case selfTesting = "self-testing"
  }

  public let patient: String
  public let stage: Stage
  /// Steps done of `total` within the stage.
  public let done: Int
  public let total: Int
  /// What the stage works on, for example `31 findings`.
  public let subject: String
}

/// Carries progress out of a run and the wish to stop into it.
public final class RunControl: Sendable {
  private let stopped = Atomic<Bool>(false)
  private let report: @Sendable (RunProgress) -> Void
  private let warning: @Sendable (String) -> Void

  /// - Parameter warning: receives lines for people, such as an estimate of a long run.
  public init(
    report: @escaping @Sendable (RunProgress) -> Void = { _ in },
    warning: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.report = report
    self.warning = warning
  }

  func warn(_ patient: String, _ text: String) { warning("\(patient): \(text)") }

  /// Asks the run to stop at the next step. May be called from a signal source.
  public func stop() { stopped.store(true, ordering: .relaxed) }

  public var isStopped: Bool { stopped.load(ordering: .relaxed) }

  /// - Throws: ``QualityControlError/interrupted`` after ``stop()``.
  func step(_ patient: String, _ stage: RunProgress.Stage, _ done: Int, _ total: Int, _ subject: String = "") throws {
    if isStopped { throw QualityControlError.interrupted }
    report(RunProgress(patient: patient, stage: stage, done: done, total: total, subject: subject))
  }
}
