import ErrorScore
public import Foundation
import Lesions
public import Reports
public import Results

/// Compares the findings of an output folder with expert masks: the segmentation, the groups and the rankings.
public enum CohortEvaluation {
  /// Writes tables, plots and a page into a folder and returns what they show.
  ///
  /// - Parameters:
  ///   - output: folder that 'lesionqc run' wrote.
  ///   - truth: BIDS derivatives with expert masks.
  ///   - labels: of the patients wanted, with or without `sub-`; empty: all.
  ///   - folder: is made when it does not exist; files of an earlier evaluation are replaced.
  /// - Throws: ``QualityControlError`` and errors of `ErrorScore`.
  public static func write(
    output: URL, truth: URL, labels: [String] = [], to folder: URL, progress: (String) -> Void
  ) throws -> Evaluation {
    let cohort = try LabelledCohort(output: output, truth: truth, labels: labels, progress: progress)
    let evaluation = try Self.evaluation(cohort)
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw QualityControlError.badOutput(
        "\(folder.path): cannot be made (\(OutputTransaction.reason(error))); choose another folder with --output")
    }
    for file in try EvaluationFiles.all(evaluation) {
      try DatasetFiles.replace(folder.appendingPathComponent(file.name), with: file.bytes)
    }
    return evaluation
  }

  static func evaluation(_ cohort: LabelledCohort) throws -> Evaluation {
    let first = cohort.patients[0].results
    var groups: [RegionGroup: [RegionFeatures]] = [:]
    for patient in cohort.patients {
      for group in RegionGroup.allCases { groups[group, default: []] += patient.groups[group] ?? [] }
    }
    let findings = cohort.findings
    let reliability = try FindingReliability.of(findings)
    return Evaluation(
      software: first.software, model: first.model,
      calibration: Set(cohort.patients.map(\.results.calibration)).count == 1 ? first.calibration : "several",
      samples: cohort.patients.map(\.results.settings.samples).min()!,
      synthetic: cohort.patients.contains { $0.results.patient.synthetic },
      patients: cohort.patients.map { .init(name: $0.name, resultsDigest: $0.resultsDigest, truth: $0.truth) },
      groups: try RegionGroup.allCases.map { try GroupDistribution($0, groups[$0] ?? []) },
      peaks: RegionGroup.allCases.map { group in
        .init(group: group, flairPeaks: (groups[group] ?? []).map(\.flairHighest).sorted())
      },
      comparisons: try GroupComparison.all(groups),
      lesionRanking: try RankingTable(findings, kind: .lesion),
      candidateRanking: try RankingTable(findings, kind: .candidate), lesionReliability: reliability.lesions,
      candidateReliability: reliability.candidates, notes: cohort.notes)
  }
}

/// Whether the error scores of a run came true, where every finding has one.
private enum FindingReliability {
  static func of(_ findings: [LabelledFinding]) throws -> (lesions: Reliability?, candidates: Reliability?) {
    func one(_ own: [LabelledFinding]) throws -> Reliability? {
      let scores = own.compactMap(\.errorScore)
      return scores.count == own.count ? try Reliability(probabilities: scores, isError: own.map(\.isError)) : nil
    }
    return (try one(findings.filter { $0.kind == .lesion }), try one(findings.filter { $0.kind == .candidate }))
  }
}
