import ErrorScore
import Foundation
import Lesions
public import Results

extension Evaluation {
  /// Whether something simpler ranks better than the saliency peak, for the console.
  public var verdicts: [String] {
    [lesions.ranking, candidates.ranking].flatMap { table in
      EvaluationWording.verdict(table).map {
        (table.kind == .lesion ? "lesions: " : "candidates: ") + $0.replacingOccurrences(of: "**", with: "")
      }
    } + [coverage.map(EvaluationWording.coverage)].compactMap { $0 }
  }
}

/// Sentences of an evaluation that are made from numbers.
enum EvaluationWording {
  static func criterion(_ criterion: RankingCriterion) -> String {
    switch criterion {
    case .errorScore: "error score of the calibration"
    case .saliencyPeak: "FLAIR saliency peak"
    case .peakOfSum: "peak of the sum map (the uncalibrated order)"
    case .peakOfMean: "peak of the mean map"
    case .crossValidatedPeaks: "peak, calibrated on the other patients"
    case .crossValidatedExtended: "all features, calibrated on the other patients"
    case .volume: "volume"
    case .meanProbability: "mean probability"
    case .maximumProbability: "maximum probability"
    case .meanEntropy: "mean entropy"
    case .feature(let feature): Wording.feature(feature)
    case .random: "random order"
    }
  }

  static func groupInFull(_ group: RegionGroup) -> String {
    switch group {
    case .truePositive: "lesion of the mask that touches the reference"
    case .falsePositive: "lesion of the mask that touches none of the reference"
    case .falseNegative: "reference lesion that no lesion of the mask touches"
    case .trueNegative: "control region: a predicted lesion's shape in healthy tissue"
    case .missedCandidate: "candidate that touches a missed lesion"
    case .partOfFoundCandidate: "candidate that touches found lesions alone"
    case .otherCandidate: "candidate that touches no lesion of the reference"
    }
  }

  static func group(_ group: RegionGroup) -> String {
    switch group {
    case .truePositive: "TP"
    case .falsePositive: "FP"
    case .falseNegative: "FN"
    case .trueNegative: "TN (control regions)"
    case .missedCandidate: "candidates: missed lesions"
    case .partOfFoundCandidate: "candidates: part of a found lesion"
    case .otherCandidate: "candidates: no lesion"
    }
  }

  /// `0.78 (0.70–0.85)`.
  static func estimate(_ estimate: Estimate?) -> String {
    guard let estimate else { return Formatting.undefined }
    let value = Formatting.fixed(estimate.value, 2)
    guard let lower = estimate.lower, let upper = estimate.upper else { return value }
    return "\(value) (\(Formatting.fixed(lower, 2)) to \(Formatting.fixed(upper, 2)))"
  }

  private static let simple: [RankingCriterion] = [.volume, .meanProbability, .maximumProbability, .meanEntropy]

  /// Whether something simpler ranks better than the error score and than the saliency peak.
  static func verdict(_ table: RankingTable) -> [String] {
    guard let peak = table.row(.saliencyPeak)?.estimate(.areaUnderROC) else { return [] }
    var sentences = overProbability(table)
    if let score = table.row(.errorScore)?.estimate(.areaUnderROC) {
      sentences += compared(table, with: "error score", score) { $0.gainOverScore }
    }
    sentences += compared(table, with: "saliency peak", peak) { $0.gainOverPeak }
    if (peak.lower ?? peak.value) <= 0.5 {
      sentences.append(
        "The saliency peak alone is not shown to be better than a random order: AUROC \(estimate(peak)).")
    }
    func area(_ row: RankingRow) -> Double { row.estimate(.areaUnderROC)?.value ?? 0 }
    let rows = simple.compactMap { table.row($0) }
    if let order = table.row(.peakOfSum), let best = rows.max(by: { area($0) < area($1) }) {
      sentences.append(
        "Without a calibration these findings are ordered by the peak of the sum map, which reaches "
          + "\(Formatting.fixed(area(order), 2)); the best simple figure (\(criterion(best.criterion))) reaches "
          + "\(Formatting.fixed(area(best), 2)).")
    }
    if let all = table.row(.crossValidatedExtended), let best = rows.max(by: { area($0) < area($1) }) {
      sentences.append(
        "All features together, calibrated on the other patients, reach \(Formatting.fixed(area(all), 2)); the best "
          + "simple figure (\(criterion(best.criterion))) reaches \(Formatting.fixed(area(best), 2)).")
    }
    return sentences
  }

  /// One sentence for each simple figure whose area is larger than a reference's, or one that says that none is.
  private static func compared(
    _ table: RankingTable, with name: String, _ reference: Estimate, gain: (RankingRow) -> Estimate?
  ) -> [String] {
    let better = simple.compactMap { table.row($0) }.compactMap { row in gain(row).map { (row, $0) } }.filter {
      $0.1.value > 0
    }
    guard !better.isEmpty else {
      return ["None of volume, probability and entropy has a larger AUROC than the \(name)."]
    }
    return better.map { row, gain in
      let simple = criterion(row.criterion)
      let capitalised = simple.prefix(1).uppercased() + simple.dropFirst()
      let figures =
        "AUROC \(Formatting.fixed(row.estimate(.areaUnderROC)?.value, 2)) against "
        + "\(Formatting.fixed(reference.value, 2)), difference \(estimate(gain))"
      if table.patients < CalibrationRule.fewestPatients {
        return "\(capitalised) is ahead of the \(name), but "
          + "\(Formatting.counted(table.patients, "patient", "patients")) cannot show that it is better: \(figures)."
      }
      return (gain.lower ?? 0) > 0
        ? "**\(capitalised) beats the \(name)**: \(figures)."
        : "\(capitalised) is ahead of the \(name), but the interval of the difference includes 0: \(figures)."
    }
  }

  /// The medians of the FLAIR peak in words, beside the published order.
  static func order(_ evaluation: Evaluation) -> String? {
    let published: [RegionGroup] = [.truePositive, .falsePositive, .falseNegative, .trueNegative]
    let medians = published.compactMap { group in
      evaluation.group(group)?.quantiles(.flairPeak).map { (group, $0.median) }
    }
    guard medians.count > 1 else { return nil }
    let text = medians.map { "\($0.0.rawValue) \(Formatting.peak($0.1))" }.joined(separator: ", ")
    let holds = zip(medians, medians.dropFirst()).allSatisfy { $0.1 > $1.1 }
    return "Median FLAIR peaks: \(text). The published order is TP > FP > FN > TN; "
      + (medians.count < 4 ? "of the groups at hand it " : "here it ") + (holds ? "holds." : "does **not** hold.")
  }

  /// How many patients had more errors below the cut-off than was tolerated, beside what was promised.
  static func coverage(_ coverage: CutoffCoverage) -> String {
    let promised = Formatting.percent(1 / Double(ReviewCutoff.patientsPerLoss))
    let most = Formatting.percent(coverage.rows.map(\.tolerated).max())
    return "Review cut-off: more than \(most) of the listed errors below it in \(coverage.lostPatients) of "
      + "\(Formatting.counted(coverage.patients, "patient", "patients")), \(estimate(coverage.lostShare)); "
      + "promised is at most \(promised) on average. "
      + "Above it stand \(Formatting.percent(coverage.reviewedShare)) of the findings. "
      + "Lesions that stand in no list are not counted. Patients one by one: `cutoff.tsv`."
  }

  static func reliability(_ reliability: Reliability, _ kind: FindingKind) -> String {
    let count = reliability.bins.reduce(0) { $0 + $1.count }
    let rate = Double(reliability.observedErrors) / Double(count)
    return "\(kind == .lesion ? "Lesions" : "Candidates"): \(Formatting.fixed(reliability.expectedErrors, 1)) errors "
      + "expected, \(reliability.observedErrors) found among \(count); Brier score "
      + "\(Formatting.fixed(reliability.brierScore, 3)), \(Formatting.fixed(rate * (1 - rate), 3)) for the base rate "
      + "alone."
  }
}
