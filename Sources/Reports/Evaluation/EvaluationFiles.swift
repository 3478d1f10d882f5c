import Foundation
public import Results

/// What `lesionqc evaluate` leaves: one page, its plots, and every number as tables and JSON.
public enum EvaluationFiles {
  /// Names and bytes; equal evaluations give equal bytes.
  public static func all(_ evaluation: Evaluation) throws -> [(name: String, bytes: [UInt8])] {
    [
      ("evaluation.md", Array(EvaluationPage.text(evaluation).utf8)),
      ("peaks.svg", Array(PeakPlot.svg(evaluation.peaks).utf8)),
      ("retention-lesions.svg", Array(RetentionPlot.svg(evaluation.lesionRanking).utf8)),
      ("retention-candidates.svg", Array(RetentionPlot.svg(evaluation.candidateRanking).utf8)),
      ("segmentation.tsv", EvaluationTables.segmentation(evaluation)),
      ("groups.tsv", EvaluationTables.groups(evaluation)),
      ("comparisons.tsv", EvaluationTables.comparisons(evaluation)),
      ("ranking.tsv", EvaluationTables.ranking(evaluation)),
      ("evaluation.json", try PrettyJSON.bytes(of: evaluation)),
    ]
  }
}
