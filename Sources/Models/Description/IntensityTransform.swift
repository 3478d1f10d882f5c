/// One of MONAI's transforms of intensities, over all voxels of the image on the network's grid.
///
/// Source: MONAI 1.6, `transforms/intensity/array.py`. Where it is not channel-wise, statistics are those of all
/// channels together.
public enum IntensityTransform: Hashable, Sendable {
  /// `NormalizeIntensity`: mean 0 and population standard deviation 1; with `nonzero` over the voxels that are not 0,
  /// which stay 0.
  case normalise(nonzero: Bool, isChannelWise: Bool)
  /// `ScaleIntensity`: the lowest value becomes `minimum`, the highest `maximum`.
  case scale(minimum: Double, maximum: Double, isChannelWise: Bool)
  /// `ScaleIntensityRange`: `from` becomes `to`, and what lies outside goes on unless it is clipped.
  case scaleRange(from: Span, to: Span?, clips: Bool)
  /// `ScaleIntensityRangePercentiles`: as ``scaleRange(from:to:clips:)`` from two percentiles of the image.
  case scalePercentiles(from: Span, to: Span?, clips: Bool, isChannelWise: Bool)
  /// `ClipIntensityPercentiles` without softening: what lies outside of two percentiles becomes these.
  case clipPercentiles(Span, isChannelWise: Bool)

  /// From a lower to an upper value; the values of a scale may be turned round.
  public struct Span: Hashable, Sendable {
    public let lower: Double
    public let upper: Double

    public init(_ lower: Double, _ upper: Double) { (self.lower, self.upper) = (lower, upper) }
  }
}

extension IntensityTransform {
  /// The same where every channel is an image of its own.
  var ofEachChannel: IntensityTransform {
    switch self {
    case .normalise(let nonzero, _): .normalise(nonzero: nonzero, isChannelWise: true)
    case .scale(let minimum, let maximum, _): .scale(minimum: minimum, maximum: maximum, isChannelWise: true)
    case .scaleRange: self
    case .scalePercentiles(let from, let to, let clips, _):
      .scalePercentiles(from: from, to: to, clips: clips, isChannelWise: true)
    case .clipPercentiles(let span, _): .clipPercentiles(span, isChannelWise: true)
    }
  }

  /// The transform for people, after the name in MONAI.
  var text: String {
    func channels(_ isChannelWise: Bool) -> String { isChannelWise ? "each channel" : "all channels together" }
    func outcome(_ to: Span?, _ clips: Bool) -> String {
      to.map { "become \($0.lower) and \($0.upper)\(clips ? ", cut there" : ", further values beyond")" }
        ?? "become 0 and 1, further values beyond"
    }
    return switch self {
    case .normalise(let nonzero, let isChannelWise):
      "NormalizeIntensity: \(channels(isChannelWise)), over \(nonzero ? "the voxels that are not 0" : "all voxels")"
    case .scale(let minimum, let maximum, let isChannelWise):
      "ScaleIntensity: \(channels(isChannelWise)), lowest value \(minimum), highest \(maximum)"
    case .scaleRange(let from, let to, let clips):
      "ScaleIntensityRange: \(from.lower) and \(from.upper) \(outcome(to, clips))"
    case .scalePercentiles(let from, let to, let clips, let isChannelWise):
      "ScaleIntensityRangePercentiles: \(channels(isChannelWise)), percentiles \(from.lower) and \(from.upper) "
        + outcome(to, clips)
    case .clipPercentiles(let span, let isChannelWise):
      "ClipIntensityPercentiles: \(channels(isChannelWise)), cut at percentiles \(span.lower) and \(span.upper)"
    }
  }
}

extension ModelDescription.IntensityNormalisation {
  /// What is done, a line for each step.
  var lines: [String] {
    switch self {
    case .zscoreNonzero: ["zscore-nonzero: each channel, over the voxels that are not 0"]
    case .monai(let transforms): transforms.map(\.text)
    case .nnunet: ["nnunet"]
    }
  }
}
