public import Foundation
public import Results
public import Saliency

/// What a user can set about `lesionqc check`.
public struct CheckSettings: Sendable, Equatable, Codable {
  /// Noise samples of each smoothed map; even.
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

  /// Every setting that is outside its limits.
  public var problems: [RunSettings.Problem] {
    let limits: [(holds: Bool, setting: String, value: Any, expected: String)] = [
      (
        (2...1000).contains(samples) && samples % 2 == 0, "samples", samples,
        "must be an even number from 2 to 1000 (two halves are compared)"
      ), ((1...100).contains(lesions), "lesions", lesions, "must be from 1 to 100"),
      ((2...40).contains(sizeMillimetres), "sizeMillimetres", sizeMillimetres, "must be from 2 to 40 mm"),
      (contrast > 0 && contrast <= 20, "contrast", contrast, "must lie above 0 and up to 20 standard deviations"),
      ((0...1024).contains(threads), "threads", threads, "must be from 1 to 1024"),
    ]
    return limits.filter { !$0.holds }.map {
      RunSettings.Problem(setting: $0.setting, value: "\($0.value)", expected: $0.expected)
    }
  }
}

/// What `lesionqc check` found: the content of its JSON file. No time stamp and no path.
public struct CheckReport: Codable, Sendable, Equatable {
  public var schemaVersion = 1
  public var software: SoftwareIdentity
  public var model: ModelIdentity
  /// `phantom` or `scan`.
  public var subject: String
  public var settings: CheckSettings
  /// Lesions that the model found, and identifiers of those looked at.
  public var lesionsFound: Int
  public var lesionsChecked: [String]
  public var checks: [CheckOutcome]
  /// Nil unless asked for.
  public var experiments: ExperimentRecord?

  public var failed: Int { checks.count { $0.passed == false } }

  /// The file's bytes: sorted keys, two-space indentation; equal results give equal bytes.
  public func encoded() throws -> Data { Data(try PrettyJSON.bytes(of: self)) }
}
