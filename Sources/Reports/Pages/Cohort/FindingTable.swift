import ErrorScore
import Lesions
import Results
import Volumes

/// `lesions.tsv`: one row per lesion and candidate of all patients, by patient name and then in review order.
public enum FindingTable {
  static let columns =
    [
      "participant_id", "session_id", "review_position", "finding", "kind", "flair_peak", "flair_peak_se", "percentile",
      "error_score", "mprage_peak", "flair_fraction", "sign_inside", "sign_rim", "voxel_count", "volume_mm3",
      "centroid_x_mm", "centroid_y_mm", "centroid_z_mm", "peak_i", "peak_j", "peak_k", "mean_probability",
      "maximum_probability", "mean_entropy", "dropped_small_component", "reference_status", "location",
    ] + measured.map(\.column) + RadialProfile.range.map(profileColumn) + ["cohort_patients"]

  /// Features that no other column has.
  private static let measured = ScoreFeature.allCases.filter { !elsewhere.contains($0) }
  private static let elsewhere: Set<ScoreFeature> = [
    .flairPeak, .mpragePeak, .flairFraction, .rimMean, .volume, .meanProbability, .maximumProbability, .meanEntropy,
  ]

  /// Of the bin of the radial profile that begins there: `flair_profile_m3_mm` … `flair_profile_9_mm`.
  private static func profileColumn(_ millimetres: Int) -> String {
    "flair_profile_\(millimetres < 0 ? "m" : "")\(abs(millimetres))_mm"
  }

  public static func bytes(_ entries: [CohortEntry]) -> [UInt8] {
    var table = TabSeparated(columns)
    for entry in entries.sorted(by: { $0.name < $1.name }) {
      guard let results = entry.results else { continue }
      for place in results.reviewOrder {
        guard let finding = results.finding(place.finding) else {
          preconditionFailure("the review order names a finding that the results do not hold")
        }
        let identity: [String?] = [
          results.patient.label, results.patient.session, "\(place.position)", "\(finding.id)", finding.kind.rawValue,
        ]
        table.append(
          identity + row(finding, percentile: place.percentile, errorScore: results.statedErrorScore(place)) + [
            "\(entries.count)"
          ])
      }
    }
    return table.bytes
  }

  private static func row(_ finding: FindingRecord, percentile: Double, errorScore: Double?) -> [String?] {
    func number(_ value: Double?) -> String? { TabSeparated.number(value) }
    let measurements = finding.measurements
    let (probability, centroid) = (measurements.probability, measurements.centroidMillimetres)
    let saliency = finding.saliency
    let peak = saliency?.flair.inside.maximum
    return [
      number(peak?.value), number(peak?.standardError), number(percentile), number(errorScore),
      number(saliency?.mprage?.inside.maximum.value), number(saliency?.flairFraction),
      number(saliency?.signBalance.meanInside), number(saliency?.signBalance.meanRim), "\(measurements.voxelCount)",
      number(measurements.volumeMillimetres3), number(centroid.x), number(centroid.y), number(centroid.z),
      TabSeparated.number(peak?.voxel.i), TabSeparated.number(peak?.voxel.j), TabSeparated.number(peak?.voxel.k),
      number(probability?.mean), number(probability?.maximum), number(probability?.meanEntropyNats),
      finding.wasDroppedSmallComponent ? "true" : "false", finding.reference?.rawValue, finding.location.rawValue,
    ] + measured.map { number(finding.value(of: $0)) }
      + RadialProfile.range.map { bin in number(saliency?.radialProfile?.first { $0.fromMillimetres == bin }?.flair) }
  }
}

extension ScoreFeature {
  /// Its column of `lesions.tsv`: the name in snake case, lengths in mm.
  var column: String {
    rawValue.replacing("Millimetres", with: "Mm").reduce(into: "") {
      $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1)
    }
  }
}
