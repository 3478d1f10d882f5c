import Lesions

/// The settings that decide what a peak means. Seed and threads are left out: they do not change what is estimated. The
/// number of samples is kept apart, see ``Calibration/samples``.
public struct CalibratedSettings: Hashable, Sendable, Codable {
  public var method = "smoothgrad"
  /// `mean` is written as `sum`: its peaks are turned back.
  public var aggregation = "sum"
  public var target = "logit"
  public var noiseFraction = 0.05
  public var candidateThreshold = 0.1
  public var maximumCandidates = 20
  public var minimumLesionVoxels = ComponentRule.published.minimumVoxels
  public var minimumCandidateVoxels = MissedLesionCandidates.Rule.published.minimumVoxels
  public var precision = "fp32"
  public var mirrorAxes: [Int] = []

  public init() {}

  /// What differs, each as `name here, not name there`.
  public func differences(from other: CalibratedSettings) -> [String] {
    func pair<T: Equatable>(_ name: String, _ own: T, _ theirs: T) -> String? {
      own == theirs ? nil : "\(name) \(own) instead of \(theirs)"
    }
    return [
      pair("method", method, other.method), pair("aggregation", aggregation, other.aggregation),
      pair("target", target, other.target), pair("noise", noiseFraction, other.noiseFraction),
      pair("candidate threshold", candidateThreshold, other.candidateThreshold),
      pair("maximum number of candidates", maximumCandidates, other.maximumCandidates),
      pair("smallest lesion", minimumLesionVoxels, other.minimumLesionVoxels),
      pair("smallest candidate", minimumCandidateVoxels, other.minimumCandidateVoxels),
      pair("precision", precision, other.precision), pair("mirrored axes", mirrorAxes, other.mirrorAxes),
    ].compactMap { $0 }
  }
}
