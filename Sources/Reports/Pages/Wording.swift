import Lesions
import Results

/// Sentences that are made from numbers, in one place for review and translation. Fixed text stands in the templates.
enum Wording {
  static func kind(_ kind: FindingKind) -> String {
    kind == .lesion ? "lesion" : "missed-lesion candidate"
  }

  static func truthStatus(_ status: String?) -> String {
    switch status {
    case nil: Formatting.undefined
    case "TP": "true positive"
    case "FP": "false positive"
    case "missed": "missed lesion"
    case "partOfFound": "part of a lesion that was found"
    case "notALesion": "not a lesion"
    case .some(let other): other
    }
  }

  static func panelAlt(_ finding: FindingFacts) -> String {
    let peak = finding.flair.insideHighest
    let saliency =
      finding.hasSaliency ? "highest FLAIR saliency \(Formatting.peak(peak)) logit per SD" : "no saliency map"
    let centre =
      finding.hasSaliency
      ? "voxel \(Formatting.voxel(peak.voxel)) at \(Formatting.position(peak.worldMillimetres)) mm"
      : "the centroid at \(Formatting.position(finding.centroidWorldMillimetres)) mm"
    return
      "\(finding.id), \(kind(finding.kind)): axial, coronal and sagittal slices through \(centre), each as FLAIR, MPRAGE "
      + (finding.hasSaliency
        ? "and FLAIR with contours. " : "and FLAIR with contours, and the whole slice with the frame of the crop. ")
      + "Volume \(Formatting.cubicMillimetres(finding.volumeMillimetres3)) mm³, \(saliency)"
      + (finding.hasProbability ? ", mean probability \(Formatting.probability(finding.meanProbability))." : ".")
  }

  static func mapsAlt(_ finding: FindingFacts) -> String {
    func range(_ peaks: ChannelPeaks) -> String {
      "\(Formatting.peak(peaks.mapLowest.value)) to \(Formatting.peak(peaks.mapHighest.value))"
    }
    return "\(finding.id), the same slices: FLAIR saliency from \(range(finding.flair)), MPRAGE saliency from "
      + "\(range(finding.mprage)) logit per SD, and the whole slice with the frame of the crop."
  }

  static func sliceStackAlt(_ stack: SliceStack) -> String {
    "One of \(stack.slices.count) axial FLAIR slices of the brain, chosen by the slider beside it."
  }

  static func thumbnailAlt(_ finding: FindingFacts) -> String {
    "\(finding.id) in FLAIR, \(Formatting.cubicMillimetres(finding.volumeMillimetres3)) mm³"
  }

  static func overviewAlt(_ results: PatientResults) -> String {
    if results.reviewOrder.isEmpty { return "Montage of FLAIR slices; no lesion and no candidate is marked." }
    return "Montage of FLAIR slices with the contours of \(findings(results)), numbered as in the work list."
  }

  static func findings(_ results: PatientResults) -> String {
    let lesions = Formatting.counted(results.lesions.count, "lesion", "lesions")
    guard results.looksForCandidates else { return lesions }
    return lesions + " and "
      + Formatting.counted(results.candidates.count, "missed-lesion candidate", "missed-lesion candidates")
  }

  static func coverage(pictured: Int, of total: Int) -> String {
    total == 0
      ? "There is no finding to picture."
      : "\(pictured) of \(Formatting.counted(total, "finding", "findings")) pictured "
        + "(\(Formatting.percent(Double(pictured) / Double(total))))."
  }

  /// What the two channels and the surroundings contributed, in words.
  ///
  /// - Parameter othersHaveMaps: a finding without a map is an exception, of which something is to be said.
  static func explanation(_ finding: FindingFacts, othersHaveMaps: Bool) -> [String] {
    var sentences: [String] = []
    guard finding.hasSaliency else {
      return (othersHaveMaps ? [noSaliency] : []) + (finding.wasDroppedSmallComponent ? [droppedPart] : [])
    }
    if let share = finding.flairShare {
      sentences.append(
        "FLAIR carries \(Formatting.percent(share)) of the absolute saliency, MPRAGE \(Formatting.percent(1 - share)).")
    }
    let balance = finding.signBalance
    let zero = finding.smallestMeanSaliency
    let inside =
      "Mean FLAIR saliency is \(sign(balance.meanInside, zero)) inside (\(Formatting.peak(balance.meanInside)))"
    if let rim = balance.meanRim {
      sentences.append("\(inside) and \(sign(rim, zero)) in the rim 2–5 mm around it (\(Formatting.peak(rim))).")
    } else {
      sentences.append("\(inside); there is no rim of 2–5 mm to compare with.")
    }
    if finding.wasDroppedSmallComponent {
      sentences.append(droppedPart)
    }
    return sentences
  }

  static let noSaliency =
    "There is no saliency map of this finding, so nothing is said about what the network looked at."
  private static let droppedPart = "Part of a component that the size rule dropped from the mask."

  static let noReason = "No reason was recorded."

  static func failureSteps(_ entry: CohortEntry) -> [String] {
    let again = "Run the patient again; the others are not touched."
    let record = "'lesionqc audit show OUTPUT_DIR \(entry.name)' prints what was recorded, with the files by name."
    return entry.state == .interrupted ? [again, record] : ["Remove the cause that is named above. \(again)", record]
  }

  /// - Parameter zero: what is less than this in either direction counts as nothing.
  private static func sign(_ value: Double, _ zero: Double) -> String {
    abs(value) <= zero ? "about zero" : value > 0 ? "positive" : "negative"
  }

  /// `a, b and c`.
  static func listed(_ names: [String]) -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return names.dropLast().joined(separator: ", ") + " and " + last
  }

  static func dropped(_ counts: FindingCounts) -> String {
    "\(Formatting.count(counts.componentsBeforeSizeFilter)) before, \(Formatting.count(counts.lesions)) after the size rule"
  }
}
