import Analysis
import Archive
import AuditTrail
import Digests
import Foundation
import JSON
import Results
import Software

/// What the steps of one patient share: the folder, the lock and the trail.
///
/// Every step commits its files together and says so in the trail afterwards. A step that the trail says is done, with
/// the same key and files as it left them, is not done again.
struct PreparationWork {
  let layout: PreparedLayout
  let lock: PatientLock
  let log: AuditLog
  let attribution: Attribution
  let control: RunControl
  /// Of the trail before this preparation began.
  let records: [AuditRecord]
  let limitSeconds: Double

  var root: URL { layout.output.root }
  var patient: String { layout.output.name }

  /// A step that is done.
  struct Done {
    let step: PreparationStep
    let files: [OutputTransaction.File]
    /// By an earlier process.
    let isOfBefore: Bool

    func sha256(of path: String) -> String {
      guard let file = files.first(where: { $0.path == path }) else { preconditionFailure("a step has its files") }
      return file.sha256
    }
  }

  /// The digest over what decides a step's output.
  static func key(_ step: PreparationStep) -> String {
    let lines =
      ["\(step.name.rawValue)", "tool \(step.tool) \(step.version ?? "") \(step.programSHA256 ?? "")"]
      + step.parameters.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      + step.inputs.map { "\($0.role) \($0.sha256)" }
    return Digest.sha256(utf8: lines.joined(separator: "\n"))
  }

  /// The same step as an earlier process finished it; nil where it has to be done.
  ///
  /// - Parameter paths: of its files.
  func before(_ step: PreparationStep, paths: [String]) -> Done? {
    let key = Self.key(step)
    guard let record = records.last(where: { $0.event == StepRecord.event && $0.content["key"]?.stringValue == key }),
      let files = try? record.outputs(), files.map(\.path) == paths, files.allSatisfy({ $0.isUnaltered(in: root) }),
      let noted = record.content["step"].flatMap(StepRecord.step)
    else { return nil }
    return Done(step: noted, files: files, isOfBefore: true)
  }

  /// Moves a step's files into place and notes it.
  func finish(
    _ step: PreparationStep, _ transaction: OutputTransaction, superseding superseded: [OutputTransaction.File] = []
  ) throws -> Done {
    let files = try transaction.commit(superseding: superseded)
    try log.append(
      event: StepRecord.event,
      details: attribution.details(StepRecord.members(step, key: Self.key(step), outputs: files)))
    return Done(step: step, files: files, isOfBefore: false)
  }

  func transaction(_ what: String) throws -> OutputTransaction {
    try OutputTransaction(root: root, lock: lock, what: what)
  }
}

extension OutputTransaction.File {
  func isUnaltered(in root: URL) -> Bool { (try? Digest.sha256(file: root.appendingPathComponent(path))) == sha256 }
}

/// How a step stands in a patient's trail.
enum StepRecord {
  static let event = "prepared"

  static func members(_ step: PreparationStep, key: String, outputs: [OutputTransaction.File]) -> [String: AuditValue] {
    ["key": .string(key), "outputs": .files(outputs), "step": AuditValue(encoding: step)]
  }

  /// Nil for a value that is none.
  static func step(_ value: AuditValue) -> PreparationStep? {
    try? JSONParser.decode(PreparationStep.self, from: Array(value.canonicalText.utf8))
  }
}
