import Lesions
import Results

/// Sentences about the pictures of a report.
extension Wording {
  static func panelAlt(_ finding: FindingRecord, hasMPRAGE: Bool) -> String {
    let measurements = finding.measurements
    let peak = finding.saliency?.flair.inside.maximum
    let saliency = peak.map { "maximum FLAIR saliency \(Formatting.peak($0)) logit per SD" } ?? "no saliency map"
    let centre =
      peak.map { "voxel \(Formatting.voxel($0.voxel)) at \(Formatting.position($0.worldMillimetres)) mm" }
      ?? "the centroid at \(Formatting.position(measurements.centroidMillimetres)) mm"
    let probability = measurements.probability.map { ", mean probability \(Formatting.probability($0.mean))" } ?? ""
    return "\(finding.id), \(kind(finding.kind)): axial, coronal and sagittal slices through \(centre), "
      + "each as \(images(hasMPRAGE)) and FLAIR with contours"
      + (peak == nil ? ", and the whole slice with the frame of the crop. " : ". ")
      + "Volume \(Formatting.cubicMillimetres(measurements.volumeMillimetres3)) mm³, \(saliency)\(probability)."
  }

  static func mapsAlt(_ finding: FindingRecord) -> String {
    func range(_ peaks: ChannelPeaks?) -> String {
      "\(Formatting.peak(peaks?.map.minimum.value)) to \(Formatting.peak(peaks?.map.maximum.value))"
    }
    let mprage = finding.saliency?.mprage.map { ", MPRAGE saliency from \(range($0))" } ?? ""
    return "\(finding.id), the same slices: FLAIR saliency from \(range(finding.saliency?.flair))\(mprage) "
      + "logit per SD, and the whole slice with the frame of the crop."
  }

  private static func images(_ hasMPRAGE: Bool) -> String { hasMPRAGE ? "FLAIR, MPRAGE" : "FLAIR" }

  /// The columns of a finding's panel but for the last, the whole slice.
  static func pictureColumns(_ results: PatientResults) -> String {
    let columns = "\(images(results.hasMPRAGE)), contours"
    guard results.hasMaps else { return columns }
    return columns + ", FLAIR saliency" + (results.explainsMPRAGE ? ", MPRAGE saliency" : "")
  }

  /// What the absence of an MPRAGE, or of its maps, means; nil where both images are there and explained.
  static func channelNote(_ results: PatientResults) -> String? {
    guard !results.hasMPRAGE || results.hasMaps && !results.explainsMPRAGE else { return nil }
    let subject = results.model == nil ? "The maps are of FLAIR alone." : "The network takes FLAIR alone."
    return results.hasMPRAGE
      ? "\(subject) MPRAGE is shown for the reader and has no saliency map."
      : (results.model == nil ? "" : "\(subject) ") + "No MPRAGE was given."
  }

  static func sliceStackAlt(_ stack: SliceStack) -> String {
    "One of \(stack.slices.count) axial FLAIR slices of the brain, chosen by the slider beside it."
  }

  static func thumbnailAlt(_ finding: FindingRecord) -> String {
    "\(finding.id) in FLAIR, \(Formatting.cubicMillimetres(finding.measurements.volumeMillimetres3)) mm³"
  }

  static func overviewAlt(_ results: PatientResults) -> String {
    if results.reviewOrder.isEmpty { return "Montage of FLAIR slices; no lesion and no candidate is marked." }
    return "Montage of FLAIR slices with the contours of \(findings(results)), numbered as in the work list."
  }

  /// Nil for a page of every finding.
  static func excerpt(_ leftOut: Int, _ results: PatientResults) -> String? {
    guard leftOut > 0 else { return nil }
    let shown = results.reviewOrder.count
    return "\(shown) of \(shown + leftOut) findings, the most suspicious and those decided on; the counts are of all."
  }

  static func coverage(pictured: Int, of total: Int) -> String {
    total == 0
      ? "There is no finding to picture."
      : "\(pictured) of \(Formatting.counted(total, "finding", "findings")) pictured "
        + "(\(Formatting.percent(Double(pictured) / Double(total))))."
  }

  // MARK: - Montages of whole slices

  /// How many of the slices that hold a finding are shown, and where the others are.
  static func overviewCaption(_ overview: Overview, _ results: PatientResults) -> String {
    let first = overview.first.sliceCount
    guard !results.reviewOrder.isEmpty else {
      return "\(Formatting.counted(first, "slice", "slices")) through the brain; none holds a finding."
    }
    let further = furtherSlices(overview)
    let total = first + further + overview.slicesLeftOut
    guard total > first else {
      return total == 1
        ? "The only slice that holds a finding." : "All \(total) slices that hold a finding, from superior to inferior."
    }
    return "\(first) of the \(total) slices that hold a finding, chosen to show as many findings as they can."
  }

  /// Nil when every slice with a finding is in the first montage.
  static func overviewLeftOut(_ overview: Overview) -> String? {
    guard overview.slicesLeftOut > 0 else { return nil }
    let slices = Formatting.counted(overview.slicesLeftOut, "further slice", "further slices")
    return "\(slices) with a finding left out to keep the file within \(PagePictures.sizeBudgetBytes / 1_000_000) MB; "
      + "\"All axial slices\" below shows the whole brain."
  }

  static func furtherSlices(_ overview: Overview) -> Int { overview.further.reduce(0) { $0 + $1.sliceCount } }

  static func furtherSummary(_ overview: Overview) -> String {
    "\(Formatting.counted(furtherSlices(overview), "more slice", "more slices")) with a finding"
  }

  static func furtherAlt(_ montage: Overview.Montage) -> String {
    "Montage of \(Formatting.counted(montage.sliceCount, "more FLAIR slice", "more FLAIR slices")) with the contours "
      + "of all findings, numbered as in the work list."
  }

  // MARK: - Panels through the centroid

  /// What the first panel goes through.
  static func pictured(_ finding: FindingRecord) -> String {
    finding.saliency != nil ? "the FLAIR peak" : "the centroid"
  }

  private static func away(_ finding: FindingRecord) -> String {
    Formatting.fixed(finding.centroidDistanceMillimetres, 1)
  }

  /// Where the centroid lies, and why there is no panel through it; nil where the first panel goes through it.
  static func centroid(_ finding: FindingRecord, isDrawn: Bool) -> String? {
    guard finding.centroidDistanceMillimetres != nil else { return nil }
    let place = "The centroid lies \(away(finding)) mm from it"
    if isDrawn { return "\(place); the HTML file holds a panel through it." }
    return finding.farCentroidVoxel == nil
      ? "\(place), in nearly the same slices." : "\(place); a panel through it was left out to keep the file small."
  }

  static func centroidSummary(_ finding: FindingRecord) -> String {
    "Panel through the centroid of \(finding.id), \(away(finding)) mm from the peak"
  }

  static func centroidAlt(_ finding: FindingRecord, hasMPRAGE: Bool) -> String {
    "\(finding.id), \(kind(finding.kind)): axial, coronal and sagittal slices through the centroid, voxel "
      + "\(finding.farCentroidVoxel.map(Formatting.voxel) ?? Formatting.undefined) at "
      + "\(Formatting.position(finding.measurements.centroidMillimetres)) mm, each as \(images(hasMPRAGE)) "
      + "and FLAIR with contours."
  }

  static func centroidMapsAlt(_ finding: FindingRecord) -> String {
    "\(finding.id), the same slices through the centroid: FLAIR saliency, "
      + (finding.saliency?.mprage == nil ? "" : "MPRAGE saliency, ") + "and the whole slice with the frame of the crop."
  }

  /// The rule and what came of it, for the reader; nil where no centroid lies far from its peak.
  static func centroidNote(_ results: PatientResults, drawn: Int) -> String? {
    let far = results.findings.count { $0.farCentroidVoxel != nil }
    guard far > 0 else { return nil }
    let rule =
      "Where the centroid lies more than \(Formatting.setting(CentroidPanels.farMillimetres)) mm from the FLAIR peak, "
      + "a second panel through the centroid opens below the first: "
      + "\(Formatting.counted(drawn, "finding", "findings"))."
    guard drawn < far else { return rule }
    return rule
      + " \(Formatting.counted(far - drawn, "other is", "others are")) left out, the last of the work list, to keep "
      + "the file within \(PagePictures.sizeBudgetBytes / 1_000_000) MB."
  }
}
