import ErrorScore
import Results

/// How well scores, baselines and single features rank.
extension EvaluationPage {
  private static let measures: [(measure: RankingMeasure, name: String)] = [
    (.averagePrecision, "AUPRC"), (.foundAt10, "found in first 10 %"), (.foundAt20, "20 %"), (.foundAt30, "30 %"),
    (.removedAt5, "removed at 5 % lost"), (.removedAt10, "10 % lost"), (.retentionGain, "retention gain"),
  ]

  private static let areas = [
    "AUROC", "within patients", "AUROC minus that of mean probability", "within patients, minus",
  ]

  static func rankings(_ ranking: RankingTable) -> [EvaluationSection.Block] {
    let single = ranking.rows.filter(\.criterion.isSingleFeature)
    let scores = ranking.rows.filter { !$0.criterion.isSingleFeature }
    return [
      .table(
        ["ranked by"] + areas + measures.map(\.name),
        scores.map { row in cells(row) + measures.map { EvaluationWording.estimate(row.estimate($0.measure)) } }),
      .paragraph(within),
    ] + lists(ranking)
      + (single.isEmpty
        ? []
        : [
          .paragraph(
            "Every further feature by itself, in the direction of its definition. One that is not defined stands in "
              + "the middle; where it makes the order without a calibration, where that puts it."),
          .table(["ranked by"] + areas, single.map(cells)),
        ])
  }

  private static func cells(_ row: RankingRow) -> [String] {
    [EvaluationWording.criterion(row.criterion)]
      + [row.estimate(.areaUnderROC), row.withinPatient?.mean, row.gainOverProbability, row.gainOverProbabilityWithin]
      .map(EvaluationWording.estimate)
  }

  private static let within =
    "Within patients: the mean of the areas inside the lists that hold errors and correct findings, which is what the "
    + "reader of one list feels. All criteria list by list: `within.tsv`."

  private static let listed: [RankingCriterion] = [
    .errorScore, .crossValidatedExtended, .saliencyPeak, .meanProbability,
  ]

  /// One row per list, for the scores and their baseline.
  private static func lists(_ ranking: RankingTable) -> [EvaluationSection.Block] {
    let columns = listed.compactMap { ranking.row($0) }.compactMap { row in row.withinPatient.map { (row, $0.lists) } }
    guard let lists = columns.first?.1, !lists.isEmpty else { return [] }
    return [
      .table(
        ["AUROC within", "errors", "others"] + columns.map { EvaluationWording.criterion($0.0.criterion) },
        lists.enumerated().map { index, list in
          [list.name, "\(list.errors)", "\(list.correct)"]
            + columns.map { Formatting.fixed($0.1[index].areaUnderROC, 2) }
        })
    ]
  }
}
