import Foundation
package import Results
package import Saliency

/// How long a pass of the network over one window takes on this computer, from the segmentation, and what follows for
/// the maps.
package struct WindowPace {
  /// Warn before maps that will take longer.
  private static let patienceSeconds = 600.0
  /// Forward passes that a gradient and its map take (docs/performance.md): some 1.2, or 1.5 with attention. The
  /// gradient of a single voxel may take much less, so that estimates of signed-max are upper ones.
  private static let gradientRatio = 1.2
  private static let highestGradientRatio = 1.6

  private let started = Date()
  private var first: Date?
  private var last: Date?
  private var windows = 0

  package init() {}

  package mutating func windowDone() {
    let now = Date()
    first = first ?? now
    last = now
    windows += 1
  }

  /// Seconds per window; the first, which makes ready for the others, does not count if there are others.
  package var secondsPerWindow: Double? {
    guard let first, let last else { return nil }
    return windows > 1 ? last.timeIntervalSince(first) / Double(windows - 1) : last.timeIntervalSince(started)
  }

  /// Nil unless the maps will take long.
  package func estimate(of cost: SaliencyCost, subject: String = "the saliency maps", settings: RunSettings)
    -> RunEstimate?
  {
    guard let secondsPerWindow else { return nil }
    let isBound = settings.aggregation == .signedMax
    let seconds = cost.seconds(
      forward: secondsPerWindow, gradientRatio: isBound ? Self.highestGradientRatio : Self.gradientRatio)
    guard seconds > Self.patienceSeconds else { return nil }
    let isFixed = settings.relativeError == nil
    return RunEstimate(
      subject: subject, seconds: seconds, isUpperBound: !isFixed || isBound, gradients: cost.gradients,
      forwards: cost.forwards, secondsPerWindow: secondsPerWindow,
      advice: isBound ? .aggregateBySum : isFixed && settings.samples > 10 ? .adaptiveSamples : nil)
  }
}
