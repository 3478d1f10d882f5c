/// Quantile by linear interpolation between order statistics, the default of NumPy (Hyndman and Fan 1996, type 7).
///
/// - Parameters:
///   - fraction: from 0 to 1.
///   - sorted: ascending, without NaN.
/// - Returns: nil for an empty list.
public func quantile(_ fraction: Double, ofSorted sorted: [Double]) -> Double? {
  precondition(fraction >= 0 && fraction <= 1, "a fraction lies between 0 and 1")
  guard !sorted.isEmpty else { return nil }
  let position = fraction * Double(sorted.count - 1)
  let lower = Int(position)
  let rest = position - Double(lower)
  guard rest > 0 else { return sorted[lower] }
  return sorted[lower] + rest * (sorted[lower + 1] - sorted[lower])
}

/// Quantile by nearest rank: the lowest value that at least this fraction of the values does not exceed, always one of
/// them.
///
/// - Parameters:
///   - fraction: from 0 to 1.
///   - sorted: ascending, without NaN.
/// - Returns: nil for an empty list.
public func nearestRankQuantile<Value>(_ fraction: Double, ofSorted sorted: [Value]) -> Value? {
  sorted.isEmpty ? nil : sorted[max(0, Int(saturating: (fraction * Double(sorted.count)).rounded(.up)) - 1)]
}

/// The middle value, the mean of the two middle ones where the number of values is even; nil for an empty list.
public func median(_ values: [Double]) -> Double? {
  guard !values.isEmpty else { return nil }
  let sorted = values.sorted()
  let middle = sorted.count / 2
  return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

/// The middle value, the upper of the two middle ones where the number of values is even; nil for an empty list.
///
/// For intensities: unlike ``median(_:)`` always a value that occurs, and without the rounding of a mean.
public func upperMedian<Value: Comparable>(_ values: [Value]) -> Value? {
  values.isEmpty ? nil : values.sorted()[values.count / 2]
}

/// 1.4826 times the median absolute deviation from `centre` (``upperMedian(_:)``): the standard deviation where values
/// are normal; nil for an empty list.
public func robustSpread(_ values: [Float], around centre: Float) -> Float? {
  upperMedian(values.map { abs($0 - centre) }).map { 1.4826 * $0 }
}

/// 1-based ranks, ascending; equal values share the mean of the ranks they occupy.
public func midranks(_ values: [Double]) -> [Double] {
  let order = values.indices.sorted { values[$0] < values[$1] }
  var ranks = [Double](repeating: 0, count: values.count)
  var start = 0
  while start < order.count {
    var end = start + 1
    while end < order.count && values[order[end]] == values[order[start]] { end += 1 }
    for position in start..<end { ranks[order[position]] = Double(start + 1 + end) / 2 }
    start = end
  }
  return ranks
}

/// Pearson's correlation of two lists of one length.
///
/// - Returns: nil when either list is constant, has fewer than two entries or holds a value that is not a number.
public func pearsonCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
  precondition(a.count == b.count, "two lists of one length")
  let n = Double(a.count)
  let (meanA, meanB) = (a.reduce(0, +) / n, b.reduce(0, +) / n)
  var (aa, bb, ab) = (0.0, 0.0, 0.0)
  for (x, y) in zip(a, b) {
    aa += (x - meanA) * (x - meanA)
    bb += (y - meanB) * (y - meanB)
    ab += (x - meanA) * (y - meanB)
  }
  let scale = (aa * bb).squareRoot()
  return scale > 0 ? ab / scale : nil
}

/// Spearman's rank correlation: Pearson's correlation of the midranks.
///
/// - Returns: nil when either list is constant, has fewer than two entries or holds a value that is not a number.
public func spearmanCorrelation(_ a: [Double], _ b: [Double]) -> Double? {
  guard !a.contains(where: \.isNaN), !b.contains(where: \.isNaN) else { return nil }
  // The sum of n midranks is n (n + 1) / 2 whatever the ties, so that means and sums are exact multiples of ¼.
  return pearsonCorrelation(midranks(a), midranks(b))
}
