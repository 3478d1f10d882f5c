import Archive
import AuditTrail
import Checkpoints
import DICOM
import Digests
import ErrorScore
import Files
import Foundation
import Lesions
import Models
import Networks
import Phantoms
import Programs
import QualityControl
import Registration
import Reports
import Results
import Saliency
import Volumes

/// One place that turns any error of the product into a line and an exit code.
struct ErrorClass {
  let line: String
  let exitCode: Int32

  /// Any error on one line, its ways out as options.
  static func line(of error: any Error) -> String { classify(error)?.line ?? "\(error)" }

  /// Nil for errors of the argument parser, which have their own text.
  static func classify(_ error: any Error) -> ErrorClass? {
    switch error {
    case let fault as Fault: ErrorClass(line: fault.line(\.options), exitCode: fault.subject == .model ? 4 : 3)
    case let end as CommandEnd: ErrorClass(line: end.line, exitCode: end.exitCode)
    case is CancellationError:
      ErrorClass(
        line: "interrupted; nothing half-written was left, run the same command again to continue", exitCode: 130)
    case let error as CheckpointError: ErrorClass(line: error.line(\.options), exitCode: 4)
    case let error as ModelError: ErrorClass(line: error.line(\.options), exitCode: error.isOfOutput ? 3 : 4)
    case is NetworkError: ErrorClass(line: "\(error)", exitCode: 4)
    case is PhantomError: ErrorClass(line: "\(error)", exitCode: 2)
    case let error as OutputInUse:
      ErrorClass(line: "\(error.patient): \(error); wait for it, or leave --no-wait out", exitCode: 9)
    case is FileError, is VolumeError, is AuditError, is DigestError, is ReportsError, is LesionsError,
      is SaliencyError, is ErrorScoreError, is RegistrationError, is ProgramError, is DICOMError:
      ErrorClass(line: "\(error)", exitCode: 3)
    case let error as CocoaError: ErrorClass(line: error.localizedDescription, exitCode: 3)
    default: nil
    }
  }
}

/// How a command ends that did its work, when what it found is no success.
struct CommandEnd: Error {
  let line: String
  let exitCode: Int32

  /// - Throws: ``CommandEnd`` when patients failed, or else when some were left to other processes.
  static func require(failed: Int, inUse: Int, of total: Int) throws {
    if failed > 0 { throw someFailed(count: failed, of: total) }
    if inUse > 0 { throw someInUse(count: inUse, of: total) }
  }

  /// The other patients of the cohort are complete.
  static func someFailed(count: Int, of total: Int) -> CommandEnd {
    CommandEnd(line: "\(count) of \(total) patients failed; the reasons are above and in the audit trail", exitCode: 5)
  }

  /// Reports of some patients could not be drawn; the others are.
  static func notDrawn(_ failures: [any Error], of total: Int) -> CommandEnd {
    let inUse = failures.count { $0 is OutputInUse }
    guard inUse < failures.count else { return someInUse(count: inUse, of: total) }
    return CommandEnd(line: "\(failures.count) of \(total) reports were not drawn; the reasons are above", exitCode: 5)
  }

  /// Other processes are at work on patients, and the command was asked not to wait.
  static func someInUse(count: Int, of total: Int) -> CommandEnd {
    CommandEnd(line: "\(count) of \(total) patients left to the processes that are at work on them", exitCode: 9)
  }

  /// The audit trail does not hold.
  static func auditFailed(findings: Int) -> CommandEnd {
    CommandEnd(line: "audit verification failed: \(findings) finding\(findings == 1 ? "" : "s")", exitCode: 6)
  }

  /// A page holds what must not be shared.
  static func lintFailed(findings: Int) -> CommandEnd {
    CommandEnd(line: "\(findings) finding\(findings == 1 ? "" : "s"); do not share before they are gone", exitCode: 7)
  }

  /// Sanity checks of a model's maps failed.
  static func checksFailed(count: Int, of total: Int) -> CommandEnd {
    CommandEnd(
      line: "\(count) of \(total) sanity checks failed; "
        + "do not rely on this model's maps before you know why (docs/checks.md)", exitCode: 8)
  }
}
