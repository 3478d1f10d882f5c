/// Share of correct findings while the most suspicious are looked at and put right, as a function of the share that is
/// kept as it is.
///
/// Nothing kept: everything was looked at, the share is 1. Everything kept: the share is that of the network, for
/// lesions its positive predictive value. Within a step of equal scores the curve is straight, the expectation over a
/// random order. A random order gives the straight line between the ends; a perfect one (the oracle) stays at 1 until
/// only errors are left to put right. Source: Molchanova et al., *Novel structural-scale uncertainty measures and error
/// retention curves: application to multiple sclerosis*, ISBI 2023 (lesion PPV retention curve).
public struct RetentionCurve: Hashable, Sendable, Codable {
  public struct Point: Hashable, Sendable, Codable {
    /// From 0, everything looked at, to 1, nothing looked at.
    public let kept: Double
    public let correct: Double
  }

  /// By `kept` ascending, straight in between.
  public let points: [Point]
  /// Area under the curve, under that of a random order and under that of the oracle.
  public let area: Double
  public let randomArea: Double
  public let oracleArea: Double

  /// 1 for the oracle, 0 for a random order, negative for worse.
  public var shareOfPossibleGain: Double { (area - randomArea) / (oracleArea - randomArea) }

  /// The curve read off at 0, 1, … 100 % kept, for a file that is not to grow with the cohort; the areas stay those of
  /// the whole curve.
  var atPercents: RetentionCurve {
    var segment = 0
    let read = (0...100).map { percent in
      let kept = Double(percent) / 100
      while segment + 2 < points.count, points[segment + 1].kept < kept { segment += 1 }
      let (before, after) = (points[segment], points[segment + 1])
      let share = after.kept > before.kept ? (kept - before.kept) / (after.kept - before.kept) : 1
      return Point(kept: kept, correct: before.correct + min(max(share, 0), 1) * (after.correct - before.correct))
    }
    return RetentionCurve(points: read, area: area, randomArea: randomArea, oracleArea: oracleArea)
  }
}

extension RankingStatistics {
  /// Nil without errors or without correct findings.
  public var retentionCurve: RetentionCurve? {
    guard errorCount > 0 && correctCount > 0 else { return nil }
    let total = Double(errorCount + correctCount)
    var points = [RetentionCurve.Point(kept: 1, correct: 1 - Double(errorCount) / total)]
    var (seen, errorsLeft) = (0, errorCount)
    var area = 0.0
    for step in stepCounts {
      seen += step.errors + step.correct
      errorsLeft -= step.errors
      let point = RetentionCurve.Point(kept: 1 - Double(seen) / total, correct: 1 - Double(errorsLeft) / total)
      let last = points[points.count - 1]
      area += (last.kept - point.kept) * (last.correct + point.correct) / 2
      points.append(point)
    }
    let rate = Double(errorCount) / total
    return RetentionCurve(
      points: points.reversed(), area: area, randomArea: 1 - rate / 2, oracleArea: 1 - rate * rate / 2)
  }
}
