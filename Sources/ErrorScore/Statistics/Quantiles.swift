/// Quantile by linear interpolation between order statistics, the default of NumPy (Hyndman and Fan 1996, type 7).
///
/// - Parameters:
///   - share: from 0 to 1.
///   - sorted: ascending, without NaN.
/// - Returns: nil for an empty list.
public func quantile(_ share: Double, ofSorted sorted: [Double]) -> Double? {
  precondition(share >= 0 && share <= 1, "a share lies between 0 and 1")
  guard !sorted.isEmpty else { return nil }
  let position = share * Double(sorted.count - 1)
  let lower = Int(position)
  let fraction = position - Double(lower)
  guard fraction > 0 else { return sorted[lower] }
  return sorted[lower] + fraction * (sorted[lower + 1] - sorted[lower])
}

/// A distribution in seven numbers.
public struct Quantiles: Hashable, Sendable, Codable {
  public let count: Int
  public let minimum: Double
  public let tenth: Double
  public let lowerQuartile: Double
  public let median: Double
  public let upperQuartile: Double
  public let ninetieth: Double
  public let maximum: Double

  /// Nil for an empty list.
  ///
  /// - Throws: when a value is not a number.
  public init?(_ values: [Double]) throws(ErrorScoreError) {
    guard !values.contains(where: \.isNaN) else { throw .notANumber(what: "value of a distribution") }
    guard !values.isEmpty else { return nil }
    let sorted = values.sorted()
    func at(_ share: Double) -> Double { quantile(share, ofSorted: sorted)! }
    count = sorted.count
    minimum = sorted[0]
    tenth = at(0.1)
    lowerQuartile = at(0.25)
    median = at(0.5)
    upperQuartile = at(0.75)
    ninetieth = at(0.9)
    maximum = sorted[sorted.count - 1]
  }
}
