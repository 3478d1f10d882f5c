public import Analysis
package import AuditTrail
import Digests
import Foundation
import Lesions
package import Results
import Saliency
import Software

/// What a patient's run writes into its audit trail.
package struct RunRecord {
  /// Digest over everything that decides the numbers: inputs, model, settings, version.
  package let runKey: String
  package let inputs: [RunInput]
  private let members: [String: AuditValue]

  /// The record of a run that begins.
  package var details: AuditValue { AuditValue(members) }

  /// - Parameters:
  ///   - inputs: every file that was read.
  ///   - mask: the network, or the tool, that made it.
  package init(
    inputs: [RunInput], mask: MaskSource, calibration: LoadedCalibration?, intensities: TrainingIntensities.File?,
    settings: RunSettings, options: RunOptions
  ) {
    self.inputs = inputs
    func named(_ file: (path: String, sha256: String)?) -> AuditValue {
      file.map { ["file": .string($0.path), "sha256": .string($0.sha256)] } ?? .null
    }
    let settingsValue = AuditValue(encoding: settings)
    var lines = inputs.map { "\($0.role) \($0.sha256)" }
    var members: [String: AuditValue] = [
      "inputs": .array(
        inputs.map { ["file": .string($0.path), "role": .string($0.role), "sha256": .string($0.sha256)] }),
      "settings": settingsValue, "threads": .integer(options.threads),
    ]
    var given: [String: AuditValue] = ["overwrite": .bool(options.overwrite)]
    if options.isBlind { given["blind"] = true }
    if case .network = mask { given["calibration"] = .string(options.calibration.name) }
    members.merge(options.attribution.members(options: given)) { own, _ in own }
    switch mask {
    case .network(let model):
      let (calibration, intensities) = (
        calibration.map { ($0.file.standardizedFileURL.path, $0.sha256) },
        intensities.map { ($0.url.standardizedFileURL.path, $0.sha256) }
      )
      lines += [
        "model \(model.modelDigest)", "weights \(model.weightsDigest)", "calibration \(calibration?.1 ?? "none")",
        "intensities \(intensities?.1 ?? "none")",
      ]
      members["model"] = [
        "folder": .string(model.folder.standardizedFileURL.path), "modelSha256": .string(model.modelDigest),
        "weightFiles": .array(model.weightFiles.map { ["file": .string($0.name), "sha256": .string($0.sha256)] }),
        "weightsSha256": .string(model.weightsDigest),
      ]
      members["calibration"] = named(calibration)
      members["intensities"] = named(intensities)
    case .files(let files):
      lines.append("tool \(files.tool ?? "not named")")
      members["external"] = ["tool": AuditValue(files.tool)]
    }
    lines += ["settings \(settings.sortedText)", "version \(Software.version)"]
    runKey = Digest.sha256(utf8: lines.joined(separator: "\n"))
    members["runKey"] = .string(runKey)
    self.members = members
  }

  /// The record of a run that ended well.
  package func finished(outputs: [OutputTransaction.File], reportID: String, seconds: Double, results: PatientResults)
    -> AuditValue
  {
    var members = members
    members["outputs"] = .files(outputs)
    members["reportId"] = .string(reportID)
    members["seconds"] = .number((seconds * 10).rounded() / 10)
    members["warnings"] = AuditValue(encoding: results.warnings)
    members["samples"] = AuditValue(
      Dictionary(
        uniqueKeysWithValues: results.findings.map { finding in
          (finding.id.description, finding.saliency?.samples.map { .integer($0) } ?? .null)
        }))
    members["checks"] = results.checks.map { AuditValue(encoding: $0) }
    if let selfTest = results.selfTest {
      members["selfTest"] = [
        "lesions": AuditValue(encoding: selfTest.lesions), "mimics": AuditValue(encoding: selfTest.mimics),
        "pairs": AuditValue(encoding: selfTest.pairs),
      ]
    }
    return AuditValue(members)
  }
}

/// A file that a run read, as its record names it.
package struct RunInput: Sendable, Equatable {
  package let role: String
  package let path: String
  package let sha256: String

  package init(role: String, path: String, sha256: String) {
    self.role = role
    self.path = path
    self.sha256 = sha256
  }
}

extension RunSettings {
  /// JSON with sorted keys.
  fileprivate var sortedText: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}

extension RunOptions.CalibrationChoice {
  /// What was asked for; the file that was used is named with its digest.
  fileprivate var name: String {
    switch self {
    case .ofModel: "of the model"
    case .file: "a file"
    case .off: "none"
    }
  }
}

extension RunOptions {
  /// Who runs it, and the key that signs its records.
  public var attribution: Attribution {
    get { Attribution(operatorName: operatorName, signingKey: signingKey) }
    set { (operatorName, signingKey) = (newValue.operatorName, newValue.signingKey) }
  }
}
