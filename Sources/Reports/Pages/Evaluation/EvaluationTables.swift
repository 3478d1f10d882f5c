import ErrorScore
import Lesions
import Results

/// The tables of an evaluation for other programs.
enum EvaluationTables {
  /// Each as a table and its data dictionary.
  static func files(_ evaluation: Evaluation) throws -> [(name: String, bytes: [UInt8])] {
    let rankings = [evaluation.lesions.ranking, evaluation.candidates.ranking]
    return try files("segmentation", segmentation, evaluation.cohort.patients)
      + files("groups", groups, evaluation.groups.flatMap { group in group.features.map { (group, $0) } })
      + files("comparisons", comparisons, evaluation.comparisons)
      + files("ranking", ranking, rankings.flatMap(RankedMeasure.all))
      + files("within", within, rankings.flatMap(RankedList.all))
      + (evaluation.hasReliability
        ? files("calibration", calibration, [evaluation.lesions, evaluation.candidates].flatMap(CalibrationBin.all))
        : []) + (evaluation.coverage.map { try files("cutoff", cutoff, $0.rows) } ?? [])
  }

  private static func files<Row>(_ name: String, _ table: Table<Row>, _ rows: [Row]) throws -> [(String, [UInt8])] {
    [("\(name).tsv", table.bytes(rows)), ("\(name).json", try table.dictionary())]
  }

  private static let features = "Feature, as docs/features.md names it"
  private static let groupLevels = Dictionary(
    uniqueKeysWithValues: RegionGroup.allCases.map { ($0.rawValue, EvaluationWording.groupInFull($0)) })

  private static let rankedBy = "What it was ranked by"
  private static let criteria = Dictionary(
    uniqueKeysWithValues: RankingCriterion.allCases.map { ($0.rawValue, EvaluationWording.criterion($0)) })

  private static var segmentation: Table<Evaluation.Patient> {
    Table(
      [.text("patient", "Patient and session", \.name)]
        + ReferenceColumns.all({ $0.reference }, volume: { $0.volumeMillilitres }) + [
          .text("results_sha256", "Digest of the results file that was compared", \.resultsDigest)
        ])
  }

  private typealias GroupRow = (group: GroupDistribution, feature: GroupDistribution.Feature)

  private static var groups: Table<GroupRow> {
    func quantile(_ name: String, _ words: String, _ value: KeyPath<Quantiles, Double>) -> Column<GroupRow> {
      .number(name, "\(words) of the feature, in its own unit (docs/features.md)") {
        $0.feature.quantiles[keyPath: value]
      }
    }
    return Table([
      .text("group", "What the regions turned out to be", levels: groupLevels, \.group.group.rawValue),
      .count("regions", "Regions of the group", \.group.count), .text("feature", features, \.feature.feature.rawValue),
      .count("count", "Regions for which the feature is defined", \.feature.quantiles.count),
      quantile("minimum", "Minimum", \.minimum), quantile("p10", "10th percentile", \.tenth),
      quantile("p25", "25th percentile", \.lowerQuartile), quantile("median", "Median", \.median),
      quantile("p75", "75th percentile", \.upperQuartile), quantile("p90", "90th percentile", \.ninetieth),
      quantile("maximum", "Maximum", \.maximum),
    ])
  }

  private static var comparisons: Table<GroupComparison> {
    Table([
      .text("first", "Group of the first sample", levels: groupLevels, \.first.rawValue),
      .text("second", "Group of the second sample", levels: groupLevels, \.second.rawValue),
      .text("feature", features, \.feature.rawValue),
      .count("first_count", "Regions of the first sample", \.test.firstCount),
      .count("second_count", "Regions of the second sample", \.test.secondCount),
      .number("u", "Mann–Whitney U of the first sample", \.test.u),
      .number("p_value", "Two-sided p; regions counted as independent, which makes it too small", \.test.pValue),
      .text(
        "method", "How p was found",
        levels: ["exact": "exact distribution of U", "normal": "normal approximation, corrected for ties"],
        \.test.method.rawValue),
      .number("probability_of_superiority", "P(first > second), ties counted half", \.test.probabilityOfSuperiority),
      .number("rank_biserial", "Rank-biserial correlation", \.test.rankBiserial),
    ])
  }

  private static var ranking: Table<RankedMeasure> {
    Table([
      .text("kind", "What was ranked", levels: TableWords.kinds, \.table.kind.rawValue),
      .text("criterion", rankedBy, levels: criteria, \.criterion.rawValue),
      .text("measure", "Measure of the order, by its name in evaluation.json", \.measure),
      .number("value", "Its value", \.estimate.value),
      .number("lower", "Lower end of the 95 % interval over patients", \.estimate.lower),
      .number("upper", "Upper end of the 95 % interval over patients", \.estimate.upper),
      .count("errors", "Findings that are errors of the network", \.table.errorCount),
      .count("correct", "Findings that are not", \.table.correctCount),
      .count("patients", "Patients with such findings", \.table.patients),
    ])
  }

  private static var within: Table<RankedList> {
    Table([
      .text("kind", "What was ranked", levels: TableWords.kinds, \.kind.rawValue),
      .text("criterion", rankedBy, levels: criteria, \.criterion.rawValue),
      .text("patient", "Patient and session whose list it is", \.list.name),
      .number("area_under_roc", "Area under the ROC curve inside the list", \.list.areaUnderROC),
      .count("errors", "Findings of the list that are errors of the network", \.list.errors),
      .count("correct", "Findings of the list that are not", \.list.correct),
    ])
  }

  private static var calibration: Table<CalibrationBin> {
    Table([
      .text("kind", "What has error scores", levels: TableWords.kinds, \.kind.rawValue),
      .count("bin", "Fifth of the findings by error score, from 1", \.number),
      .count("findings", "Findings in it", \.bin.count),
      .number("mean_error_score", "Mean of their error scores", \.bin.meanPredicted),
      .number("observed_errors", "Share of them that are errors of the network", \.bin.observed),
    ])
  }

  private static var cutoff: Table<CutoffCoverage.Row> {
    Table([
      .text("patient", "Patient and session", \.name), .count("findings", "Findings of the list", \.findings),
      .count("reviewed", "Findings above the cut-off", \.position), .count("errors", "Errors in the list", \.errors),
      .count("errors_below_cutoff", "Errors below the cut-off", \.errorsBelow),
      .number("tolerated_fraction", "Fraction of the errors that may stand below", \.tolerated),
      .flag("more_than_tolerated", "Whether more stand below than may", \.isLost),
    ])
  }
}
