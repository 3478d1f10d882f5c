import Lesions
import Statistics

/// What the findings of one kind are ranked by, for every criterion that they allow.
struct RankingScores {
  /// One value per finding, higher is looked at earlier.
  private(set) var scores: [(criterion: RankingCriterion, values: [Double])] = []
  /// Why a criterion is missing.
  private(set) var notes: [String] = []

  init(_ findings: [LabelledFinding], _ kind: FindingKind, _ criteria: [RankingCriterion]) {
    for criterion in criteria {
      switch criterion {
      case .errorScore: add(criterion, findings.map(\.errorScore))
      case .crossValidatedPeaks: crossValidated(criterion, .peaks, findings, kind)
      case .crossValidatedExtended: crossValidated(criterion, .extended, findings, kind)
      case .peakOfSum:
        guard findings.allSatisfy({ $0.features.flairMaximumOfMean == nil }) else { continue }
        add(criterion, findings.map { (kind == .lesion ? -1 : 1) * $0.flairSumPeak })
      case .feature: addWithMedian(criterion, findings.map { criterion.suspicion(kind, $0.features) })
      case .random: break
      default: add(criterion, findings.map { criterion.suspicion(kind, $0.features) })
      }
    }
  }

  /// Left out unless every finding has a value.
  private mutating func add(_ criterion: RankingCriterion, _ values: [Double?]) {
    let defined = values.compactMap { $0 }
    if !defined.isEmpty, defined.count == values.count { scores.append((criterion, defined)) }
  }

  /// A finding for which a feature is not defined stands in the middle of the others.
  private mutating func addWithMedian(_ criterion: RankingCriterion, _ values: [Double?]) {
    guard let middle = median(values.compactMap { $0 }) else { return }
    scores.append((criterion, values.map { $0 ?? middle }))
  }

  private mutating func crossValidated(
    _ criterion: RankingCriterion, _ set: FeatureSet, _ findings: [LabelledFinding], _ kind: FindingKind
  ) {
    do {
      try CalibrationRule.require(findings, kind)
      scores.append((criterion, try CrossValidation.evidence(of: findings, features: set.features)))
    } catch { notes.append("No cross-validated \(set.rawValue) model: \(error).") }
  }
}
