import Archive
import AuditTrail
public import Foundation
import JSON
public import Results

/// What a finished preparation says in one line.
public struct PreparationSummary: Sendable {
  /// Below this fraction of the brain in both images there is a warning.
  static let leastCoverage = 0.95

  public let steps: [PreparationStep]
  /// Done by an earlier process and taken over.
  public let stepsOfBefore: [PreparationStep.Name]
  public let warnings: [Warning]
  /// Of the images.
  public let folder: URL
  public let auditHead: String

  static func steps(in record: AuditRecord) -> [PreparationStep] {
    (record.content["steps"]?.arrayValue ?? []).compactMap(StepRecord.step)
  }

  public var line: String {
    var parts: [String] = []
    if let millilitres = steps.compactMap(\.brainMillilitres).first {
      parts.append("brain \(String(format: "%.0f", millilitres)) ml")
    }
    if let figures = steps.compactMap(\.figures).first { parts.append(figures.line) }
    if !stepsOfBefore.isEmpty {
      parts.append("\(stepsOfBefore.map(\.rawValue).joined(separator: " and ")) taken over from before")
    }
    return (parts + [folder.path, "audit head \(auditHead)"]).joined(separator: "; ")
  }
}

extension RegistrationFigures {
  fileprivate var line: String {
    func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
    let check = forwardBackwardMillimetres.map { "forward and backward within \(text($0, 2)) mm, " } ?? ""
    return
      "registered: \(check)mutual information \(text(informationBefore, 3)) before, \(text(informationAfter, 3)) after"
  }
}
