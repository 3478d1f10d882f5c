import AuditTrail
import ErrorScore
import Lesions
import Networks
import Volumes

/// What stops a run; the description is one line that names the file, the fault and the way out.
public enum QualityControlError: Error, CustomStringConvertible {
  /// The images, masks or folders that the user gave.
  case badInput(String)
  /// The model folder.
  case badModel(String)
  /// The output folder.
  case badOutput(String)
  /// Some patients of a cohort failed; the others are complete.
  case someFailed(count: Int, of: Int)
  /// The audit trail does not hold.
  case auditFailed(findings: Int)
  /// A page holds what must not be shared.
  case lintFailed(findings: Int)
  /// Trust checks of a model's maps failed.
  case checksFailed(count: Int, of: Int)
  /// The user asked to stop.
  case interrupted

  public var description: String {
    switch self {
    case .badInput(let text), .badModel(let text), .badOutput(let text): text
    case .someFailed(let count, let total):
      "\(count) of \(total) patients failed; the reasons are above and in the audit trail"
    case .auditFailed(let findings): "audit verification failed: \(findings) finding\(findings == 1 ? "" : "s")"
    case .lintFailed(let findings): "\(findings) finding\(findings == 1 ? "" : "s"); do not share before they are gone"
    case .checksFailed(let count, let total):
      "\(count) of \(total) trust checks failed; do not rely on this model's maps before you know why (docs/checks.md)"
    case .interrupted: "interrupted; nothing half-written was left, run the same command again to continue"
    }
  }

  /// Exit code of the command line: 3 bad input or output folder, 4 bad model, 5 some patients failed, 6 audit, 7 lint, 8 checks, 130
  /// interrupted.
  public var exitCode: Int32 {
    switch self {
    case .badInput, .badOutput: 3
    case .badModel: 4
    case .someFailed: 5
    case .auditFailed: 6
    case .lintFailed: 7
    case .checksFailed: 8
    case .interrupted: 130
    }
  }
}
