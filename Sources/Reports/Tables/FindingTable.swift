import Lesions
import Results
import Volumes

/// `lesions.tsv`: one line per lesion and candidate of all patients, by patient name and then in review order.
public enum FindingTable {
  static let columns = [
    "participant_id", "session_id", "review_position", "finding", "kind", "flair_peak", "flair_peak_se", "percentile",
    "error_score", "mprage_peak", "flair_share", "sign_inside", "sign_rim", "voxel_count", "volume_mm3",
    "centroid_x_mm", "centroid_y_mm", "centroid_z_mm", "peak_i", "peak_j", "peak_k", "mean_probability",
    "maximum_probability",
    "mean_entropy", "dropped_small_component", "truth_status", "location",
  ]

  public static func bytes(_ entries: [CohortEntry]) -> [UInt8] {
    var table = TabSeparated(columns)
    for entry in entries.sorted(by: { $0.name < $1.name }) {
      guard let results = entry.results else { continue }
      for line in results.reviewOrder {
        guard let finding = results.finding(line.kind, line.number) else {
          preconditionFailure("the review order names a finding that the results do not hold")
        }
        table.append(row(results.patient, line, finding))
      }
    }
    return table.bytes
  }

  private static func row(_ patient: PatientIdentity, _ line: ReviewEntry, _ finding: FindingFacts) -> [String?] {
    let peak = finding.flair.insideHighest
    let centroid = finding.centroidWorldMillimetres.map { TabSeparated.number($0) }
    precondition(centroid.count == 3, "a centroid has three coordinates")
    return [
      patient.label, patient.session, "\(line.position)", finding.id, finding.kind.rawValue,
      TabSeparated.number(peak.value), TabSeparated.number(peak.standardError), TabSeparated.number(line.percentile),
      TabSeparated.number(line.errorScore), TabSeparated.number(finding.mprage.insideHighest.value),
      TabSeparated.number(finding.flairShare), TabSeparated.number(finding.signBalance.meanInside),
      TabSeparated.number(finding.signBalance.meanRim), "\(finding.voxelCount)",
      TabSeparated.number(finding.volumeMillimetres3), centroid[0], centroid[1], centroid[2],
      finding.hasSaliency ? "\(peak.voxel.i)" : nil, finding.hasSaliency ? "\(peak.voxel.j)" : nil,
      finding.hasSaliency ? "\(peak.voxel.k)" : nil, TabSeparated.number(finding.meanProbability),
      TabSeparated.number(finding.maximumProbability), TabSeparated.number(finding.meanEntropy),
      finding.wasDroppedSmallComponent ? "true" : "false", finding.truthStatus, finding.location,
    ]
  }
}
