import Foundation
import Results
import Statistics

/// The colours of contours and marks; a page's legend takes them from here.
enum ContourColour {
  /// The finding that a panel is about; in the overview, every lesion of the prediction.
  static let finding = RGB(255, 221, 51)
  /// Other lesions and candidates in the panel of a finding.
  static let other = RGB(128, 150, 184)
  /// The reference segmentation, when one was given.
  static let reference = RGB(40, 200, 110)
  /// Missed-lesion candidates in the overview.
  static let candidate = RGB(102, 204, 255)
  /// The finding's outline over a saliency map.
  static let overSaliency = RGB(235, 235, 235)
}

/// The one colour scale of a patient's saliency maps: zero-centred, symmetric, the same for every finding and channel.
///
/// `limit` is where the colours end; beyond it they stay the same. It is the 90th percentile (nearest rank), over the
/// findings, of the largest absolute value of a finding's two maps, but at least half of the largest peak inside any
/// finding, and is rounded up to a number that reads well. A few extreme findings thus do not turn all others pale, and
/// no peak inside a finding is cut by more than a factor of two.
struct SaliencyScale: Hashable, Sendable {
  /// In logit per standard deviation of the non-zero intensities; more than 0.
  let limit: Double

  init(limit: Double) {
    precondition(limit > 0 && limit.isFinite, "a colour scale ends at a positive number")
    self.limit = limit
  }

  init(_ findings: [FindingRecord]) {
    func magnitudes(_ part: (ChannelPeaks) -> ChannelPeaks.Extrema) -> [Double] {
      findings.map { finding in
        guard let saliency = finding.saliency else { return 0 }
        let extrema = [saliency.flair, saliency.mprage].compactMap { $0.map(part) }.flatMap {
          [$0.maximum, $0.minimum]
        }
        return extrema.map { abs($0.value) }.filter(\.isFinite).max() ?? 0
      }
    }
    let whole = magnitudes(\.map).sorted()
    let high = nearestRankQuantile(0.9, ofSorted: whole) ?? 0
    self.init(limit: Self.roundedUp(max(high, (magnitudes(\.inside).max() ?? 0) / 2)))
  }

  /// The next of 1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8 times a power of ten; 1 for zero.
  static func roundedUp(_ value: Double) -> Double {
    guard value > 0, value.isFinite else { return 1 }
    let power = pow(10, log10(value).rounded(.down))
    for step in [1, 1.2, 1.6, 2, 2.4, 3, 4, 5, 6, 8, 10] where step * power >= value * (1 - 1e-9) {
      return step * power
    }
    return 10 * power
  }

  /// Colour and opacity of a saliency value, to be laid over a dimmed image.
  ///
  /// Blue for what lowers the lesion logit, orange for what raises it: a pair that stays apart under every common
  /// colour-vision deficiency. Orange becomes lighter than the dimmed tissue and blue darker, so that the sign is seen
  /// on grey paper too. Zero is fully transparent; opacity grows with the absolute value alike on both sides.
  func colour(_ value: Float) -> (colour: RGB, alpha: Double) {
    guard value.isFinite else { return (RGB(0, 0, 0), 0) }
    // In steps that the eye cannot tell apart, which keep a picture small.
    let strength = (min(abs(Double(value)) / limit, 1) * Self.steps).rounded() / Self.steps
    let stops = value < 0 ? Self.lowering : Self.raising
    let colour =
      strength < 0.5
      ? stops[0].mixed(with: stops[1], amount: strength * 2) : stops[1].mixed(with: stops[2], amount: strength * 2 - 1)
    return (colour, 0.92 * pow(strength, 0.6))
  }

  private static let steps = 64.0
  private static let raising = [RGB(205, 70, 0), RGB(255, 140, 0), RGB(255, 232, 130)]
  private static let lowering = [RGB(20, 70, 235), RGB(0, 40, 190), RGB(0, 15, 110)]
}
