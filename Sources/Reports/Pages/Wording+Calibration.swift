import ErrorScore
import Lesions
import Results

/// Sentences about error scores: what they are made of, how good they are, and what is left below a line.
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

  static func error(_ kind: FindingKind) -> String { kind == .lesion ? "false positive" : "missed lesion" }

  /// What the error scores rest on.
  static func calibration(_ facts: CalibrationFacts) -> String {
    let areas = [facts.lesions, facts.candidates].map { Formatting.fixed($0.areaUnderROC, 2) }
    var text =
      "The error score is the probability of an error, made of \(features(facts)), calibrated on "
      + "\(Formatting.counted(facts.patients, "labelled patient", "labelled patients"))\(facts.synthetic ? " (synthetic)" : "") of the "
      + "same model. AUROC on other patients: \(areas[0]) for lesions and \(areas[1]) for candidates"
    if let (lesions, candidates) = peakAlone(facts) {
      text += "; FLAIR peak alone \(lesions) and \(candidates) (0.5 is chance)"
    }
    text += "."
    if let draws = facts.scoringDraws {
      text +=
        " Saliency enters the score as it was with the first \(draws) noise draws, as many as the calibrating maps had."
    }
    return text
  }

  /// The measured numbers of the score, in words.
  private static func features(_ facts: CalibrationFacts) -> String {
    let features = FeatureSet(rawValue: facts.features)?.features ?? []
    if features == [.flairPeak] { return "the FLAIR peak alone" }
    return listed(features.map(feature))
  }

  private static func feature(_ feature: ScoreFeature) -> String {
    switch feature {
    case .flairPeak: "FLAIR peak"
    case .negativePeak: "lowest FLAIR saliency"
    case .mpragePeak: "MPRAGE peak"
    case .flairShare: "FLAIR share"
    case .rimBalance: "inside minus rim"
    case .volume: "volume"
    case .meanProbability: "mean probability"
    case .maximumProbability: "highest probability"
    case .meanEntropy: "mean entropy"
    }
  }

  /// Areas under the ROC curve of the peak; nil in results of earlier versions.
  private static func peakAlone(_ facts: CalibrationFacts) -> (lesions: String, candidates: String)? {
    guard let lesions = facts.lesions.peakAreaUnderROC, let candidates = facts.candidates.peakAreaUnderROC
    else { return nil }
    return (Formatting.fixed(lesions, 2), Formatting.fixed(candidates, 2))
  }

  /// What a high or low peak says of a finding: as much as was measured, and no more. Nil where there are no peaks.
  static func peakAdvice(_ results: PatientResults) -> String? {
    guard results.hasMaps else { return nil }
    guard let facts = results.calibrationFacts else {
      return
        "In the study that proposed the FLAIR peak true lesions had higher peaks than false positives, and missed lesions higher ones "
        + "than healthy tissue. This need not hold for this network and these images."
    }
    func area(_ kind: CalibrationFacts.KindFacts) -> String {
      let area = Formatting.fixed(kind.areaUnderROC, 2)
      guard let lower = kind.areaUnderROCLower, let upper = kind.areaUnderROCUpper else { return area }
      return "\(area) (95\u{A0}% \(Formatting.fixed(lower, 2)) to \(Formatting.fixed(upper, 2)))"
    }
    let score =
      "Go by the error score: on patients that it had not seen it told errors from the rest with an AUROC of \(area(facts.lesions)) "
      + "for lesions and \(area(facts.candidates)) for candidates; 0.5 is chance, 1 perfect."
    guard let (lesions, candidates) = peakAlone(facts) else {
      return score + " How far the FLAIR peak goes alone is not known."
    }
    return score + " The FLAIR peak alone reached \(lesions) and \(candidates) with this network."
  }

  /// What is left after the first findings.
  static func stopLine(_ line: CalibrationFacts.StopLine, of total: Int) -> String {
    let (all, rest) = (expected(line.expectedErrors), expected(line.expectedRemainingErrors))
    return
      "\(all.prefix(1).uppercased() + all.dropFirst()) expected in all \(Formatting.counted(total, "finding", "findings")); after the first "
      + "\(line.position) \(rest) still expected. Lesions that the network does not see at all are in neither number."
  }

  /// The line of the work list that stands there.
  static func stopRow(_ line: CalibrationFacts.StopLine) -> String {
    "Below this line \(expected(line.expectedRemainingErrors)) expected."
  }

  /// `about 5 errors are`; a sum of probabilities knows no tenths of an error.
  private static func expected(_ errors: Double) -> String {
    let count = Int(errors.rounded())
    return switch count {
    case 0: errors > 0 ? "less than 1 error is" : "no error is"
    case 1: "about 1 error is"
    default: "about \(Formatting.count(count)) errors are"
    }
  }
}
