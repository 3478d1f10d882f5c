import Lesions

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
      + "and FLAIR with contours. Volume \(Formatting.cubicMillimetres(finding.volumeMillimetres3)) mm³, \(saliency), "
      + "mean probability \(Formatting.probability(finding.meanProbability))."
  }

  static func mapsAlt(_ finding: FindingFacts) -> String {
    func range(_ peaks: ChannelPeaks) -> String {
      "\(Formatting.peak(peaks.mapLowest.value)) to \(Formatting.peak(peaks.mapHighest.value))"
    }
    guard finding.hasSaliency else {
      return "\(finding.id), the same slices without a saliency map, and the whole slice with the frame of the crop."
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
    Formatting.counted(results.lesions.count, "lesion", "lesions") + " and "
      + Formatting.counted(results.candidates.count, "missed-lesion candidate", "missed-lesion candidates")
  }

  static func coverage(pictured: Int, of total: Int) -> String {
    total == 0
      ? "There is no finding to picture."
      : "\(pictured) of \(Formatting.counted(total, "finding", "findings")) pictured "
        + "(\(Formatting.percent(Double(pictured) / Double(total))))."
  }

  /// What the two channels and the surroundings contributed, in words.
  static func explanation(_ finding: FindingFacts) -> [String] {
    var sentences: [String] = []
    guard finding.hasSaliency else {
      return [noSaliency] + (finding.wasDroppedSmallComponent ? [droppedPart] : [])
    }
    if let share = finding.flairShare {
      sentences.append(
        "FLAIR carries \(Formatting.percent(share)) of the absolute saliency, MPRAGE \(Formatting.percent(1 - share)).")
    }
    let balance = finding.signBalance
    let inside = "Mean FLAIR saliency is \(sign(balance.meanInside)) inside (\(Formatting.peak(balance.meanInside)))"
    if let rim = balance.meanRim {
      sentences.append("\(inside) and \(sign(rim)) in the rim 2–5 mm around it (\(Formatting.peak(rim))).")
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

  /// By what the work list is ordered, without a calibration.
  static func orderBasis(_ results: PatientResults) -> String {
    guard let external = results.external, !external.hasSaliency else { return "a raw saliency peak" }
    return external.hasProbability ? "mean lesion probability alone" : "lesion size alone"
  }

  static let noReason = "No reason was recorded."

  static func failureSteps(_ entry: CohortEntry) -> [String] {
    let again = "Run the patient again; the others are not touched."
    let record = "'lesionqc audit show OUTPUT_DIR \(entry.name)' prints what was recorded, with the files by name."
    return entry.state == .interrupted ? [again, record] : ["Remove the cause that is named above. \(again)", record]
  }

  /// Who made the mask.
  static func maskOrigin(_ external: ExternalSegmentation) -> String { external.tool ?? "mask of another program" }

  private static func sign(_ value: Double) -> String {
    value > 0 ? "positive" : value < 0 ? "negative" : "zero"
  }

  /// What the error scores rest on.
  static func calibration(_ facts: CalibrationFacts) -> String {
    func kind(_ kind: CalibrationFacts.KindFacts) -> String {
      let area = Formatting.fixed(kind.areaUnderROC, 2)
      guard let lower = kind.areaUnderROCLower, let upper = kind.areaUnderROCUpper else { return "AUROC \(area)" }
      return "AUROC \(area), 95\u{A0}% \(Formatting.fixed(lower, 2)) to \(Formatting.fixed(upper, 2))"
    }
    return
      "The error score is the probability that a lesion is a false positive or a candidate a missed lesion, calibrated on "
      + "\(Formatting.counted(facts.patients, "labelled patient", "labelled patients"))\(facts.synthetic ? " (synthetic)" : "") of the "
      + "same model. On patients that it had not seen: lesions \(kind(facts.lesions)); candidates \(kind(facts.candidates))."
  }

  /// What is left after the first findings.
  static func stopLine(_ line: CalibrationFacts.StopLine, of total: Int) -> String {
    "After the first \(line.position) of \(total) the expected remaining errors are "
      + "\(Formatting.fixed(line.expectedRemainingErrors, 1)) of \(Formatting.fixed(line.expectedErrors, 1)). Lesions that the network "
      + "does not see at all are in neither number."
  }

  /// The line of the work list that stands there.
  static func stopRow(_ line: CalibrationFacts.StopLine) -> String {
    "Below this line \(Formatting.fixed(line.expectedRemainingErrors, 1)) errors are expected."
  }

  static func dropped(_ counts: FindingCounts) -> String {
    "\(Formatting.count(counts.componentsBeforeSizeFilter)) before, \(Formatting.count(counts.lesions)) after the size rule"
  }

  static func candidatesLeftOut(_ counts: FindingCounts) -> String {
    counts.candidatesLeftOut == 0
      ? "none left out" : "\(Formatting.count(counts.candidatesLeftOut)) more left out by the maximum"
  }

  static func noLesion(_ results: PatientResults) -> String {
    let small = results.counts.droppedSmallComponents
    let mask =
      small == 0
      ? "The mask is empty."
      : "\(Formatting.counted(small, "component was", "components were")) too small for the size rule and dropped."
    let leftOut = results.counts.candidatesLeftOut
    let candidates =
      results.candidates.isEmpty
      ? leftOut == 0
        ? "No other place reached the candidate threshold."
        : "\(Formatting.counted(leftOut, "place", "places")) that reached the candidate threshold "
          + "\(leftOut == 1 ? "is" : "are") not shown, as the run asked."
      : "\(Formatting.counted(results.candidates.count, "place", "places")) that the network nearly marked "
        + "\(results.candidates.count == 1 ? "is" : "are") in the work list."
    return "\(mask) \(candidates) This is the network's answer, not proof that there is no lesion."
  }
}
