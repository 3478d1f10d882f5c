import Statistics

/// P(error | features) of one kind of finding: P(false positive) of a lesion, P(missed lesion) of a candidate.
///
/// A logistic model of features that are brought to a fixed scale and standardised with mean and standard deviation of
/// the cohort. With the peak alone it is monotone in the peak.
public struct ErrorModel: Hashable, Sendable, Codable {
  /// One feature of the model.
  public struct Term: Hashable, Sendable, Codable {
    public let feature: ScoreFeature
    /// On the feature's fixed scale, over the findings of the cohort for which it is defined.
    public let mean: Double
    public let standardDeviation: Double
    /// Change of the log-odds of an error for one standard deviation.
    public let weight: Double
    /// Range of the raw values in the cohort, beyond which the model extrapolates.
    public let lowest: Double
    public let highest: Double
    /// The 1st and 99th percentile of the raw values in the cohort; nil in files of earlier versions.
    public var firstPercentile: Double?
    public var lastPercentile: Double?
  }

  public let terms: [Term]
  public let intercept: Double
  /// C of the penalty, see ``LogisticRegression``.
  public let inversePenalty: Double
  public let errorCount: Int
  public let correctCount: Int

  /// - Throws: when a feature is not a finite number or the findings are all errors or all correct.
  public init(fitting findings: [LabelledFinding], features: [ScoreFeature], inversePenalty: Double = 1)
    throws(ErrorScoreError)
  {
    guard findings.contains(where: \.isError), findings.contains(where: { !$0.isError }) else { throw .oneClass }
    var columns: [[Double]] = []
    var drafts: [(feature: ScoreFeature, mean: Double, deviation: Double, sorted: [Double])] = []
    for feature in features {
      let raw = findings.map { feature.value(of: $0.features) }
      let defined = raw.compactMap { $0 }
      guard !defined.contains(where: { !$0.isFinite }) else {
        throw .notANumber(what: "\(feature.rawValue) of a finding")
      }
      let scaled = defined.map(feature.scaled)
      // A constant feature says nothing: exactly 0 for every finding, it gets the weight 0.
      var (mean, deviation) = (scaled.first ?? 0, 1.0)
      if scaled.contains(where: { $0 != scaled[0] }) {
        mean = scaled.reduce(0, +) / Double(scaled.count)
        deviation = (scaled.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(scaled.count)).squareRoot()
      }
      columns.append(raw.map { $0.map { (feature.scaled($0) - mean) / deviation } ?? 0 })
      drafts.append((feature, mean, deviation, defined.sorted()))
    }
    let rows = findings.indices.map { index in columns.map { $0[index] } }
    let fit = try LogisticRegression(rows: rows, isError: findings.map(\.isError), inversePenalty: inversePenalty)
    terms = zip(drafts, fit.weights).map { draft, weight in
      Term(
        feature: draft.feature, mean: draft.mean, standardDeviation: draft.deviation, weight: weight,
        lowest: draft.sorted.first ?? 0, highest: draft.sorted.last ?? 0,
        firstPercentile: quantile(0.01, ofSorted: draft.sorted), lastPercentile: quantile(0.99, ofSorted: draft.sorted))
    }
    intercept = fit.intercept
    self.inversePenalty = inversePenalty
    errorCount = findings.count { $0.isError }
    correctCount = findings.count - errorCount
  }

  /// Probability of an error, 0 to 1. A feature that is not defined counts as the cohort's mean.
  public func probability(of region: RegionFeatures) -> Double { logistic(intercept + evidence(in: region)) }

  /// What the features add to the log-odds of a finding that is average in all of them.
  func evidence(in region: RegionFeatures) -> Double {
    terms.reduce(0) { sum, term in
      guard let value = term.feature.value(of: region) else { return sum }
      return sum + term.weight * (term.feature.scaled(value) - term.mean) / term.standardDeviation
    }
  }

  /// How many features of a region there are, and how many of them lie outside the cohort's 1st to 99th percentile;
  /// none where the file does not say.
  public func unusual(_ region: RegionFeatures) -> (unusual: Int, known: Int) {
    let inside = terms.compactMap { term -> Bool? in
      guard let value = term.feature.value(of: region), let first = term.firstPercentile, let last = term.lastPercentile
      else { return nil }
      return value >= first && value <= last
    }
    return (inside.count { !$0 }, inside.count)
  }

  /// Features of a region that lie outside the cohort's range.
  public func extrapolated(_ region: RegionFeatures) -> [ScoreFeature] {
    terms.filter { term in
      guard let value = term.feature.value(of: region) else { return false }
      return value < term.lowest || value > term.highest
    }.map(\.feature)
  }
}
