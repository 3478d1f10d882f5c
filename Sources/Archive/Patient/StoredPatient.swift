package import AuditTrail
import Digests
import Files
package import Foundation
import Lesions
import Reports
package import Results
import Volumes

/// One finished patient of an output folder: the results, and the files that the audit trail attests.
package struct StoredPatient {
  package let root: URL
  package let layout: OutputLayout
  package let results: PatientResults
  /// SHA-256 of the results file as it lies there, which is what the trail says.
  package let reportID: String
  package let records: [AuditRecord]
  /// The record that was written with the results.
  package let finished: AuditRecord
  package let outputs: [OutputTransaction.File]

  package var name: String { layout.name }
  /// When the run started, as its record says; nil where the results were copied and not run.
  package var runTime: String? { records.last { $0.event == "started" && $0.hash == finished.previousHash }?.time }
  /// Who ran it; nil where nobody was named.
  package var operatorName: String? { finished.content["operator"]?.stringValue }
  package var log: AuditLog { AuditLog(url: layout.auditTrail) }

  /// Names of the patients with an audit trail, sorted.
  ///
  /// - Throws: ``Fault`` for a folder without trails.
  package static func names(in root: URL) throws -> [String] {
    let names = OutputLayout.patientNames(in: root)
    guard !names.isEmpty else { throw OutputLayout.withoutTrails(root) }
    return names
  }

  /// - Throws: ``Fault`` when the patient is not finished or its results were altered or removed, and
  ///   `AuditError` when the trail is not intact.
  package init(_ name: String, in root: URL) throws {
    let records = try AuditLog(url: OutputLayout.auditTrail(of: name, in: root)).records()
    if case .damaged(let reason) = TrailState(records) {
      throw Fault(.input, OutputLayout.auditTrail(of: name, in: root).path, found: reason)
    }
    guard case .done(_, _, let outputs) = TrailState(records),
      let finished = records.last(where: { $0.event == "finished" }),
      let path = outputs.first(where: { $0.path.hasSuffix(OutputLayout.resultsEnding) })?.path
    else {
      throw Fault(
        .input, root.path, found: "\(name) has no finished results", remedy: .plain("run it first, or leave it out"))
    }
    let url = root.appendingPathComponent(path)
    (results, reportID) = try Self.readResults(at: path, in: root)
    guard reportID == outputs.first(where: { $0.path == path })?.sha256 else {
      throw Fault(.input, url.path, found: "altered since the run that wrote it", remedy: .runAgain)
    }
    let stem = String(url.lastPathComponent.dropLast(OutputLayout.resultsEnding.count))
    layout = OutputLayout(root: root, label: results.patient.label, session: results.patient.session, stem: stem)
    guard layout.name == name, layout.results == path else {
      throw Fault(.input, url.path, found: "is the results file of \(layout.name), not of \(name)", remedy: .runAgain)
    }
    self.root = root
    self.records = records
    self.finished = finished
    self.outputs = outputs
  }

  /// The results at a path of an output folder, and their SHA-256.
  ///
  /// - Throws: ``Fault`` for a file that cannot be read or does not agree with itself.
  static func readResults(at path: String, in root: URL) throws -> (results: PatientResults, sha256: String) {
    let bytes: [UInt8]
    do { bytes = try SmallFile.read(ContainedPath(path).place(in: root, for: .reading), .record) } catch {
      throw Fault(error, .input, role: "results", remedy: .runAgain)
    }
    do { return (try PatientResults.decode(bytes), Digest.sha256(bytes)) } catch {
      throw Fault(
        .input, root.appendingPathComponent(path).path, role: "results", found: ResultsError.words(error),
        remedy: .runAgain)
    }
  }

  /// - Throws: ``Fault`` when a mask or table differs from what the audit trail noted.
  package func requireIntactVolumes() throws {
    for file in outputs where !file.path.hasSuffix("_saliency.nii.gz") && !file.path.hasSuffix(".html") {
      _ = try intact(file.path)
    }
  }

  /// The place of an output, once its content is what the trail says.
  ///
  /// - Parameter path: relative to the output folder.
  package func intact(_ path: String) throws -> URL {
    guard let file = outputs.first(where: { $0.path == path }),
      let url = try? file.place.place(in: root, for: .reading), (try? Digest.sha256(file: url)) == file.sha256
    else {
      throw Fault(
        .input, layout.url(path).path, found: "altered or removed since the run that wrote it", remedy: .runAgain)
    }
    return url
  }
}
