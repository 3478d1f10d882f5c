/// What a user can set about `lesionqc check`.
public struct CheckSettings: Sendable, Equatable, Codable {
  /// Noise draws of each smoothed map; even.
  public var samples = 10
  /// Of noise, phantom and randomised weights.
  public var seed: UInt64 = 1
  /// Lesions looked at, the largest first.
  public var lesions = 5
  public var noiseFraction = 0.05
  /// Also run the experiments.
  public var experiments = false
  /// Diameter of a synthetic lesion.
  public var sizeMillimetres = 8.0
  /// FLAIR of a synthetic lesion above the tissue around it, in standard deviations of the non-zero intensities.
  public var contrast = 2.0
  /// 0: all cores.
  public var threads = 0

  public init() {}

  private enum CodingKeys: String, CodingKey {
    case samples, seed, lesions, noiseFraction, experiments, sizeMillimetres, contrast
  }

  /// Every fault of the settings, in words.
  public var problems: [String] {
    var found: [String] = []
    if samples < 2 || samples % 2 != 0 || samples > 1000 {
      found.append("--samples must be an even number from 2 to 1000 (two halves are compared), not \(samples)")
    }
    if !(1...100).contains(lesions) { found.append("--lesions must be from 1 to 100, not \(lesions)") }
    if !(sizeMillimetres >= 2 && sizeMillimetres <= 40) {
      found.append("--size must be from 2 to 40 mm, not \(sizeMillimetres)")
    }
    if !(contrast > 0 && contrast <= 20) {
      found.append("--contrast must lie above 0 and up to 20 standard deviations, not \(contrast)")
    }
    if !(0...1024).contains(threads) { found.append("--threads must be from 1 to 1024, not \(threads)") }
    return found
  }
}
