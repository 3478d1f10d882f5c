/// When a region has been drawn often enough: its FLAIR peak is known to a fraction of its height.
///
/// After every draw from ``minimumDraws`` on, the highest mean FLAIR value inside the region is looked up, and the region is
/// finished when the standard error there is at most ``relativeError`` of it or at most ``absoluteError``.
/// A region's end depends on its own draws alone.
public struct StoppingRule: Hashable, Sendable, Codable {
  /// A peak counts as at least this high, in logit per standard deviation: the absolute error is that part of it.
  public static let smallestPeak = 1.0

  public let relativeError: Double
  /// In logit per standard deviation, for `mean` before the division by |Ω|: below it a small peak would ask for ever more
  /// draws without changing anybody's mind.
  public let absoluteError: Double
  public let minimumDraws: Int

  /// - Parameter absoluteError: nil: `relativeError` of a peak of ``smallestPeak``.
  /// - Throws: ``SaliencyError/settingOutOfRange(name:value:expected:)``.
  public init(relativeError: Double = 0.05, absoluteError: Double? = nil, minimumDraws: Int = 10) throws(SaliencyError)
  {
    guard relativeError > 0 && relativeError < 1 else {
      throw .settingOutOfRange(
        name: "the relative standard error", value: "\(relativeError)", expected: "a fraction between 0 and 1")
    }
    let absoluteError = absoluteError ?? relativeError * Self.smallestPeak
    guard absoluteError >= 0 && absoluteError.isFinite else {
      throw .settingOutOfRange(name: "the absolute standard error", value: "\(absoluteError)", expected: "0 or more")
    }
    guard minimumDraws >= 10 else {
      throw .settingOutOfRange(name: "the least number of draws", value: "\(minimumDraws)", expected: "10 or more")
    }
    self.relativeError = relativeError
    self.absoluteError = absoluteError
    self.minimumDraws = minimumDraws
  }

  func isSatisfied(draws: Int, peak: Double, standardError: Double) -> Bool {
    draws >= minimumDraws && standardError <= max(relativeError * abs(peak), absoluteError)
  }
}
