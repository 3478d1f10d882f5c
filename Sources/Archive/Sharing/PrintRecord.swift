import AuditTrail
import Digests
import Files
public import Foundation
import JSON
import Reports
import Results

/// What the printing of a page leaves in the trail of its patient.
public enum PrintRecord {
  /// Notes a PDF in the trail that lies beside its page. The tables name the head of the trail and have to be gathered
  /// afterwards.
  ///
  /// - Parameters:
  ///   - page: a report of an output folder, or a copy that a reader saved there.
  ///   - options: of the printing, by name.
  /// - Returns: false for a page that has no trail beside it, such as a saved copy in a folder of its own.
  @discardableResult public static func append(
    page: URL, pdf: URL, paper: PrintedReport.Paper, overwrite: Bool, by attribution: Attribution
  ) throws -> Bool {
    let root = page.standardizedFileURL.deletingLastPathComponent()
    guard let patient = try patient(of: page, in: root) else { return false }
    let bytes = try FileManager.default.attributesOfItem(atPath: pdf.path)[.size] as? Int ?? 0
    let file = try OutputTransaction.File(
      path: pdf.lastPathComponent, sha256: try Digest.sha256(file: pdf), byteCount: bytes)
    try attribution.log(patient.name, in: root).append(
      event: "printed",
      details: attribution.details(
        [
          "outputs": .files([file]), "pageSha256": .string(try Digest.sha256(file: page)),
          "reportId": .string(patient.reportID),
        ], options: ["overwrite": .bool(overwrite), "paper": .string(paper.rawValue), "pdf": true]))
    return true
  }

  /// The patient that a page is about, where its present results lie in the same folder.
  private static func patient(of page: URL, in root: URL) throws -> StoredPatient? {
    guard let bytes = try? SmallFile.read(page, .page), let text = String(validating: bytes, as: UTF8.self),
      let json = DecisionFile.embedded(in: text),
      let decisions = try? JSONParser.decode(ReviewDecisions.self, from: Array(json.utf8))
    else { return nil }
    let name = [decisions.patient, decisions.session].compactMap { $0 }.joined(separator: "_")
    guard OutputLayout.patientNames(in: root).contains(name) else { return nil }
    let patient = try StoredPatient(name, in: root)
    return patient.reportID == decisions.reportId ? patient : nil
  }
}
