import ErrorScore
import Lesions
import Results

/// What the page of an evaluation says, part by part; ``EvaluationMarkdown`` and ``EvaluationHTML`` write it.
enum EvaluationPage {
  static let title = "Findings against reference segmentations"

  static func sections(_ evaluation: Evaluation) -> [EvaluationSection] {
    [
      segmentation(evaluation), groups(evaluation),
      ranking(
        evaluation.lesions.ranking, "Which lesions are false positives?", .retentionLesions, "false positives",
        "true positives"),
      ranking(
        evaluation.candidates.ranking, "Which candidates are missed lesions?", .retentionCandidates, "missed lesions",
        "candidates that are not"), reliability(evaluation),
      evaluation.coverage.map {
        EvaluationSection("Did the review cut-off hold?", [.paragraph(EvaluationWording.coverage($0))])
      }, evaluation.notes.isEmpty ? nil : EvaluationSection("Notes", [.list(evaluation.notes)]),
    ].compactMap { $0 }
  }

  static func introduction(_ evaluation: Evaluation) -> String {
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

  private static func segmentation(_ evaluation: Evaluation) -> EvaluationSection {
    let reference = evaluation.reference
    let pooled = reference.pooled
    let row = [
      Wording.found(reference), Wording.falseLesions(pooled), Formatting.fixed(reference.meanNormalisedDsc, 2),
      Formatting.fixed(reference.meanDsc, 2), Formatting.percent(pooled.truePositiveRate),
      Formatting.percent(pooled.falseDiscoveryRate), Formatting.percent(pooled.falseNegativeRate),
      Formatting.fixed(pooled.f1, 2), "\(pooled.truePositives)", "\(pooled.falsePositives)", "\(pooled.falseNegatives)",
    ]
    return EvaluationSection(
      "Segmentation",
      [
        .table(
          ["found", "false", "nDSC (mean)", "DSC (mean)", "lesion TPR", "FDR", "FNR", "F1", "TP", "FP", "FN"], [row]),
        .paragraph(
          "Found: reference lesions that a prediction touches; false: predicted lesions that touch none. Rates are "
            + "pooled over lesions: 18-connected components, any overlap. TP counts predicted components, and so does "
            + "the lesion TPR, TP / (TP + FN). Patients one by one, with the difference in volume: "
            + "`segmentation.tsv`."),
      ])
  }

  /// Missed lesions and control regions have maps only in runs with `--controls`.
  private static func isExplained(_ group: GroupDistribution, _ evaluation: Evaluation) -> Bool {
    switch group.group {
    case .falseNegative: group.count > 0 || evaluation.reference.pooled.falseNegatives == 0
    case .trueNegative: group.count > 0
    default: true
    }
  }

  private static func groups(_ evaluation: Evaluation) -> EvaluationSection {
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
    var section = EvaluationSection(
      "Groups",
      [
        .paragraph("Median and quartiles of the maximum saliency inside, in logit per SD, and of the FLAIR fraction."),
        .table(
          ["group", "n", "FLAIR peak", "MPRAGE peak", "FLAIR fraction", "positive inside, negative in the rim"], rows),
        .plot(.peaks),
      ])
    if let order = EvaluationWording.order(evaluation) { section.blocks.append(.paragraph(order)) }
    let tests = evaluation.comparisons.filter { $0.feature == .flairPeak }.map { comparison -> [String] in
      let test = comparison.test
      return [
        "\(comparison.first.rawValue) against \(comparison.second.rawValue)", "\(test.firstCount), \(test.secondCount)",
        Formatting.fixed(test.probabilityOfSuperiority, 2), Formatting.fixed(test.rankBiserial, 2), p(test.pValue),
        test.method.rawValue,
      ]
    }
    guard !tests.isEmpty else { return section }
    section.blocks += [
      .paragraph(
        "FLAIR peaks of two groups, Mann–Whitney U (two-sided; lesions counted as independent, which makes p too "
          + "small):"), .table(["groups", "n", "P(first > second)", "rank-biserial", "p", "method"], tests),
    ]
    return section
  }

  private static func p(_ value: Double) -> String { value >= 0.001 ? Formatting.fixed(value, 3) : "< 0.001" }

  private static func ranking(
    _ ranking: RankingTable, _ heading: String, _ plot: EvaluationPlot, _ errors: String, _ correct: String
  ) -> EvaluationSection {
    let total = ranking.errorCount + ranking.correctCount
    var lead =
      "\(ranking.errorCount) \(errors) and \(ranking.correctCount) \(correct) in "
      + Formatting.counted(ranking.patients, "patient", "patients")
    if total > 0 { lead += "; base rate \(Formatting.fixed(Double(ranking.errorCount) / Double(total), 2))" }
    var section = EvaluationSection(heading, [.paragraph(lead + ".")])
    if !ranking.rows.isEmpty { section.blocks += rankings(ranking) }
    let said = EvaluationWording.verdict(ranking) + ranking.notes
    if !said.isEmpty { section.blocks.append(.list(said)) }
    if !ranking.rows.isEmpty { section.blocks.append(.plot(plot)) }
    return section
  }

  private static func reliability(_ evaluation: Evaluation) -> EvaluationSection? {
    var section = EvaluationSection("Did the error scores come true?", [])
    for (reliability, kind) in [
      (evaluation.lesions.reliability, FindingKind.lesion), (evaluation.candidates.reliability, .candidate),
    ] {
      guard let reliability else { continue }
      section.blocks += [
        .paragraph(EvaluationWording.reliability(reliability, kind)),
        .table(
          ["fifth of the findings", "n", "mean score", "errors observed"],
          reliability.bins.enumerated().map { index, bin -> [String] in
            ["\(index + 1)", "\(bin.count)", Formatting.fixed(bin.meanPredicted, 2), Formatting.fixed(bin.observed, 2)]
          }),
      ]
    }
    guard !section.blocks.isEmpty else { return nil }
    section.blocks.append(.plot(.calibration))
    return section
  }
}
