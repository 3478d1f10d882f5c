import ErrorScore
import Lesions
import Results

/// The evaluation as Markdown, with its plots beside it.
enum EvaluationPage {
  static func text(_ evaluation: Evaluation) -> String {
    var parts: [[String]] = [["# Findings against reference segmentations", "", introduction(evaluation)]]
    parts.append(segmentation(evaluation))
    parts.append(groups(evaluation))
    parts.append(
      ranking(
        evaluation.lesions.ranking, "Which lesions are false positives?", "retention-lesions.svg", "false positives",
        "true positives"))
    parts.append(
      ranking(
        evaluation.candidates.ranking, "Which candidates are missed lesions?", "retention-candidates.svg",
        "missed lesions", "candidates that are not"))
    parts.append(reliability(evaluation))
    if let coverage = evaluation.coverage {
      parts.append(["## Did the review cut-off hold?", "", EvaluationWording.coverage(coverage)])
    }
    if !evaluation.notes.isEmpty { parts.append(["## Notes", ""] + evaluation.notes.map { "- \($0)" }) }
    return parts.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
  }

  private static func introduction(_ evaluation: Evaluation) -> String {
    let cohort = evaluation.cohort
    let patients = Formatting.counted(cohort.patients.count, "patient or session", "patients and sessions")
    let score =
      switch cohort.calibrations.count {
      case 0: "uncalibrated"
      case 1: "error scores of calibration \(Formatting.shortDigest(cohort.calibrations[0]))"
      default: "several"
      }
    return
      "\(cohort.model.name) \(cohort.model.version) (weights \(Formatting.shortDigest(cohort.model.weightsDigest))), "
      + "\(patients)\(cohort.synthetic ? ", **synthetic**" : ""), "
      + "\(Formatting.counted(cohort.samples, "noise sample", "noise samples")), \(score). "
      + "\(evaluation.software.name) \(evaluation.software.version), research software, not a medical device. "
      + (cohort.patients.count >= CalibrationRule.fewestPatients
        ? "Intervals are 95 %, from \(evaluation.lesions.ranking.replicates) resamples of whole patients."
        : "Below \(CalibrationRule.fewestPatients) patients there are no intervals.")
  }

  private static func table(_ header: [String], _ rows: [[String]]) -> [String] {
    func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
    return [line(header), line(header.map { _ in "---" })] + rows.map(line)
  }

  private static func segmentation(_ evaluation: Evaluation) -> [String] {
    let reference = evaluation.reference
    let pooled = reference.pooled
    let row = [
      Wording.found(reference), Wording.falseLesions(pooled), Formatting.fixed(reference.meanNormalisedDsc, 2),
      Formatting.fixed(reference.meanDsc, 2), Formatting.percent(pooled.truePositiveRate),
      Formatting.percent(pooled.falseDiscoveryRate), Formatting.percent(pooled.falseNegativeRate),
      Formatting.fixed(pooled.f1, 2), "\(pooled.truePositives)", "\(pooled.falsePositives)", "\(pooled.falseNegatives)",
    ]
    var lines = ["## Segmentation", ""]
    lines += table(
      ["found", "false", "nDSC (mean)", "DSC (mean)", "lesion TPR", "FDR", "FNR", "F1", "TP", "FP", "FN"], [row])
    lines += [
      "",
      "Found: reference lesions that a prediction touches; false: predicted lesions that touch none. Rates are pooled "
        + "over lesions: 18-connected components, any overlap. TP counts predicted components, and so does the lesion "
        + "TPR, TP / (TP + FN). Patients one by one, with the difference in volume: `segmentation.tsv`.",
    ]
    return lines
  }

  /// Missed lesions and control regions have maps only in runs with `--controls`.
  private static func isExplained(_ group: GroupDistribution, _ evaluation: Evaluation) -> Bool {
    switch group.group {
    case .falseNegative: group.count > 0 || evaluation.reference.pooled.falseNegatives == 0
    case .trueNegative: group.count > 0
    default: true
    }
  }

  private static func groups(_ evaluation: Evaluation) -> [String] {
    func quartiles(_ q: Quantiles?, _ format: (Double) -> String) -> String {
      guard let q else { return Formatting.undefined }
      return "\(format(q.median)) (\(format(q.lowerQuartile)) to \(format(q.upperQuartile)))"
    }
    func peak(_ value: Double) -> String { Formatting.peak(value) }
    let rows = evaluation.groups.map { group -> [String] in
      [
        EvaluationWording.group(group.group), isExplained(group, evaluation) ? "\(group.count)" : "not explained",
        quartiles(group.quantiles(.flairPeak), peak), quartiles(group.quantiles(.mpragePeak), peak),
        quartiles(group.quantiles(.flairFraction)) { Formatting.fixed($0, 2) },
        Formatting.percent(group.positiveInsideNegativeRim),
      ]
    }
    var lines = [
      "## Groups", "",
      "Median and quartiles of the maximum saliency inside, in logit per SD, and of the FLAIR fraction.", "",
    ]
    lines += table(
      ["group", "n", "FLAIR peak", "MPRAGE peak", "FLAIR fraction", "positive inside, negative in the rim"], rows)
    lines += ["", "![Distribution of the FLAIR peak by group](peaks.svg)"]
    if let order = EvaluationWording.order(evaluation) { lines += ["", order] }
    let tests = evaluation.comparisons.filter { $0.feature == .flairPeak }.map { comparison -> [String] in
      let test = comparison.test
      return [
        "\(comparison.first.rawValue) against \(comparison.second.rawValue)", "\(test.firstCount), \(test.secondCount)",
        Formatting.fixed(test.probabilityOfSuperiority, 2), Formatting.fixed(test.rankBiserial, 2), p(test.pValue),
        test.method.rawValue,
      ]
    }
    guard !tests.isEmpty else { return lines }
    lines += [
      "",
      "FLAIR peaks of two groups, Mann–Whitney U (two-sided; lesions counted as independent, which makes p too small):",
      "",
    ]
    return lines + table(["groups", "n", "P(first > second)", "rank-biserial", "p", "method"], tests)
  }

  private static func p(_ value: Double) -> String { value >= 0.001 ? Formatting.fixed(value, 3) : "< 0.001" }

  private static let measures: [(measure: RankingMeasure, name: String)] = [
    (.areaUnderROC, "AUROC"), (.averagePrecision, "AUPRC"), (.foundAt10, "found in first 10 %"), (.foundAt20, "20 %"),
    (.foundAt30, "30 %"), (.removedAt5, "removed at 5 % lost"), (.removedAt10, "10 % lost"),
    (.retentionGain, "retention gain"),
  ]

  private static func ranking(
    _ ranking: RankingTable, _ heading: String, _ plot: String, _ errors: String, _ correct: String
  ) -> [String] {
    let total = ranking.errorCount + ranking.correctCount
    var lead =
      "\(ranking.errorCount) \(errors) and \(ranking.correctCount) \(correct) in "
      + Formatting.counted(ranking.patients, "patient", "patients")
    if total > 0 { lead += "; base rate \(Formatting.fixed(Double(ranking.errorCount) / Double(total), 2))" }
    var lines = ["## \(heading)", "", lead + ".", ""]
    if !ranking.rows.isEmpty {
      lines += table(
        ["ranked by"] + measures.map(\.name),
        ranking.rows.map { row -> [String] in
          var cells = [EvaluationWording.criterion(row.criterion)]
          for measure in measures { cells.append(EvaluationWording.estimate(row.estimate(measure.measure))) }
          return cells
        })
      lines.append("")
    }
    lines += (EvaluationWording.verdict(ranking) + ranking.notes).map { "- \($0)" }
    if !ranking.rows.isEmpty { lines += ["", "![Retention curve](\(plot))"] }
    return lines
  }

  private static func reliability(_ evaluation: Evaluation) -> [String] {
    var lines: [String] = []
    for (reliability, kind) in [
      (evaluation.lesions.reliability, FindingKind.lesion), (evaluation.candidates.reliability, .candidate),
    ] {
      guard let reliability else { continue }
      lines += ["", EvaluationWording.reliability(reliability, kind), ""]
      lines += table(
        ["fifth of the findings", "n", "mean score", "errors observed"],
        reliability.bins.enumerated().map { index, bin -> [String] in
          ["\(index + 1)", "\(bin.count)", Formatting.fixed(bin.meanPredicted, 2), Formatting.fixed(bin.observed, 2)]
        })
    }
    return lines.isEmpty ? [] : ["## Did the error scores come true?"] + lines
  }
}
