package import AuditTrail
public import Digests
import Files
package import Foundation
import Software

/// Who does something, and with which key the record of it is signed: what every command that leaves a record is told.
public struct Attribution: Sendable {
  /// Nil where nobody was named.
  public let operatorName: String?
  /// Nil: records are not signed.
  public let signingKey: SigningKey?

  public init(operatorName: String?, signingKey: SigningKey?) {
    self.operatorName = operatorName
    self.signingKey = signingKey
  }

  /// Why a text is no name to print and to record; nil where it is one.
  public static func problem(ofOperator name: String) -> String? {
    if name.allSatisfy(\.isWhitespace) { return "is empty" }
    if name.count > longestName { return "is longer than \(longestName) characters" }
    // Among them those that turn the direction of what follows them.
    let unprintable: Set<Unicode.GeneralCategory> = [.control, .format, .lineSeparator, .paragraphSeparator]
    return name.unicodeScalars.contains { unprintable.contains($0.properties.generalCategory) }
      ? "holds characters that cannot be printed" : nil
  }

  /// As long as a reader's name may be.
  private static let longestName = 80

  /// Nobody is named and nothing signed.
  public static let unnamed = Attribution(operatorName: nil, signingKey: nil)

  /// The same key, and nobody named.
  public var unnamed: Attribution { Attribution(operatorName: nil, signingKey: signingKey) }

  /// What every record says beside what was done: who, with which build, and the options by name.
  ///
  /// - Parameter options: no folder among them; files are named with their digests elsewhere in the record.
  package func members(options: [String: AuditValue]) -> [String: AuditValue] {
    ["operator": AuditValue(operatorName), "options": AuditValue(options), "software": .software]
  }

  /// A record of what was done.
  package func details(_ done: [String: AuditValue], options: [String: AuditValue]) -> AuditValue {
    AuditValue(done.merging(members(options: options)) { done, _ in done })
  }

  /// A record of something that has no options of its own, such as the end of a run.
  package func details(_ done: [String: AuditValue] = [:]) -> AuditValue {
    AuditValue(done.merging(["operator": AuditValue(operatorName), "software": .software]) { done, _ in done })
  }

  /// Notes in a patient's trail that what it says was started ended early, and why; an error of the trail itself is
  /// left, since the first one is the reason.
  ///
  /// - Parameter members: of the record, beside the reason.
  package func noteEnd(_ error: any Error, in log: AuditLog, _ members: [String: AuditValue] = [:]) {
    let isStopped = error is CancellationError
    let reason = isStopped ? [:] : FailureReason(error).members()
    _ = try? log.append(
      event: isStopped ? "interrupted" : "failed", details: details(reason.merging(members) { reason, _ in reason }))
  }

  /// The trail of a patient or of the cohort, for appending.
  package func log(_ name: String, in root: URL) -> AuditLog {
    AuditLog(url: OutputLayout.auditTrail(of: name, in: root), signingKey: signingKey)
  }
}

/// The program that is running, told from every other build of the same version.
enum Build {
  /// SHA-256 of the executable file, as `sha256sum` gives it; nil where the system does not show the file.
  static let sha256: String? = try? Digest.sha256(file: URL(fileURLWithPath: "/proc/self/exe"))
}

extension AuditValue {
  /// Name, version and build of this program, and the versions of what it is built on.
  static var software: AuditValue {
    [
      "build": AuditValue(Build.sha256),
      "dependencies": AuditValue(
        Dictionary(uniqueKeysWithValues: Software.dependencies.map { ($0.name, .string($0.version)) })),
      "name": .string(Software.name), "version": .string(Software.version),
    ]
  }

  /// Any value as it is written as JSON; null for one that cannot be.
  package init(encoding value: some Encodable) {
    let encoder = JSONEncoder()
    // In one order, so that equal values are equal.
    encoder.outputFormatting = [.sortedKeys]
    self =
      (try? encoder.encode(value)).flatMap { data in try? [UInt8](data).withUnsafeBytes { try JSONParser.parse($0) } }
      ?? .null
  }

  /// Files as an audit record names them.
  package static func files(_ outputs: [OutputTransaction.File]) -> AuditValue {
    .array(outputs.map { ["bytes": .integer($0.byteCount), "file": .string($0.path), "sha256": .string($0.sha256)] })
  }
}
