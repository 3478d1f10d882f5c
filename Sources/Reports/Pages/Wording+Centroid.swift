import Lesions
import Results

/// Sentences about the panel through the centroid.
extension Wording {
  /// What the first panel goes through.
  static func pictured(_ finding: FindingFacts) -> String { finding.hasSaliency ? "the FLAIR peak" : "the centroid" }

  private static func away(_ finding: FindingFacts) -> String { Formatting.fixed(finding.centroidMillimetres, 1) }

  /// Where the centroid lies, and why there is no panel through it; nil where the first panel goes through it.
  static func centroid(_ finding: FindingFacts, isDrawn: Bool) -> String? {
    guard finding.centroidMillimetres != nil else { return nil }
    let place = "The centroid lies \(away(finding)) mm from it"
    if isDrawn { return "\(place); the HTML file holds a panel through it." }
    return finding.farCentroidVoxel == nil
      ? "\(place), in nearly the same slices." : "\(place); a panel through it was left out to keep the file small."
  }

  static func centroidSummary(_ finding: FindingFacts) -> String {
    "Panel through the centroid of \(finding.id), \(away(finding)) mm from the peak"
  }

  static func centroidAlt(_ finding: FindingFacts) -> String {
    "\(finding.id), \(kind(finding.kind)): axial, coronal and sagittal slices through the centroid, voxel "
      + "\(finding.farCentroidVoxel.map(Formatting.voxel) ?? Formatting.undefined) at "
      + "\(Formatting.position(finding.centroidWorldMillimetres)) mm, each as FLAIR, MPRAGE and FLAIR with contours."
  }

  static func centroidMapsAlt(_ finding: FindingFacts) -> String {
    "\(finding.id), the same slices through the centroid: FLAIR saliency, MPRAGE saliency, and the whole slice with the frame of "
      + "the crop."
  }

  /// The rule and what came of it, for the reader; nil where no centroid lies far from its peak.
  static func centroidNote(_ results: PatientResults, drawn: Int) -> String? {
    let far = (results.lesions + results.candidates).count { $0.farCentroidVoxel != nil }
    guard far > 0 else { return nil }
    let rule =
      "Where the centroid lies more than \(Formatting.setting(CentroidPanels.farMillimetres)) mm from the FLAIR peak, a second panel through the "
      + "centroid opens below the first: \(Formatting.counted(drawn, "finding", "findings"))."
    guard drawn < far else { return rule }
    return rule
      + " \(Formatting.counted(far - drawn, "other is", "others are")) left out, the last of the work list, to keep the file within "
      + "\(ReportPage.sizeBudgetBytes / 1_000_000) MB."
  }
}
