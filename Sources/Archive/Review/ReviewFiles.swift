import ErrorScore
import Foundation
import Lesions
import Reports
import Results
import Volumes

/// What a review leaves beside the results: the corrected mask, a table and a summary.
struct ReviewFiles {
  let review: MergedReview
  let patient: StoredPatient
  let stored: StoredFindings
  /// Voxels of a mask that was edited elsewhere; nil without one.
  let corrected: [UInt8]?

  /// Lesions that the readers kept and candidates that they accepted, or the mask that one of them edited, on the
  /// input's grid.
  func mask() -> [UInt8] {
    if let corrected { return corrected }
    var mask = [UInt8](repeating: 0, count: stored.shape.voxelCount)
    for finding in review.findings where finding.isInMask {
      for voxel in stored.voxels(of: finding.id) { mask[voxel] = 1 }
    }
    return mask
  }

  /// Whether a finding is in the mask that the review leaves, or a part of it in one that was edited.
  func isInMask(_ finding: MergedReview.Finding) -> Bool {
    guard let corrected else { return finding.isInMask }
    return stored.voxels(of: finding.id).contains { corrected[$0] != 0 }
  }

  /// - Parameter templates: of the reviewed page.
  func write(to transaction: OutputTransaction, templates: TemplateFolder) throws {
    let layout = patient.layout
    let rows = review.findings.map { $0.row(patient.results, isInMask: isInMask($0)) }
    try NIfTIWriter.write(
      Volume(shape: stored.shape, affine: stored.affine, voxels: mask()), like: stored.header, intent: .label,
      to: try transaction.place(layout.reviewedMask).path)
    try Sidecars.writeReviewed(layout, to: transaction)
    try transaction.write(DecisionTable.bytes(rows), to: layout.decisionTable)
    try transaction.write(DecisionTable.dictionary(), to: layout.decisionDictionary)
    try transaction.write(PrettyJSON.bytes(of: summary), to: layout.reviewSummary)
    let page = ReviewedPage(
      patient.results, reportID: patient.reportID, rows: rows, after: review.figures, verdicts: review.verdicts,
      corrected: review.corrected)
    try transaction.write(page.render(report: layout.report, templates: templates), to: layout.reviewedPage)
  }

  private var summary: ReviewSummary {
    let kept = review.findings.filter(isInMask)
    return ReviewSummary(
      patient: patient.results.patient.label, session: patient.results.patient.session, reportId: patient.reportID,
      rule: "The majority of the readers who say lesion (accept, editNeeded) or not (reject) decides; without "
        + "one the network's " + "answer stays.", readers: review.readers, findings: review.findings.count,
      decided: review.findings.count(where: \.isDecided), conflicts: review.conflicts.map(\.id.description),
      lesionsRemoved: review.findings.filter { $0.id.kind == .lesion && !isInMask($0) }.map(\.id.description),
      candidatesAdded: kept.filter { $0.id.kind == .candidate }.map(\.id.description),
      needEditing: kept.filter(\.needsEditing).map(\.id.description),
      volumeMillilitresBefore: patient.results.counts.totalLesionVolumeMillilitres,
      volumeMillilitresAfter: review.figures.millilitres, lesionsBefore: patient.results.counts.lesions,
      lesionsAfter: review.figures.lesions,
      marks: review.marks.map { ReviewSummary.Mark(reader: $0.reader, mark: $0.mark) }, correctedMask: review.corrected,
      studies: review.verdicts.map(ReviewSummary.Study.init), agreementOfAnswers: review.answers,
      agreementOnLesionOrNot: review.lesionOrNot,
      kappa: review.readers.count < 2 ? nil : review.readers.count == 2 ? "Cohen" : "Fleiss")
  }
}

/// The content of `*_desc-reviewed_review.json`.
private struct ReviewSummary: Encodable {
  struct Mark: Encodable {
    let reader: String
    let mark: ReviewDecisions.Mark
  }

  struct Study: Encodable {
    let reader: String
    let study: ReviewDecisions.Study
  }

  let schemaVersion = 1
  let patient: String
  let session: String?
  let reportId: String
  let rule: String
  let readers: [String]
  let findings: Int
  let decided: Int
  let conflicts: [String]
  let lesionsRemoved: [String]
  let candidatesAdded: [String]
  let needEditing: [String]
  let volumeMillilitresBefore: Double
  let volumeMillilitresAfter: Double
  let lesionsBefore: Int
  /// With the readers' marks, which have no volume and are not in the mask.
  let lesionsAfter: Int
  let marks: [Mark]
  let correctedMask: CorrectedMask?
  let studies: [Study]
  let agreementOfAnswers: Agreement?
  let agreementOnLesionOrNot: Agreement?
  let kappa: String?
}

extension MergedReview.Finding {
  fileprivate func row(_ results: PatientResults, isInMask: Bool) -> DecisionTable.Row {
    DecisionTable.Row(
      record, position: results.reviewOrder.first { $0.finding == id }?.position, outcome: outcome.rawValue,
      isConflict: isConflict, needsEditing: needsEditing, isInMask: (before: id.kind == .lesion, after: isInMask),
      answers: entries.map { ($0.reader, $0.verdict, $0.reasons, $0.comment, $0.time) })
  }
}
