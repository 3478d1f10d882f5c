import AuditTrail
import Digests
import Foundation
import Reports
import Results

/// What a patient's run writes into its audit trail, and what it reads back from it.
struct RunRecord {
  /// Digest over everything that decides the numbers: inputs, model, settings, version.
  let runKey: String
  let inputs: [(role: String, path: String, sha256: String)]
  let details: AuditValue

  init(
    inputs: [(role: String, path: String, sha256: String)],
    model: (path: String, modelDigest: String, weightsDigest: String, weightFiles: [(name: String, sha256: String)]),
    calibration: (path: String, sha256: String)?, intensities: (path: String, sha256: String)?, settings: RunSettings
  ) {
    self.inputs = inputs
    var decisive: [String: AuditValue] = [
      "aggregation": .string(settings.aggregation.rawValue), "candidateThreshold": .number(settings.candidateThreshold),
      "controls": .bool(settings.controls),
      "maximumCandidates": .integer(Int64(settings.maximumCandidates)), "method": .string(settings.method.rawValue),
      "mirror": .bool(settings.mirror),
      "noiseFraction": .number(settings.noiseFraction), "reslice": .bool(settings.reslice),
      "samples": .integer(Int64(settings.samples)), "saveMaps": .bool(settings.saveMaps),
      "seed": .unsigned(settings.seed), "target": .string(settings.target.rawValue),
    ]
    if let relativeError = settings.relativeError { decisive["relativeError"] = .number(relativeError) }
    if let layer = settings.layer { decisive["layer"] = .string(layer) }
    if settings.selfTest { decisive["selfTest"] = .bool(true) }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let encoded = try? encoder.encode(AuditValue.object(decisive))
    let settingsText = encoded.map { String(decoding: $0, as: UTF8.self) } ?? ""
    let lines =
      inputs.map { "\($0.role) \($0.sha256)" }
      + [
        "model \(model.modelDigest)", "weights \(model.weightsDigest)",
        "calibration \(calibration?.sha256 ?? "none")",
        "intensities \(intensities?.sha256 ?? "none")", "settings \(settingsText)",
        "version \(Product.version)",
      ]
    runKey = Digest.sha256(utf8: lines.joined(separator: "\n"))
    func named(_ file: (path: String, sha256: String)?) -> AuditValue {
      file.map { ["file": .string($0.path), "sha256": .string($0.sha256)] } ?? .null
    }
    details = [
      "calibration": named(calibration),
      "inputs": .array(
        inputs.map { ["file": .string($0.path), "role": .string($0.role), "sha256": .string($0.sha256)] }),
      "intensities": named(intensities),
      "model": [
        "folder": .string(model.path), "modelSha256": .string(model.modelDigest),
        "weightFiles": .array(model.weightFiles.map { ["file": .string($0.name), "sha256": .string($0.sha256)] }),
        "weightsSha256": .string(model.weightsDigest),
      ],
      "operator": settings.operatorName.map { .string($0) } ?? .null,
      "runKey": .string(runKey),
      "settings": .object(decisive),
      "software": ["name": .string(Product.name), "version": .string(Product.version)],
      "threads": .integer(Int64(settings.threads)),
    ]
  }

  /// What became of a patient according to its trail.
  enum State: Equatable {
    case never
    case done(runKey: String, inputDigests: [String], outputs: [OutputTransaction.File])
    case failed(reason: String)
    /// Not begun, because images were missing in the data set.
    case skipped(reason: String)
    /// Started and never finished: killed, interrupted or still at work.
    case unfinished
  }

  static func state(of records: [AuditRecord]) -> State {
    guard let last = records.last(where: { ["started", "finished", "failed", "interrupted"].contains($0.event) }) else {
      return .never
    }
    switch last.event {
    case "finished":
      let details = content(last)
      return .done(
        runKey: details["runKey"]?.stringValue ?? "",
        inputDigests: (details["inputs"]?.arrayValue ?? []).compactMap { $0["sha256"]?.stringValue },
        outputs: vouchedOutputs(records))
    case "failed":
      let reason = content(last)["reason"]?.stringValue ?? "unknown"
      if case .bool(true)? = content(last)["skipped"] { return .skipped(reason: reason) }
      return .failed(reason: reason)
    default: return .unfinished
    }
  }

  static func outputs(of record: AuditRecord) -> [OutputTransaction.File] {
    (content(record)["outputs"]?.arrayValue ?? []).compactMap { value in
      guard let path = value["file"]?.stringValue, let digest = value["sha256"]?.stringValue,
        case .integer(let bytes)? = value["bytes"]
      else { return nil }
      return OutputTransaction.File(path: path, sha256: digest, byteCount: Int(bytes))
    }
  }

  /// The files that a trail vouches for: those of the last finished run, replaced or joined by what was rendered again and
  /// reviewed since.
  static func vouchedOutputs(_ records: [AuditRecord]) -> [OutputTransaction.File] {
    guard let last = records.lastIndex(where: { $0.event == "finished" }) else { return [] }
    var files = outputs(of: records[last])
    for record in records[(last + 1)...] where ["rendered", "reviewed"].contains(record.event) {
      for file in outputs(of: record) {
        if let index = files.firstIndex(where: { $0.path == file.path }) {
          files[index] = file
        } else {
          files.append(file)
        }
      }
    }
    return files
  }

  static func inputs(of record: AuditRecord) -> [(role: String, path: String, sha256: String)] {
    (content(record)["inputs"]?.arrayValue ?? []).compactMap { value in
      guard let role = value["role"]?.stringValue, let path = value["file"]?.stringValue,
        let digest = value["sha256"]?.stringValue
      else { return nil }
      return (role, path, digest)
    }
  }

  /// The details as they were given, also when the trail wrapped them to say that torn bytes were removed.
  static func content(_ record: AuditRecord) -> AuditValue {
    if record.details["removedTornBytes"] != nil, let inner = record.details["content"] { return inner }
    return record.details
  }

  func finished(
    outputs: [OutputTransaction.File], reportID: String, seconds: Double, results: PatientResults
  ) -> AuditValue {
    guard case .object(var members) = details else { return details }
    members["outputs"] = Self.value(outputs)
    members["reportId"] = .string(reportID)
    members["seconds"] = .number((seconds * 10).rounded() / 10)
    members["warnings"] = .array(results.warnings.map { .string($0) })
    members["draws"] = .object(
      Dictionary(
        uniqueKeysWithValues: (results.lesions + results.candidates).map { finding in
          (finding.id, finding.draws.map { .integer(Int64($0)) } ?? .null)
        }))
    members["checks"] = results.checks.map { checks in
      .array(
        checks.map { check in
          .object([
            "measures": .object(
              Dictionary(check.measures.map { ($0.name, .number($0.value)) }, uniquingKeysWith: { first, _ in first })),
            "name": .string(check.name), "passed": check.passed.map { .bool($0) } ?? .null,
          ])
        })
    }
    if let selfTest = results.selfTest { members["selfTest"] = selfTest.record }
    return .object(members)
  }

  /// Files as an audit record names them.
  static func value(_ outputs: [OutputTransaction.File]) -> AuditValue {
    .array(
      outputs.map { ["bytes": .integer(Int64($0.byteCount)), "file": .string($0.path), "sha256": .string($0.sha256)] })
  }
}
