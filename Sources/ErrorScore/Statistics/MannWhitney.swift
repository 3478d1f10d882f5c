import Foundation
import Statistics

/// Two-sided Mann–Whitney U test of two samples, as `scipy.stats.mannwhitneyu` with `method="auto"` computes it.
///
/// The p value takes every value as independent, which lesions of one patient are not; the effect size does not depend
/// on that. Source: Mann and Whitney, Ann. Math. Stat. 1947.
public struct MannWhitney: Hashable, Sendable, Codable {
  /// How the p value was found.
  public enum Method: String, Hashable, Sendable, Codable {
    /// Exact distribution of U: no ties, and at least one sample of eight values or fewer.
    case exact
    /// Normal approximation, corrected for ties and for continuity.
    case normal
  }

  /// Pairs in which the first value is higher, ties counted one half.
  public let u: Double
  public let pValue: Double
  public let method: Method
  /// P(first > second) + ½ P(equal), the common-language effect size: U / (n·m), the area under the ROC curve.
  public let probabilityOfSuperiority: Double
  public let firstCount: Int
  public let secondCount: Int

  /// Rank-biserial correlation, from −1 to 1; 0 without a difference.
  public var rankBiserial: Double { 2 * probabilityOfSuperiority - 1 }

  /// Nil when a sample is empty.
  ///
  /// - Throws: when a value is not a number.
  public init?(_ first: [Double], _ second: [Double]) throws(ErrorScoreError) {
    guard !(first + second).contains(where: \.isNaN) else { throw .notANumber(what: "value of a Mann–Whitney test") }
    guard !first.isEmpty && !second.isEmpty else { return nil }
    let ranks = midranks(first + second)
    let (n, m) = (first.count, second.count)
    u = ranks[..<n].reduce(0, +) - Double(n * (n + 1)) / 2
    probabilityOfSuperiority = u / (Double(n) * Double(m))
    (firstCount, secondCount) = (n, m)
    let larger = max(u, Double(n) * Double(m) - u)
    let ties = Self.tieSizes(ranks)
    if ties.isEmpty && min(n, m) <= 8 {
      method = .exact
      pValue = Self.exact(larger, n, m)
    } else {
      method = .normal
      pValue = Self.normal(larger, n, m, ties)
    }
  }

  /// Sizes of the groups of equal values, those of two or more.
  private static func tieSizes(_ ranks: [Double]) -> [Int] {
    var sizes: [Int] = []
    var run = 0
    var last = -1.0
    for rank in ranks.sorted() {
      if rank == last {
        run += 1
      } else {
        if run > 1 { sizes.append(run) }
        (last, run) = (rank, 1)
      }
    }
    if run > 1 { sizes.append(run) }
    return sizes
  }

  private static func normal(_ larger: Double, _ n: Int, _ m: Int, _ ties: [Int]) -> Double {
    let total = Double(n + m)
    let product = Double(n) * Double(m)
    let tieTerm = ties.reduce(0.0) { $0 + Double($1) * (Double($1) * Double($1) - 1) } / (total * (total - 1))
    let variance = product / 12 * (total + 1 - tieTerm)
    // All values equal: no evidence either way.
    guard variance > 0 else { return 1 }
    let z = (larger - product / 2 - 0.5) / variance.squareRoot()
    return min(1, erfc(z / 2.squareRoot()))
  }

  /// 2 P(U ≥ larger) over all arrangements, by symmetry 2 P(U ≤ n·m − larger).
  ///
  /// The number of arrangements with each U is the coefficient of the Gaussian binomial Π (1 − qᵐ⁺ⁱ) / (1 − qⁱ),
  /// i = 1 … n with n the smaller sample, multiplied out one factor at a time. Low coefficients depend on lower ones
  /// only and are small, so that nothing large cancels.
  private static func exact(_ larger: Double, _ a: Int, _ b: Int) -> Double {
    let (n, m) = (min(a, b), max(a, b))
    let last = n * m - Int(larger)
    var counts = [Double](repeating: 0, count: last + 1)
    counts[0] = 1
    var arrangements = 1.0
    for i in 1...n {
      for u in stride(from: last, through: m + i, by: -1) { counts[u] -= counts[u - m - i] }
      for u in stride(from: i, through: last, by: 1) { counts[u] += counts[u - i] }
      arrangements *= Double(m + i) / Double(i)
    }
    return min(1, 2 * counts.reduce(0, +) / arrangements)
  }
}
