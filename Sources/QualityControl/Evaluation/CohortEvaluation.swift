public import Archive
import AuditTrail
import ErrorScore
import Files
public import Foundation
import Lesions
import Reports
public import Results

/// Compares the findings of an output folder with reference segmentations: the segmentation, the groups and the
/// rankings.
public enum CohortEvaluation {
  /// Writes tables, plots and a page into a folder and returns what they show.
  ///
  /// - Parameters:
  ///   - output: folder that 'lesionqc run' wrote.
  ///   - reference: BIDS derivatives with reference segmentations.
  ///   - reading: how the masks are read.
  ///   - labels: of the patients wanted, with or without `sub-`; empty: all.
  ///   - folder: is made when it does not exist; files of an earlier evaluation are replaced.
  ///   - attribution: who evaluates, for the trail of the cohort.
  /// - Throws: ``Fault``, errors of `ErrorScore`, and of `Reports` without templates.
  public static func write(
    output: URL, reference: URL, reading: ReferenceReading = ReferenceReading(), labels: [String] = [], to folder: URL,
    by attribution: Attribution = .unnamed, progress: (String) -> Void
  ) throws -> Evaluation {
    guard OutputLayout.hasTrails(output) else { throw OutputLayout.withoutTrails(output) }
    let templates = try TemplateFolder.locate()
    let record = try CohortRecord(of: output, by: attribution)
    let cohort = try LabelledCohort(
      output: output, reference: reference, reading: reading, labels: labels, progress: progress)
    var evaluation = try Self.evaluation(cohort)
    evaluation.cohort.referenceLabels = reading.labels
    do { try DurableFile.makeFolder(folder) } catch { throw Fault.unwritable(folder, error, .otherPlace) }
    let files = try EvaluationFiles.all(evaluation, templates: templates)
    for file in files { try DatasetFiles.replace(folder.appendingPathComponent(file.name), with: file.bytes) }
    try record.append(
      "evaluated", inputs: cohort.inputs, written: files.map { folder.appendingPathComponent($0.name) },
      options: ["participantLabel": .array(labels.map { .string($0) })])
    return evaluation
  }

  static func evaluation(_ cohort: LabelledCohort) throws -> Evaluation {
    var groups: [RegionGroup: [RegionFeatures]] = [:]
    for patient in cohort.patients {
      for group in RegionGroup.allCases { groups[group, default: []] += patient.groups[group] ?? [] }
    }
    guard let model = cohort.patients[0].results.model else {
      throw Fault(.input, cohort.patients[0].name, found: "no network was run")
    }
    return Evaluation(
      cohort: .init(
        model: model, calibrations: Set(cohort.patients.compactMap(\.results.calibration?.sha256)).sorted(),
        samples: cohort.patients.map(\.settings.samples).min()!,
        synthetic: cohort.patients.contains { $0.results.patient.synthetic },
        patients: cohort.patients.map {
          .init(
            name: $0.name, resultsDigest: $0.resultsDigest,
            volumeMillilitres: $0.results.counts.totalLesionVolumeMillilitres, reference: $0.reference)
        }), groups: try RegionGroup.allCases.map { try GroupDistribution($0, groups[$0] ?? []) },
      peaks: RegionGroup.allCases.map { group in
        .init(group: group, flairPeaks: (groups[group] ?? []).map(\.saliency.flairMaximum).sorted())
      }, comparisons: try GroupComparison.all(groups), lesions: try kind(.lesion, cohort.findings),
      candidates: try kind(.candidate, cohort.findings), coverage: coverage(cohort), notes: cohort.notes)
  }

  /// Of the review cut-offs that the reports state; patients that the calibration was fitted on are no test.
  private static func coverage(_ cohort: LabelledCohort) -> CutoffCoverage? {
    CutoffCoverage(
      cohort.patients.compactMap { patient in
        guard let use = patient.results.calibration, !use.fittedOnThisPatient, let cutoff = use.cutoff else {
          return nil
        }
        return CutoffCoverage.Row(patient.list, position: cutoff.position, tolerated: cutoff.rule.tolerated)
      })
  }

  /// The ranking of one kind, and whether its error scores came true where every finding has one.
  private static func kind(_ kind: FindingKind, _ findings: [LabelledFinding]) throws -> Evaluation.Kind {
    let own = findings.filter { $0.kind == kind }
    let scores = own.compactMap(\.errorScore)
    return Evaluation.Kind(
      ranking: try RankingTable(findings, kind: kind),
      reliability: scores.count == own.count ? try Reliability(probabilities: scores, isError: own.map(\.isError)) : nil
    )
  }
}
