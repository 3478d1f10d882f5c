import AuditTrail
import Foundation
package import Lesions
package import Results
import Volumes

/// What readers decided about a stored patient, once it was applied to the masks.
package struct AppliedReview {
  /// A reader's latest word on a finding.
  package struct Decision {
    package let reader: String
    package let verdict: ReviewDecisions.Verdict
    package let reasons: [ReviewDecisions.Reason]
    package let comment: String
  }

  /// On one finding.
  package struct Outcome {
    /// Nil where nobody decided, or as many one way as the other.
    package let isLesion: Bool?
    /// It stands in the corrected mask.
    package let isInMask: Bool
    /// By reader.
    package let decisions: [Decision]
  }

  package let outcomes: [FindingID: Outcome]
  /// When it was applied last, UTC.
  package let time: String
  /// SHA-256 of the corrected mask.
  package let maskDigest: String

  /// Nil where no review of the present results was applied.
  ///
  /// - Throws: ``Fault`` when the corrected mask was altered or removed, or was edited elsewhere: then its lesions are
  ///   not the findings any more.
  package init?(_ patient: StoredPatient, _ stored: StoredFindings) throws {
    guard
      let record = patient.records.last(where: {
        $0.event == "reviewed" && $0.content["reportId"]?.stringValue == patient.reportID
      }), let mask = patient.outputs.first(where: { $0.path == patient.layout.reviewedMask })
    else { return nil }
    let corrected = try NIfTIFile.read(patient.intact(mask.path).path).volume
    let entries = ReviewRecord.entries(patient.records, on: patient.reportID)
    let merged = try MergedReview(patient.results, entries)
    let kept = ReviewFiles(review: merged, patient: patient, stored: stored, corrected: nil).mask()
    guard corrected.shape == stored.shape, zip(corrected.voxels, kept).allSatisfy({ ($0 != 0) == ($1 != 0) }) else {
      throw Fault(
        .input, patient.layout.url(mask.path).path,
        found: "was edited elsewhere, so that its lesions are not the findings of the results",
        remedy: .plain("report on it as an external segmentation, and write the objects of that"))
    }
    outcomes = Dictionary(
      uniqueKeysWithValues: merged.findings.map { finding in
        let decisions = finding.entries.map {
          Decision(reader: $0.reader, verdict: $0.verdict, reasons: $0.reasons, comment: $0.comment)
        }
        let isLesion: Bool? =
          switch finding.outcome {
          case .lesion: true
          case .notALesion: false
          case .open: nil
          }
        return (finding.id, Outcome(isLesion: isLesion, isInMask: finding.isInMask, decisions: decisions))
      })
    time = record.time
    maskDigest = mask.sha256
  }
}
