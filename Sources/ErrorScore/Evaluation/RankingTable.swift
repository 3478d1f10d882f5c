public import Lesions

/// How well one criterion ranks.
public struct RankingRow: Hashable, Sendable, Codable {
  public let criterion: RankingCriterion
  /// In the order of `RankingMeasure.allCases`; one that is not defined is left out.
  public let measures: [Measured]
  /// Inside single lists; nil for random, without a list of both kinds, and in files of earlier versions.
  public internal(set) var withinPatient: WithinPatient?
  /// Area under the ROC curve minus that of another criterion, on the same resamples; nil for that one itself, for
  /// random, and where there is none.
  public let gainOverPeak: Estimate?
  public let gainOverScore: Estimate?
  public let gainOverProbability: Estimate?
  /// The same of the mean over lists: paired list by list.
  public let gainOverProbabilityWithin: Estimate?
  /// Nil for random and for single features.
  public internal(set) var retention: RetentionCurve?

  public struct Measured: Hashable, Sendable, Codable {
    public let measure: RankingMeasure
    public let estimate: Estimate
  }

  public func estimate(_ measure: RankingMeasure) -> Estimate? { measures.first { $0.measure == measure }?.estimate }
}

/// Every criterion on the same findings of one kind, with confidence intervals from the same resamples of patients.
public struct RankingTable: Hashable, Sendable, Codable {
  public let kind: FindingKind
  public let patients: Int
  public let errorCount: Int
  public let correctCount: Int
  public let replicates: Int
  public let seed: UInt64
  public private(set) var rows: [RankingRow]
  /// Why a criterion is missing.
  public let notes: [String]

  /// The same table for a calibration file: curves read off at whole percents, and no patient named.
  var forCalibration: RankingTable {
    var copy = self
    for index in copy.rows.indices {
      copy.rows[index].retention = rows[index].retention?.atPercents
      copy.rows[index].withinPatient?.lists = []
    }
    return copy
  }

  public func row(_ criterion: RankingCriterion) -> RankingRow? { rows.first { $0.criterion == criterion } }

  /// Ranks the findings of one kind by every criterion that they allow.
  ///
  /// - Parameters:
  ///   - findings: of all kinds; the others are left out.
  ///   - criteria: of which those are left out that the findings do not allow.
  /// - Throws: when a score is not a number.
  public init(
    _ findings: [LabelledFinding], kind: FindingKind, criteria: [RankingCriterion] = RankingCriterion.allCases,
    bootstrap: PatientBootstrap = PatientBootstrap()
  ) throws(ErrorScoreError) {
    let findings = findings.filter { $0.kind == kind }
    errorCount = findings.count { $0.isError }
    correctCount = findings.count - errorCount
    self.kind = kind
    replicates = bootstrap.replicates
    seed = bootstrap.seed
    let scores = RankingScores(findings, kind, criteria)
    let resamples = RankingResamples(findings, bootstrap)
    patients = resamples.clusters.count
    guard errorCount > 0, correctCount > 0 else {
      rows = []
      notes = scores.notes + ["Without both errors and correct findings nothing can be ranked."]
      return
    }
    notes = scores.notes
    var ranked: [RankingResamples.Ranked] = []
    for score in scores.scores { ranked.append(try resamples.ranked(score.criterion, score.values)) }
    func reference(_ criterion: RankingCriterion, for own: RankingResamples.Ranked) -> RankingResamples.Ranked? {
      own.criterion == criterion ? nil : ranked.first { $0.criterion == criterion }
    }
    rows =
      ranked.map { own in
        RankingRow(
          criterion: own.criterion, measures: resamples.measures(own), withinPatient: own.within,
          gainOverPeak: reference(.saliencyPeak, for: own).flatMap { resamples.gain(own, over: $0) },
          gainOverScore: reference(.errorScore, for: own).flatMap { resamples.gain(own, over: $0) },
          gainOverProbability: reference(.meanProbability, for: own).flatMap { resamples.gain(own, over: $0) },
          gainOverProbabilityWithin: reference(.meanProbability, for: own).flatMap {
            resamples.gainWithin(own, over: $0)
          }, retention: own.criterion.isSingleFeature ? nil : own.whole.retentionCurve)
      } + [Self.random(errorCount, correctCount)]
  }

  private static func random(_ errors: Int, _ correct: Int) -> RankingRow {
    RankingRow(
      criterion: .random,
      measures: RankingMeasure.allCases.compactMap { measure in
        measure.expectedOfRandomOrder(errors: errors, correct: correct).map {
          .init(measure: measure, estimate: Estimate(value: $0))
        }
      }, withinPatient: nil, gainOverPeak: nil, gainOverScore: nil, gainOverProbability: nil,
      gainOverProbabilityWithin: nil, retention: nil)
  }
}
