public import Volumes

/// The missed-lesion candidates of a scan: components of { p ≥ threshold } without a voxel of a kept lesion.
///
/// There is no reference at the reading desk; these are where a missed lesion is most likely. Most missed MS lesions
/// are tiny, so candidates may be smaller than lesions.
public struct MissedLesionCandidates: Hashable, Sendable {
  /// How candidates are found.
  public struct Rule: Hashable, Sendable, Codable {
    /// Voxels of at least this lesion probability form candidates.
    public let threshold: Float
    /// Smaller components are not candidates.
    public let minimumVoxels: Int
    /// Those of highest probability are kept up to this number.
    public let maximumCount: Int

    public static let published = Rule(uncheckedThreshold: 0.1, minimumVoxels: 3, maximumCount: 20)

    /// - Parameters:
    ///   - threshold: above 0, at most 1.
    ///   - minimumVoxels: 1 or more.
    ///   - maximumCount: 0 or more; 0 turns candidates off.
    public init(threshold: Float = 0.1, minimumVoxels: Int = 3, maximumCount: Int = 20) throws(LesionsError) {
      guard threshold > 0 && threshold <= 1 else {
        throw .parameterOutOfRange(
          name: "the candidate threshold", value: "\(threshold)", expected: "above 0 and at most 1")
      }
      guard minimumVoxels >= 1 else {
        throw .parameterOutOfRange(
          name: "the minimum size of a candidate", value: "\(minimumVoxels)", expected: "1 or more")
      }
      guard maximumCount >= 0 else {
        throw .parameterOutOfRange(
          name: "the maximum number of candidates", value: "\(maximumCount)", expected: "0 or more")
      }
      self.init(uncheckedThreshold: threshold, minimumVoxels: minimumVoxels, maximumCount: maximumCount)
    }

    private init(uncheckedThreshold threshold: Float, minimumVoxels: Int, maximumCount: Int) {
      self.threshold = threshold
      self.minimumVoxels = minimumVoxels
      self.maximumCount = maximumCount
    }
  }

  public let rule: Rule
  /// By maximum probability descending, then lowest linear index.
  public let candidates: [Finding]
  /// How many more components qualified but were beyond `rule.maximumCount`.
  public let leftOut: Int

  /// - Parameters:
  ///   - probability: lesion probability (softmax).
  ///   - lesions: components of the mask cut from the same probability.
  public init(in probability: Volume<Float>, besides lesions: Components, rule: Rule = .published) throws(LesionsError)
  {
    try LesionsError.requireSameShape("probability map", probability.shape, as: lesions.shape)
    try ProbabilityMap.check(probability)
    let shape = probability.shape
    let every = Components(of: probability, rule: try ComponentRule(minimumVoxels: rule.minimumVoxels)) {
      $0 >= rule.threshold
    }
    let kept = lesions.mask()
    var qualifying: [(voxels: [Int], highest: Float)] = []
    for voxels in every.kept where !voxels.contains(where: { kept[$0] != 0 }) {
      qualifying.append((voxels, voxels.reduce(0) { max($0, probability.voxels[$1]) }))
    }
    qualifying.sort { $0.highest != $1.highest ? $0.highest > $1.highest : $0.voxels[0] < $1.voxels[0] }

    let dropped = Set(lesions.dropped.joined())
    self.rule = rule
    leftOut = max(0, qualifying.count - rule.maximumCount)
    candidates = qualifying.prefix(rule.maximumCount).enumerated().map { index, candidate in
      Finding(
        id: FindingID(kind: .candidate, number: index + 1), voxels: candidate.voxels,
        measurements: Measurements(
          voxels: candidate.voxels, shape: shape, affine: probability.affine, probability: probability.voxels),
        wasDroppedSmallComponent: candidate.voxels.contains { dropped.contains($0) })
    }
  }
}
