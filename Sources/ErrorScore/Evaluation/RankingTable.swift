public import Lesions

/// How well one criterion ranks.
public struct RankingRow: Hashable, Sendable, Codable {
  public let criterion: RankingCriterion
  /// In the order of `RankingMeasure.allCases`; one that is not defined is left out.
  public let measures: [Measured]
  /// Area under the ROC curve minus that of the saliency peak, on the same resamples; nil for the peak and for random.
  public let gainOverPeak: Estimate?
  /// The same minus that of the error score; nil for the error score, where there is none, and for random.
  public let gainOverScore: Estimate?
  /// Nil for random.
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

  /// The same table with its curves read off at whole percents.
  var withCurvesAtPercents: RankingTable {
    var copy = self
    for index in copy.rows.indices { copy.rows[index].retention = rows[index].retention?.atPercents }
    return copy
  }

  public func row(_ criterion: RankingCriterion) -> RankingRow? { rows.first { $0.criterion == criterion } }

  /// Ranks the findings of one kind by every criterion that they allow.
  ///
  /// - Parameters:
  ///   - findings: of all kinds; the others are left out.
  /// - Throws: when a score is not a number.
  public init(_ findings: [LabelledFinding], kind: FindingKind, bootstrap: PatientBootstrap = PatientBootstrap())
    throws(ErrorScoreError)
  {
    let findings = findings.filter { $0.kind == kind }
    let isError = findings.map(\.isError)
    var (scores, notes) = Self.scores(findings, kind)
    let clusters = Set(findings.map(\.cluster)).sorted()
    let position = Dictionary(uniqueKeysWithValues: clusters.enumerated().map { ($1, $0) })
    let cluster = findings.map { position[$0.cluster]! }

    var whole: [RankingStatistics] = []
    for score in scores { whole.append(try RankingStatistics(scores: score.values, isError: isError)) }
    let errors = isError.count { $0 }
    if whole.first?.areaUnderROC == nil {
      notes.append("Without both errors and correct findings nothing can be ranked.")
      scores = []
      whole = []
    }
    let orders = scores.map { score in score.values.indices.sorted { score.values[$0] > score.values[$1] } }
    // [criterion][measure][replicate]
    var resampled = scores.map { _ in RankingMeasure.allCases.map { _ in [Double?]() } }
    for replicate in 0..<(scores.isEmpty ? 0 : bootstrap.replicates) {
      let times = bootstrap.times(replicate, patients: clusters.count)
      for index in scores.indices {
        let ranking = RankingStatistics(order: orders[index], scores: scores[index].values, isError: isError) {
          times[cluster[$0]]
        }
        for (m, measure) in RankingMeasure.allCases.enumerated() {
          resampled[index][m].append(measure.value(of: ranking))
        }
      }
    }
    func gain(of index: Int, over criterion: RankingCriterion) -> Estimate? {
      guard let reference = scores.firstIndex(where: { $0.criterion == criterion }), reference != index,
        let own = whole[index].areaUnderROC, let other = whole[reference].areaUnderROC
      else { return nil }
      return bootstrap.estimate(
        own - other,
        zip(resampled[index][0], resampled[reference][0]).map { a, b in a.flatMap { a in b.map { a - $0 } } },
        patients: clusters.count)
    }
    rows =
      scores.indices.map { index in
        RankingRow(
          criterion: scores[index].criterion,
          measures: RankingMeasure.allCases.enumerated().compactMap { m, measure in
            measure.value(of: whole[index]).map {
              .init(measure: measure, estimate: bootstrap.estimate($0, resampled[index][m], patients: clusters.count))
            }
          }, gainOverPeak: gain(of: index, over: .saliencyPeak), gainOverScore: gain(of: index, over: .errorScore),
          retention: whole[index].retentionCurve)
      } + (scores.isEmpty ? [] : [Self.random(errors, findings.count - errors)])
    self.kind = kind
    patients = clusters.count
    errorCount = errors
    correctCount = findings.count - errors
    replicates = bootstrap.replicates
    seed = bootstrap.seed
    self.notes = notes
  }

  private static func random(_ errors: Int, _ correct: Int) -> RankingRow {
    RankingRow(
      criterion: .random,
      measures: RankingMeasure.allCases.compactMap { measure in
        measure.expectedOfRandomOrder(errors: errors, correct: correct).map {
          .init(measure: measure, estimate: Estimate(value: $0))
        }
      }, gainOverPeak: nil, gainOverScore: nil, retention: nil)
  }

  private typealias Score = (criterion: RankingCriterion, values: [Double])

  private static func scores(_ findings: [LabelledFinding], _ kind: FindingKind) -> ([Score], [String]) {
    var (scores, notes): ([Score], [String]) = ([], [])
    for criterion in RankingCriterion.allCases {
      switch criterion {
      case .errorScore:
        let values = findings.compactMap(\.errorScore)
        if values.count == findings.count && !values.isEmpty { scores.append((criterion, values)) }
      case .crossValidatedPeaks, .crossValidatedExtended:
        let set: FeatureSet = criterion == .crossValidatedPeaks ? .peaks : .extended
        do {
          try CalibrationRule.require(findings, kind)
          scores.append((criterion, try CrossValidation.evidence(of: findings, features: set.features)))
        } catch { notes.append("No cross-validated \(set.rawValue) model: \(error).") }
      case .random: break
      case .peakOfSum:
        guard findings.allSatisfy({ $0.features.flairMaximumOfMean == nil }), !findings.isEmpty else { continue }
        scores.append((criterion, findings.map { (kind == .lesion ? -1 : 1) * $0.flairSumPeak }))
      case .peakOfMean:
        let values = findings.compactMap { criterion.suspicion(kind, $0.features) }
        if values.count == findings.count && !values.isEmpty { scores.append((criterion, values)) }
      case .saliencyPeak, .volume, .meanProbability, .maximumProbability, .meanEntropy:
        scores.append((criterion, findings.map { criterion.suspicion(kind, $0.features)! }))
      }
    }
    return (scores, notes)
  }
}
