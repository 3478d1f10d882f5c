import AuditTrail
import Digests
import Foundation
import Lesions
import Reports
import Results
import Volumes

/// One finished patient of an output folder: the results, and the files that the audit trail vouches for.
struct StoredPatient {
  let root: URL
  let layout: OutputLayout
  let results: PatientResults
  /// SHA-256 of the results file as it lies there, which is what the trail says.
  let reportID: String
  let records: [AuditRecord]
  /// The record that was written with the results.
  let finished: AuditRecord
  let outputs: [OutputTransaction.File]

  var name: String { layout.name }
  /// When the run started, as its record says; nil where the results were copied and not run.
  var runTime: String? {
    records.last { $0.event == "started" && $0.hash == finished.previousHash }?.time
  }
  var log: AuditLog { AuditLog(url: layout.auditTrail) }

  /// Names of the patients with an audit trail, sorted.
  ///
  /// - Throws: ``QualityControlError/badInput(_:)`` for a folder without trails.
  static func names(in root: URL) throws -> [String] {
    let names =
      ((try? FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("audit").path)) ?? [])
      .filter { $0.hasSuffix(".jsonl") }.map { String($0.dropLast(6)) }.sorted()
    guard !names.isEmpty else {
      throw QualityControlError.badInput(
        "\(root.path): no audit trail (audit/*.jsonl); expected a lesionqc output folder")
    }
    return names
  }

  /// - Throws: ``QualityControlError/badInput(_:)`` when the patient is not finished or its results were altered or removed, and
  ///   `AuditError` when the trail is not intact.
  init(_ name: String, in root: URL) throws {
    let records = try AuditLog(url: root.appendingPathComponent("audit/\(name).jsonl")).records()
    guard case .done(_, _, let outputs) = RunRecord.state(of: records),
      let finished = records.last(where: { $0.event == "finished" }),
      let path = outputs.first(where: { $0.path.hasSuffix(Self.resultsEnding) })?.path
    else {
      throw QualityControlError.badInput(
        "\(root.path): \(name) has no finished results; run it first, or leave it out")
    }
    let url = root.appendingPathComponent(path)
    guard let bytes = try? Data(contentsOf: url) else {
      throw QualityControlError.badInput("\(url.path): missing or unreadable; run the patient again")
    }
    reportID = Digest.sha256(bytes)
    guard reportID == outputs.first(where: { $0.path == path })?.sha256 else {
      throw QualityControlError.badInput(
        "\(url.path): altered since the run that wrote it; run the patient again with --overwrite")
    }
    results = try Self.decode(Array(bytes), url)
    let stem = String(url.lastPathComponent.dropLast(Self.resultsEnding.count))
    layout = OutputLayout(root: root, label: results.patient.label, session: results.patient.session, stem: stem)
    guard layout.name == name, layout.results == path else {
      throw QualityControlError.badInput(
        "\(url.path): is the results file of \(layout.name), not of \(name); run the patient again with --overwrite")
    }
    self.root = root
    self.records = records
    self.finished = finished
    self.outputs = outputs
  }

  private static let resultsEnding = "_desc-lesionqc_results.json"

  private static func decode(_ bytes: [UInt8], _ url: URL) throws -> PatientResults {
    do { return try PatientResults.decode(bytes) } catch {
      throw QualityControlError.badInput(
        "\(url.path): was written by another version of lesionqc and cannot be read; run the patient again with --overwrite"
      )
    }
  }

  /// The place of an output, once its content is what the trail says.
  ///
  /// - Parameter path: relative to the output folder.
  func intact(_ path: String) throws -> URL {
    let url = layout.url(path)
    guard let file = outputs.first(where: { $0.path == path }), (try? Digest.sha256(file: url)) == file.sha256 else {
      throw QualityControlError.badInput(
        "\(url.path): altered or removed since the run that wrote it; run the patient again with --overwrite")
    }
    return url
  }
}
