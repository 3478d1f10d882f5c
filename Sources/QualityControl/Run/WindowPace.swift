import Foundation
import Saliency

/// How long a pass of the network over one window takes on this computer, from the segmentation, and what follows for the maps.
struct WindowPace {
  /// Warn before maps that will take longer.
  private static let patienceSeconds = 600.0
  /// Forward passes that a gradient and its map take (docs/performance.md): some 1.2, or 1.5 with attention. The gradient of a single
  /// voxel may take much less, so that estimates of signed-max are upper ones.
  private static let gradientRatio = 1.2
  private static let highestGradientRatio = 1.6

  private let started = Date()
  private var first: Date?
  private var last: Date?
  private var windows = 0

  mutating func windowDone() {
    let now = Date()
    first = first ?? now
    last = now
    windows += 1
  }

  /// Seconds per window; the first, which makes ready for the others, does not count if there are others.
  var secondsPerWindow: Double? {
    guard let first, let last else { return nil }
    return windows > 1 ? last.timeIntervalSince(first) / Double(windows - 1) : last.timeIntervalSince(started)
  }

  /// One line for people, if the maps will take long.
  ///
  /// - Parameter what: begins the line.
  func warning(about cost: SaliencyCost, of what: String = "the saliency maps", settings: RunSettings) -> String? {
    guard let secondsPerWindow else { return nil }
    let isBound = settings.aggregation == .signedMax
    let seconds = cost.seconds(
      forward: secondsPerWindow, gradientRatio: isBound ? Self.highestGradientRatio : Self.gradientRatio)
    guard seconds > Self.patienceSeconds else { return nil }
    let limit = settings.relativeError == nil && !isBound ? "about" : "at most about"
    var line =
      "\(what) will take \(limit) \(Self.duration(seconds)): \(cost.gradients) gradients and "
      + "\(cost.forwards) forward passes of one window at \(String(format: "%.2f", secondsPerWindow)) s"
    if isBound {
      line +=
        "; signed-max takes a gradient for every voxel of every finding and draw, each 0.25 to 1.6 forward passes; "
        + "--aggregation sum takes one for every finding, draw and window"
    } else if settings.relativeError == nil && settings.samples > 10 {
      line += "; --samples auto draws only until the peaks are known"
    }
    return line
  }

  /// Says so in the run, if the maps will take long.
  func warn(_ control: RunControl, _ name: String, about cost: SaliencyCost, of what: String, settings: RunSettings) {
    if let warning = warning(about: cost, of: what, settings: settings) { control.warn(name, warning) }
  }

  /// Minutes up to two hours, then hours.
  static func duration(_ seconds: Double) -> String {
    seconds < 7200 ? "\(Int((seconds / 60).rounded())) minutes" : String(format: "%.1f hours", seconds / 3600)
  }
}
