import Foundation

/// P(X ≤ k) of a binomial variable, each term from its logarithm.
///
/// - Parameters:
///   - count: k, from −1 (an impossible event) to `trials`.
///   - probability: from 0 to 1.
public func binomialCumulative(_ count: Int, of trials: Int, probability: Double) -> Double {
  guard count >= 0 else { return 0 }
  guard count < trials, probability > 0 else { return 1 }
  guard probability < 1 else { return 0 }
  var (term, sum) = (Double(trials) * log1p(-probability), 0.0)
  for k in 0...count {
    sum += exp(term)
    term += log(Double(trials - k)) - log(Double(k + 1)) + log(probability) - log1p(-probability)
  }
  return min(1, sum)
}

/// The exact interval of a binomial proportion: the probabilities under which neither so few nor so many successes are
/// rarer than (1 − level) / 2.
///
/// Source: Clopper and Pearson, Biometrika 1934, doi 10.1093/biomet/26.4.404. Bounds are found by bisection.
///
/// - Parameters:
///   - successes: from 0 to `trials`.
///   - trials: 1 or more.
///   - level: such as 0.95.
public func binomialInterval(_ successes: Int, of trials: Int, level: Double) -> ClosedRange<Double> {
  precondition(trials > 0 && (0...trials).contains(successes), "successes are counted among trials")
  let tail = (1 - level) / 2
  /// Where a cumulative probability that falls with p passes a value.
  func root(_ count: Int, _ value: Double) -> Double {
    var (low, high) = (0.0, 1.0)
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if binomialCumulative(count, of: trials, probability: middle) > value { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
  let lower = successes == 0 ? 0 : root(successes - 1, 1 - tail)
  let upper = successes == trials ? 1 : root(successes, tail)
  return lower...upper
}
