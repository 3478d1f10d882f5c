package import AuditTrail
import Digests
import Files
import Foundation
package import Results

/// What lies in the output folder from an earlier run of a patient, and whether a new one may take its place.
package struct EarlierRun {
  private let state: TrailState
  /// Of the last finished run, also when another was begun since.
  let attested: [OutputTransaction.File]
  private let isOfNetwork: Bool
  private let layout: OutputLayout
  private let overwrite: Bool

  /// - Throws: ``Fault`` for a trail that names files which are not this patient's: they would be removed.
  package init(_ records: [AuditRecord], layout: OutputLayout, overwrite: Bool) throws {
    state = TrailState(records)
    do { attested = try records.readAttestedOutputs() } catch { throw Self.damaged(layout, "\(error)") }
    if let foreign = attested.first(where: { !layout.owns($0.path) }) {
      throw Self.damaged(layout, "'\(FileError.shown(foreign.path))' is no file of \(layout.name)")
    }
    isOfNetwork = records.last { $0.event == "finished" }?.isOfNetwork ?? false
    self.layout = layout
    self.overwrite = overwrite
  }

  private static func damaged(_ layout: OutputLayout, _ fault: String) -> Fault {
    Fault(
      .output, layout.auditTrail.path, found: "the audit trail is damaged: \(fault)",
      remedy: .plain("nothing is touched; keep the folder aside and write to a new output folder"))
  }

  private var report: URL { layout.url(layout.report) }

  /// - Throws: ``Fault`` for a report that no trail knows of.
  package func requireAttested() throws {
    guard state == .never, !overwrite, FileManager.default.fileExists(atPath: report.path) else { return }
    throw standing("exists, but the audit trail knows nothing of it")
  }

  /// The results of an earlier run that this one would repeat, nil when the patient must be run.
  ///
  /// A run of a network is repeated when its images, model and settings are the same, and makes room for one of other
  /// images. One on the mask of another tool is repeated when its results are the same, and makes room for nothing.
  ///
  /// - Parameter results: of the new run, where they are known before it.
  /// - Throws: ``Fault`` when other results stand there, or when they were altered, and may not be
  ///   replaced.
  package func complete(_ record: RunRecord, results: PatientResults?) throws -> PatientResults? {
    guard !overwrite, case .done(let runKey, let inputDigests, let outputs) = state else { return nil }
    if let results {
      let digest = Digest.sha256(try results.encoded())
      guard outputs.first(where: { $0.path == layout.results })?.sha256 == digest, firstAltered(outputs) == nil else {
        throw standing("exists, made of other files or with other settings, or altered since")
      }
      return results
    }
    guard FileManager.default.fileExists(atPath: report.path) else { return nil }
    guard runKey == record.runKey else {
      if isOfNetwork, inputDigests != record.inputs.map(\.sha256) { return nil }
      throw standing("exists, made with other settings, another model or another version")
    }
    if let altered = firstAltered(outputs) {
      throw standing("altered or removed since the run that wrote it", at: altered.path)
    }
    return try StoredPatient.readResults(at: layout.results, in: layout.root).results
  }

  private func standing(_ found: String, at path: String? = nil) -> Fault {
    Fault(.output, layout.url(path ?? layout.report).path, found: found, remedy: .replaceOrOtherFolder)
  }

  private func firstAltered(_ outputs: [OutputTransaction.File]) -> OutputTransaction.File? {
    // A printed page may be thrown away; it is made from the report alone.
    outputs.first {
      !$0.path.hasSuffix(".pdf")
        && (try? Digest.sha256(file: $0.place.place(in: layout.root, for: .reading))) != $0.sha256
    }
  }

  /// Files of the earlier run that the new one takes the place of, and whether they were of other images.
  package func superseded(by record: RunRecord) -> (files: [OutputTransaction.File], otherImages: Bool) {
    var files = attested
    var otherImages = false
    if case .done(_, let inputDigests, _) = state { otherImages = inputDigests != record.inputs.map(\.sha256) }
    if FileManager.default.fileExists(atPath: report.path), let place = try? ContainedPath(layout.report) {
      files.append(OutputTransaction.File(place: place, sha256: "", byteCount: 0))
    }
    return (files, otherImages)
  }
}
