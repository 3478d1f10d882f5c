import AuditTrail
import Digests
import ErrorScore
import Foundation
import Lesions
import Networks
import Phantoms
import QualityControl
import Reports
import Saliency
import Volumes

/// One place that turns any error of the product into a line and an exit code.
struct ErrorClass {
  let line: String
  let exitCode: Int32

  /// Nil for errors of the argument parser, which have their own text.
  static func classify(_ error: any Error) -> ErrorClass? {
    switch error {
    case let error as QualityControlError: ErrorClass(line: error.description, exitCode: error.exitCode)
    case let error as VolumeError: ErrorClass(line: error.description, exitCode: 3)
    case let error as NetworkError: ErrorClass(line: "\(error)", exitCode: 4)
    case let error as AuditError: ErrorClass(line: error.description, exitCode: 3)
    case let error as DigestError: ErrorClass(line: error.description, exitCode: 3)
    case let error as PhantomError: ErrorClass(line: "\(error)", exitCode: 2)
    case let error as ReportsError: ErrorClass(line: "\(error)", exitCode: 3)
    case let error as LesionsError: ErrorClass(line: error.description, exitCode: 3)
    case let error as SaliencyError: ErrorClass(line: error.description, exitCode: 3)
    case let error as ErrorScoreError: ErrorClass(line: error.description, exitCode: 3)
    case let error as CocoaError: ErrorClass(line: error.localizedDescription, exitCode: 3)
    default: nil
    }
  }
}
