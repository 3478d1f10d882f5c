import ErrorScore
import Lesions
public import Results

/// The tables of an evaluation for other programs.
enum EvaluationTables {
  private static func number(_ value: Double?) -> String? { TabSeparated.number(value) }

  /// One row per patient.
  static func segmentation(_ evaluation: Evaluation) -> [UInt8] {
    var table = TabSeparated([
      "patient", "dsc", "normalised_dsc", "lesion_tpr", "lesion_fdr", "lesion_fnr", "lesion_f1", "lesion_ppv",
      "true_positives", "false_positives", "false_negatives", "reference_lesions", "reference_lesions_found",
      "reference_volume_ml", "volume_difference_ml", "volume_difference_percent", "results_sha256",
    ])
    for patient in evaluation.cohort.patients {
      let reference = patient.reference
      let difference = reference.volumeDifference(to: patient.volumeMillilitres)
      table.append([
        patient.name, number(reference.dsc), number(reference.normalisedDsc), number(reference.lesionTruePositiveRate),
        number(reference.lesionFalseDiscoveryRate), number(reference.lesionFalseNegativeRate),
        number(reference.lesionF1), number(reference.lesionPositivePredictiveValue),
        "\(reference.detection.truePositives)", "\(reference.detection.falsePositives)",
        "\(reference.detection.falseNegatives)", "\(reference.lesions)", "\(reference.foundLesions)",
        number(reference.volumeMillilitres), number(difference.millilitres), number(difference.percent),
        patient.resultsDigest,
      ])
    }
    return table.bytes
  }

  /// One row per group and feature.
  static func groups(_ evaluation: Evaluation) -> [UInt8] {
    var table = TabSeparated([
      "group", "regions", "feature", "count", "minimum", "p10", "p25", "median", "p75", "p90", "maximum",
    ])
    for group in evaluation.groups {
      for feature in group.features {
        let q = feature.quantiles
        table.append(
          [group.group.rawValue, "\(group.count)", feature.feature.rawValue, "\(q.count)"]
            + [q.minimum, q.tenth, q.lowerQuartile, q.median, q.upperQuartile, q.ninetieth, q.maximum].map {
              number($0)
            })
      }
    }
    return table.bytes
  }

  /// One row per pair of groups and feature.
  static func comparisons(_ evaluation: Evaluation) -> [UInt8] {
    var table = TabSeparated([
      "first", "second", "feature", "first_count", "second_count", "u", "p_value", "method",
      "probability_of_superiority", "rank_biserial",
    ])
    for comparison in evaluation.comparisons {
      let test = comparison.test
      table.append([
        comparison.first.rawValue, comparison.second.rawValue, comparison.feature.rawValue, "\(test.firstCount)",
        "\(test.secondCount)", number(test.u), number(test.pValue), test.method.rawValue,
        number(test.probabilityOfSuperiority), number(test.rankBiserial),
      ])
    }
    return table.bytes
  }

  /// One row per kind, criterion and measure.
  static func ranking(_ evaluation: Evaluation) -> [UInt8] {
    var table = TabSeparated([
      "kind", "criterion", "measure", "value", "lower", "upper", "errors", "correct", "patients",
    ])
    for ranking in [evaluation.lesions.ranking, evaluation.candidates.ranking] {
      for row in ranking.rows {
        let gains = [("areaUnderROCMinusPeak", row.gainOverPeak), ("areaUnderROCMinusErrorScore", row.gainOverScore)]
          .compactMap { name, gain in gain.map { (name, $0) } }
        for (name, estimate) in row.measures.map({ ($0.measure.rawValue, $0.estimate) }) + gains {
          table.append([
            ranking.kind.rawValue, row.criterion.rawValue, name, number(estimate.value), number(estimate.lower),
            number(estimate.upper), "\(ranking.errorCount)", "\(ranking.correctCount)", "\(ranking.patients)",
          ])
        }
      }
    }
    return table.bytes
  }
}

extension EvaluationTables {
  /// One row per list with a review cut-off.
  static func cutoff(_ coverage: CutoffCoverage) -> [UInt8] {
    var table = TabSeparated([
      "patient", "findings", "reviewed", "errors", "errors_below_cutoff", "tolerated_fraction", "more_than_tolerated",
    ])
    for row in coverage.rows {
      table.append([
        row.name, "\(row.findings)", "\(row.position)", "\(row.errors)", "\(row.errorsBelow)", number(row.tolerated),
        row.isLost ? "true" : "false",
      ])
    }
    return table.bytes
  }
}

/// What `lesionqc evaluate` leaves: one page, its plots, and every number as tables and JSON.
public enum EvaluationFiles {
  /// Names and bytes; equal evaluations give equal bytes.
  public static func all(_ evaluation: Evaluation) throws -> [(name: String, bytes: [UInt8])] {
    [
      ("evaluation.md", Array(EvaluationPage.text(evaluation).utf8)),
      ("peaks.svg", Array(PeakPlot.svg(evaluation.peaks).utf8)),
      ("retention-lesions.svg", Array(RetentionPlot.svg(evaluation.lesions.ranking).utf8)),
      ("retention-candidates.svg", Array(RetentionPlot.svg(evaluation.candidates.ranking).utf8)),
      ("segmentation.tsv", EvaluationTables.segmentation(evaluation)),
      ("groups.tsv", EvaluationTables.groups(evaluation)),
      ("comparisons.tsv", EvaluationTables.comparisons(evaluation)),
      ("ranking.tsv", EvaluationTables.ranking(evaluation)), ("evaluation.json", try PrettyJSON.bytes(of: evaluation)),
    ] + (evaluation.coverage.map { [("cutoff.tsv", EvaluationTables.cutoff($0))] } ?? [])
  }
}
