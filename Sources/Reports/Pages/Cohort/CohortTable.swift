import Lesions
import Results

/// `cohort.tsv`: one row per patient and session, by name. The last column is the number of rows that the table was
/// written with, so that one that was cut off, or is older than the cohort, can be told.
public enum CohortTable {
  static let columns = [
    "participant_id", "session_id", "state", "reason", "warnings", "lesions", "volume_ml", "candidates",
    "candidates_left_out", "dropped_small_components", "dsc", "normalised_dsc", "lesion_tpr", "lesion_fdr",
    "lesion_fnr", "lesion_f1", "lesion_ppv", "true_positives", "false_positives", "false_negatives",
    "reference_lesions", "reference_lesions_found", "reference_volume_ml", "volume_difference_ml",
    "volume_difference_percent", "reviewed_lesions", "reviewed_volume_ml", "readers", "study_verdicts", "study_grades",
    "calibration", "report_id", "audit_head", "cohort_patients",
  ]

  public static func bytes(_ entries: [CohortEntry]) -> [UInt8] {
    var table = TabSeparated(columns)
    for entry in entries.sorted(by: { $0.name < $1.name }) {
      let identity = CohortTable.identity(entry)
      let counts = entry.results?.counts
      let reference = entry.results?.reference
      let warnings = entry.warnings.map(\.code.rawValue)
      let difference = entry.results?.referenceVolumeDifference
      let row: [String?] = [
        identity.participant, identity.session, entry.state.rawValue, entry.reason,
        warnings.isEmpty ? nil : warnings.joined(separator: ","), TabSeparated.number(counts?.lesions),
        TabSeparated.number(counts?.totalLesionVolumeMillilitres), TabSeparated.number(counts?.candidates),
        TabSeparated.number(counts?.candidatesLeftOut), TabSeparated.number(counts?.droppedSmallComponents),
        TabSeparated.number(reference?.dsc), TabSeparated.number(reference?.normalisedDsc),
        TabSeparated.number(reference?.lesionTruePositiveRate),
        TabSeparated.number(reference?.lesionFalseDiscoveryRate),
        TabSeparated.number(reference?.lesionFalseNegativeRate), TabSeparated.number(reference?.lesionF1),
        TabSeparated.number(reference?.lesionPositivePredictiveValue),
        TabSeparated.number(reference?.detection.truePositives),
        TabSeparated.number(reference?.detection.falsePositives),
        TabSeparated.number(reference?.detection.falseNegatives), TabSeparated.number(reference?.lesions),
        TabSeparated.number(reference?.foundLesions), TabSeparated.number(reference?.volumeMillilitres),
        TabSeparated.number(difference?.millilitres), TabSeparated.number(difference?.percent),
        TabSeparated.number(entry.review?.figures.lesions), TabSeparated.number(entry.review?.figures.millilitres),
        joined(entry.review?.readers), joined(entry.review?.verdicts), joined(entry.review?.grades),
        entry.results.map { $0.calibration?.sha256 ?? "uncalibrated" }, entry.reportID, entry.auditHead,
        "\(entries.count)",
      ]
      table.append(row)
    }
    return table.bytes
  }

  /// Nil for nothing.
  private static func joined(_ parts: [String]?) -> String? {
    guard let parts, !parts.isEmpty else { return nil }
    return parts.joined(separator: "; ")
  }

  /// Participant and session of an entry; from its name (`sub-01_ses-02`) when there are no results.
  static func identity(_ entry: CohortEntry) -> (participant: String, session: String?) {
    if let patient = entry.results?.patient { return (patient.label, patient.session) }
    let parts = entry.name.split(separator: "_", maxSplits: 1).map(String.init)
    guard parts.count == 2, parts[1].hasPrefix("ses-") else { return (entry.name, nil) }
    return (parts[0], parts[1])
  }
}
