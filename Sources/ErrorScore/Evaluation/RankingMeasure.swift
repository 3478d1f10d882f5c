/// What is measured of a ranking.
public enum RankingMeasure: String, Hashable, Sendable, Codable, CaseIterable {
  case areaUnderROC
  case averagePrecision
  /// Share of the errors among the first 10, 20 and 30 % reviewed.
  case foundAt10
  case foundAt20
  case foundAt30
  /// Share of the errors removed by a cut that loses at most 5 or 10 % of the correct findings.
  case removedAt5
  case removedAt10
  /// Area between the retention curve and that of a random order, as a share of what the oracle reaches.
  case retentionGain

  /// Nil where the findings hold no error, or no correct one that the measure needs.
  public func value(of ranking: RankingStatistics) -> Double? {
    switch self {
    case .areaUnderROC: ranking.areaUnderROC
    case .averagePrecision: ranking.averagePrecision
    case .foundAt10: ranking.shareOfErrorsFound(reviewing: 0.1)
    case .foundAt20: ranking.shareOfErrorsFound(reviewing: 0.2)
    case .foundAt30: ranking.shareOfErrorsFound(reviewing: 0.3)
    case .removedAt5: ranking.shareOfErrorsRemoved(losing: 0.05)
    case .removedAt10: ranking.shareOfErrorsRemoved(losing: 0.1)
    case .retentionGain: ranking.areaUnderROC.map { 2 * $0 - 1 }
    }
  }

  /// Expectation over all orders of findings without ties.
  public func expectedOfRandomOrder(errors: Int, correct: Int) -> Double? {
    guard errors > 0 && correct > 0 else { return nil }
    let total = errors + correct
    func found(_ share: Double) -> Double { (share * Double(total) - 1e-9).rounded(.up) / Double(total) }
    // Errors before the (m + 1)-th correct finding, m being what may be lost: one gap of correct + 1 holds as many as
    // another.
    func removed(_ lost: Double) -> Double {
      ((lost * Double(correct) + 1e-9).rounded(.down) + 1) / Double(correct + 1)
    }
    switch self {
    case .areaUnderROC: return 0.5
    case .averagePrecision:
      // The k-th place holds an error with probability errors / total, and then (k − 1)(errors − 1)/(total − 1) before
      // it.
      let others = Double(errors - 1) / Double(total - 1)
      return (1...total).reduce(0.0) { $0 + (1 + Double($1 - 1) * others) / Double($1) } / Double(total)
    case .foundAt10: return found(0.1)
    case .foundAt20: return found(0.2)
    case .foundAt30: return found(0.3)
    case .removedAt5: return removed(0.05)
    case .removedAt10: return removed(0.1)
    case .retentionGain: return 0
    }
  }
}
