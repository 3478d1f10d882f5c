/// How far several readers agree beyond chance on one answer per finding.
///
/// Answers are nominal: every disagreement weighs the same.
public struct Agreement: Hashable, Sendable, Codable {
  /// Findings that every reader answered; only these count.
  public let findings: Int
  public let readers: Int
  /// Share of pairs of readers that gave the same answer, over all findings; nil without a finding.
  public let observed: Double?
  /// Cohen's kappa for two readers, Fleiss' kappa for more; nil without a finding, and where chance alone would agree
  /// always, because every answer is the same.
  public let kappa: Double?

  /// - Parameter answers: one row per finding, one answer per reader in a fixed order; at least two readers.
  /// - Throws: ``ErrorScoreError/lengthsDiffer(what:first:second:)`` when a row has more or fewer answers than the
  ///   first.
  public init(_ answers: [[String]]) throws(ErrorScoreError) {
    let count = answers.first?.count ?? 0
    for row in answers where row.count != count {
      throw .lengthsDiffer(what: "the answers to two findings", first: count, second: row.count)
    }
    findings = answers.count
    readers = count
    guard count >= 2 else {
      (observed, kappa) = (nil, nil)
      return
    }
    let categories = Set(answers.joined()).sorted()
    let perFinding = answers.map { row in categories.map { category in row.count { $0 == category } } }
    let pairs = Double(count * (count - 1))
    let agreeing = perFinding.reduce(0.0) { sum, counts in sum + Double(counts.reduce(0) { $0 + $1 * ($1 - 1) }) / pairs
    }
    let observed = agreeing / Double(answers.count)
    let chance = count == 2 ? Self.cohenChance(answers, categories) : Self.fleissChance(perFinding, readers: count)
    self.observed = observed
    kappa = chance < 1 ? (observed - chance) / (1 - chance) : nil
  }

  /// Each reader has frequencies of their own (Cohen, Educational and Psychological Measurement 1960, doi
  /// 10.1177/001316446002000104).
  private static func cohenChance(_ answers: [[String]], _ categories: [String]) -> Double {
    let total = Double(answers.count)
    return categories.reduce(0) { sum, category in
      let shares = (0..<2).map { reader in Double(answers.count { $0[reader] == category }) / total }
      return sum + shares[0] * shares[1]
    }
  }

  /// Readers share one set of frequencies (Fleiss, Psychological Bulletin 1971, doi 10.1037/h0031619).
  private static func fleissChance(_ perFinding: [[Int]], readers: Int) -> Double {
    let total = Double(perFinding.count * readers)
    return (perFinding.first ?? []).indices.reduce(0) { sum, category in
      let share = Double(perFinding.reduce(0) { $0 + $1[category] }) / total
      return sum + share * share
    }
  }
}
