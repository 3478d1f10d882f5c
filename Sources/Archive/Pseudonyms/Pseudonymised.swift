import AuditTrail
import Digests
import Foundation
import Reports
import Results

/// A stored patient under a pseudonym: the same numbers, no identifier.
struct Pseudonymised {
  let results: PatientResults
  let encoded: [UInt8]
  /// SHA-256 of the pseudonymised results.
  let reportID: String

  var name: String { [results.patient.label, results.patient.session].compactMap { $0 }.joined(separator: "_") }

  /// - Parameter stem: of the original's file names, which the results name.
  init(_ original: PatientResults, stem: String, key: PseudonymKey) throws {
    let label = original.patient.label
    let newLabel = key.label(label)
    let newSession = original.patient.session.map { key.session($0, of: label) }
    let newStem = [newLabel, newSession].compactMap { $0 }.joined(separator: "_")
    let text = String(decoding: try original.encoded(), as: UTF8.self).replacingOccurrences(
      of: "\"\(stem)_", with: "\"\(newStem)_")
    var results = try PatientResults.decode(Array(text.utf8))
    results.patient.label = newLabel
    results.patient.session = newSession
    self.results = results
    encoded = try results.encoded()
    reportID = Digest.sha256(encoded)
  }
}
