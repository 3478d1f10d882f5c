public import Analysis
import Files
package import Foundation

/// What a command does when another process is at work on the same patient.
public struct LockWaiting: Sendable {
  let waits: Bool
  let control: RunControl

  /// - Parameters:
  ///   - waits: until the other process is done; otherwise ``OutputInUse`` is thrown.
  ///   - control: is told once that the command waits, and may stop it.
  public init(waits: Bool = true, control: RunControl = RunControl()) {
    self.waits = waits
    self.control = control
  }
}

/// Another process is at work on a patient, and the command was asked not to wait.
public struct OutputInUse: Error, Sendable, Equatable, CustomStringConvertible {
  public let patient: String

  public var description: String { "another process is at work on \(patient)" }
}

/// The right to change one patient of an output folder, which one process has at a time.
///
/// Whoever has it removes what processes left that ended while they were writing the patient's files.
package final class PatientLock {
  package let name: String
  private let root: URL
  private let lock: FileLock

  /// Waits for the process that is at work on the patient.
  ///
  /// - Throws: ``OutputInUse`` when it may not wait, `CancellationError` when it is stopped while waiting, `FileError`.
  package init(_ name: String, in root: URL, _ waiting: LockWaiting) throws {
    self.name = name
    self.root = root
    let url = OutputLayout.lock(of: name, in: root)
    // Asking whether a lock is held takes it for a moment, so that one refusal means nothing yet.
    var patience = 5
    var isTold = false
    while true {
      if waiting.control.isStopped { throw CancellationError() }
      if let lock = try FileLock.attempt(url) {
        self.lock = lock
        break
      }
      patience -= 1
      if patience < 0 {
        guard waiting.waits else { throw OutputInUse(patient: name) }
        if !isTold { waiting.control.notify(.waiting(patient: name)) }
        isTold = true
      }
      usleep(patience < 0 ? 100_000 : 10_000)
    }
    removeUnfinished()
  }

  package func release() { lock.release() }

  /// Whether a process is at work on a patient now.
  package static func isHeld(_ name: String, in root: URL) -> Bool {
    FileLock.isHeld(OutputLayout.lock(of: name, in: root))
  }

  /// The folders in which the patient's files are written before they are moved into place.
  private func removeUnfinished() {
    for entry in (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    where OutputTransaction.isStaging(entry, of: name) {
      try? FileManager.default.removeItem(at: root.appendingPathComponent(entry))
    }
  }
}

/// The right to write the tables and pages over all patients, and the files that make a folder a data set. It is held
/// for as long as they are written, so that everybody waits for it.
enum CohortLock {
  static func with<Result>(_ root: URL, _ body: () throws -> Result) throws -> Result {
    let url = OutputLayout.auditFolder(in: root).appendingPathComponent(".cohort.lock")
    var taken = try FileLock.attempt(url)
    while taken == nil {
      usleep(20_000)
      taken = try FileLock.attempt(url)
    }
    defer { taken?.release() }
    // Nobody else writes there while the lock is held, so that what is unfinished is nobody's any more.
    DurableFile.removeUnfinished(in: root) { !$0.hasSuffix(".pdf") }
    return try body()
  }
}
