/// 1-based ranks, ascending; equal values share the mean of the ranks they occupy.
func midranks(_ values: [Double]) -> [Double] {
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

/// Spearman's rank correlation: Pearson's correlation of the midranks.
///
/// - Returns: nil when either list is constant or has fewer than two entries.
/// - Throws: when the lists differ in length or hold a value that is not a number.
public func spearmanCorrelation(_ a: [Double], _ b: [Double]) throws(ErrorScoreError) -> Double? {
  guard a.count == b.count else { throw .lengthsDiffer(what: "the two variables", first: a.count, second: b.count) }
  guard !a.contains(where: \.isNaN), !b.contains(where: \.isNaN) else {
    throw .notANumber(what: "value of a rank correlation")
  }
  let (x, y) = (midranks(a), midranks(b))
  // The mean of n midranks is (n + 1) / 2 whatever the ties, so the sums below are exact multiples of ¼.
  let mean = Double(a.count + 1) / 2
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (p, q) in zip(x, y) {
    xx += (p - mean) * (p - mean)
    yy += (q - mean) * (q - mean)
    xy += (p - mean) * (q - mean)
  }
  guard xx > 0 && yy > 0 else { return nil }
  return xy / (xx * yy).squareRoot()
}
