import ErrorScore
import Lesions
import Results
import Statistics

/// Sentences about error scores: what they are made of, how good they are, and what the review cut-off promises.
extension Wording {
  /// `63 % likely a false positive`.
  static func errorScore(_ score: Double, _ kind: FindingKind) -> String {
    "\(likelihood(score)) likely a \(error(kind))"
  }

  static func likelihood(_ score: Double) -> String {
    switch score {
    case ..<0.005: "< 1\u{A0}%"
    case 0.995...: "> 99\u{A0}%"
    default: Formatting.percent(score)
    }
  }

  /// What the error scores rest on.
  static func calibration(_ use: CalibrationUse) -> String {
    let patients = Formatting.counted(
      use.patients, "patient with a reference segmentation", "patients with reference segmentations")
    let areas = [use.lesions, use.candidates].map { Formatting.fixed($0.areaUnderROC.value, 2) }
    var text =
      "The error score is the probability of an error, made of \(features(use)), calibrated on "
      + "\(patients)\(use.synthetic ? " (synthetic)" : "") of the same model. AUROC on other patients: \(areas[0]) for "
      + "lesions and \(areas[1]) for candidates"
    if let (lesions, candidates) = peakAlone(use) {
      text += "; FLAIR peak alone \(lesions) and \(candidates) (0.5 is chance)"
    }
    text += "."
    if let samples = use.scoringSamples {
      text +=
        " Saliency enters the score as it was with the first \(samples) noise samples, "
        + "as many as the calibrating maps had."
    }
    return text
  }

  /// The measured numbers of the score, in words.
  private static func features(_ use: CalibrationUse) -> String {
    use.features == .peaks ? "the FLAIR peak alone" : listed(use.features.features.map(feature))
  }

  /// Areas under the ROC curve of the peak; nil where they were not defined.
  private static func peakAlone(_ use: CalibrationUse) -> (lesions: String, candidates: String)? {
    guard let lesions = use.lesions.peakAreaUnderROC, let candidates = use.candidates.peakAreaUnderROC else {
      return nil
    }
    return (Formatting.fixed(lesions, 2), Formatting.fixed(candidates, 2))
  }

  /// What a high or low peak says of a finding: as much as was measured, and no more. Nil where there are no peaks.
  static func peakAdvice(_ results: PatientResults) -> String? {
    guard results.hasMaps else { return nil }
    guard results.statesProbabilities, let use = results.calibration else {
      return "In the study that proposed the FLAIR peak true lesions had higher peaks than false positives, and missed "
        + "lesions higher ones than healthy tissue. This need not hold for this network and these images."
    }
    func area(_ kind: CalibrationUse.Kind) -> String {
      let area = Formatting.fixed(kind.areaUnderROC.value, 2)
      guard let lower = kind.areaUnderROC.lower, let upper = kind.areaUnderROC.upper else { return area }
      return "\(area) (95\u{A0}% \(Formatting.fixed(lower, 2)) to \(Formatting.fixed(upper, 2)))"
    }
    let score =
      "Go by the error score: on patients that it had not seen it told errors from the rest with an AUROC of "
      + "\(area(use.lesions)) for lesions and \(area(use.candidates)) for candidates; 0.5 is chance, 1 perfect."
    guard let (lesions, candidates) = peakAlone(use) else {
      return score + " How far the FLAIR peak goes alone is not known."
    }
    return score + " The FLAIR peak alone reached \(lesions) and \(candidates) with this network."
  }

  /// How far to review, what that promises, and for whom.
  static func cutoff(_ cutoff: CalibrationUse.Cutoff, of total: Int) -> String {
    let rule = cutoff.rule
    let one = Formatting.percent(1 / Double(ReviewCutoff.patientsPerLoss))
    return "Review cut-off: the first \(cutoff.position) of \(Formatting.counted(total, "finding", "findings")). "
      + "Below it stand more than \(Formatting.percent(rule.tolerated)) of a patient's listed errors in at most \(one) "
      + "of patients on average, if this patient is like the \(Formatting.count(rule.patients)) with reference "
      + "segmentations that it was set on. Lesions that stand in no list are not counted."
  }

  /// Why probabilities come without a cut-off; nil where there is one, or nothing that could have one.
  static func noCutoff(_ results: PatientResults) -> String? {
    guard results.statesProbabilities, let use = results.calibration, use.cutoff == nil, !results.reviewOrder.isEmpty
    else { return nil }
    return use.patients < ReviewCutoff.fewestPatients
      ? "No review cut-off: it takes \(ReviewCutoff.fewestPatients) patients with reference segmentations, the "
        + "calibration has \(use.patients)." : "No review cut-off: the calibration was made without one."
  }

  /// The row of the work list that stands there.
  static let cutoffRow = "Review cut-off"

  // MARK: - A peak against those of the calibration

  static func calibrationClass(_ kind: FindingKind, isError: Bool) -> String {
    kind == .lesion ? (isError ? "false positives" : "true positives") : (isError ? "missed lesions" : "no lesions")
  }

  /// Where a peak lies in both classes of the calibration.
  ///
  /// - Parameter samples: after which the peak was read, where there are more.
  static func strip(_ kind: FindingKind, peak: Double, samples: Int?, _ peaks: PeakDistributions) -> String {
    func part(_ peaks: PeakDistribution, isError: Bool) -> String {
      let position =
        switch peak {
        case ..<peaks.fifth: "below 95\u{A0}%"
        case ..<peaks.lowerQuartile: "in the lower quarter"
        case ...peaks.upperQuartile: "in the middle half"
        case ...peaks.ninetyFifth: "in the upper quarter"
        default: "above 95\u{A0}%"
        }
      return "\(position) of \(Formatting.count(peaks.count)) \(calibrationClass(kind, isError: isError))"
    }
    let after = samples.map { " (first \($0) noise samples)" } ?? ""
    return "FLAIR peak \(Formatting.peak(peak))\(after) against the calibration: \(part(peaks.errors, isError: true)), "
      + "\(part(peaks.correct, isError: false)). Box: middle half and median; line: 5 to 95\u{A0}%; "
      + "logarithmic axis, linear around 0."
  }

  static func stripAlt(_ finding: FindingRecord, peak: Double, _ peaks: PeakDistributions) -> String {
    func range(_ peaks: PeakDistribution, isError: Bool) -> String {
      "\(calibrationClass(finding.kind, isError: isError)) from \(Formatting.peak(peaks.fifth)) to "
        + "\(Formatting.peak(peaks.ninetyFifth)), median \(Formatting.peak(peaks.median))"
    }
    return "FLAIR peaks of the calibration's findings in logit per SD: \(range(peaks.errors, isError: true)); "
      + "\(range(peaks.correct, isError: false)). \(finding.id) lies at \(Formatting.peak(peak))."
  }
}
