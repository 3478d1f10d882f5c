import Analysis
import Archive
import AuditTrail
import Digests
import Foundation
import JSON
import Programs
import Results
import Software

/// What the preparation of a patient writes into its audit trail, beside its steps.
struct PreparationRecord {
  /// Tells records of preparations from those of runs.
  static let mark = AuditRecord.preparationMark

  /// Digest over everything that decides the images: inputs, settings, version.
  let key: String
  private let members: [String: AuditValue]

  /// - Parameter link: to the raw data set, as `dataset_description.json` has it.
  init(scan: RawScan, settings: PreparationSettings, link: String?) {
    var inputs = [("FLAIR", scan.flair.url, scan.flair.sha256), ("MPRAGE", scan.t1w.url, scan.t1w.sha256)]
    func add(_ role: String, _ url: URL) {
      // Whoever reads it says what is wrong with it.
      inputs.append((role, url, (try? Digest.sha256(file: url)) ?? "none"))
    }
    var chosen: [String: AuditValue] = [:]
    // Beside the settings, which an export shows: a command may name folders.
    var commands: [String: AuditValue] = [:]
    switch settings.brain {
    case .ofImage: chosen["brain"] = "of the image"
    case .file(let url, let labels):
      add(MaskRole.brain.rawValue, url)
      chosen["brain"] = "a file"
      chosen["brainLabels"] = .array((labels ?? []).map { .integer($0) })
    case .command(let command):
      chosen["brain"] = "a command"
      commands["brain"] = .array(command.words.map { .string($0) })
    }
    switch settings.registration {
    case .own: chosen["registration"] = "own"
    case .elastix: chosen["registration"] = "elastix"
    case .file(let url):
      add("transform", url)
      chosen["registration"] = "a file"
    }
    if let command = settings.bias { commands["bias"] = .array(command.words.map { .string($0) }) }
    let lines =
      inputs.map { "\($0.0) \($0.2)" } + [AuditValue(chosen).canonicalText, AuditValue(commands).canonicalText] + [
        "version \(Software.version)"
      ]
    key = Digest.sha256(utf8: lines.joined(separator: "\n"))
    members = [
      Self.mark: .bool(true), "runKey": .string(key), "settings": AuditValue(chosen), "commands": AuditValue(commands),
      "rawLink": AuditValue(link),
      "inputs": .array(
        inputs.map { role, url, sha256 in
          ["file": .string(url.standardizedFileURL.path), "role": .string(role), "sha256": .string(sha256)]
        }),
    ]
  }

  /// Of a preparation that begins.
  func details(_ options: PreparationOptions) -> AuditValue {
    options.attribution.details(members, options: ["overwrite": .bool(options.overwrite)])
  }

  /// Of one that ended well.
  func finished(outputs: [OutputTransaction.File], steps: [PreparationStep], seconds: Double) -> [String: AuditValue] {
    var members = members
    members["outputs"] = .files(outputs)
    members["seconds"] = .number((seconds * 10).rounded() / 10)
    members["steps"] = .array(steps.map { AuditValue(encoding: $0) })
    return members
  }
}

/// What lies in the folder from an earlier preparation of a patient, and whether a new one may take its place.
struct EarlierPreparation {
  private let records: [AuditRecord]
  private let layout: PreparedLayout
  private let overwrite: Bool
  /// Files of the last one that was finished.
  private let attested: [OutputTransaction.File]

  /// - Throws: ``Fault`` for a trail of runs, or one that names files which are not this patient's.
  init(_ records: [AuditRecord], layout: PreparedLayout, overwrite: Bool) throws {
    _ = try EarlierRun(records, layout: layout.output, overwrite: overwrite)
    if records.contains(where: { $0.event == "started" && !$0.isOfPreparation }) {
      throw Fault(
        .output, layout.output.root.path, found: "holds results of \(layout.output.name)", remedy: .otherFolder)
    }
    self.records = records
    self.layout = layout
    self.overwrite = overwrite
    attested = records.attestedOutputs
  }

  /// Images, tables and pages that a new preparation makes again; files of steps may stay.
  var superseded: [OutputTransaction.File] { attested.filter { !layout.ofSteps.contains($0.path) } }

  /// What was prepared before, where it is the same; nil where there is something to do.
  ///
  /// - Throws: ``Fault`` for images that were prepared otherwise, or altered since, and may not be replaced.
  func complete(_ run: PreparationRecord) throws -> PreparationSummary? {
    guard case .done(let key, _, let outputs) = TrailState(records) else { return nil }
    let altered = outputs.first { !$0.isUnaltered(in: layout.output.root) }
    if key == run.key, altered == nil { return try summary() }
    if overwrite { return nil }
    let found =
      key == run.key ? "was altered or removed since it was prepared" : "was prepared from other images or otherwise"
    throw Fault(
      .output, layout.output.url(altered?.path ?? PreparedLayout.image(layout.flair)).path, found: found,
      remedy: .replaceOrOtherFolder)
  }

  private func summary() throws -> PreparationSummary {
    guard let last = records.last(where: { $0.event == "finished" }) else { preconditionFailure("it is done") }
    return PreparationSummary(
      steps: PreparationSummary.steps(in: last), stepsOfBefore: [], warnings: [],
      folder: layout.output.url(layout.output.folder), auditHead: records.last?.hash ?? last.hash)
  }
}
