public import Volumes

/// The one rule by which voxels become lesions: 18-connected components of at least `minimumVoxels` voxels.
///
/// Two voxels are 18-connected neighbours when their indices differ by at most one along each axis and along at most
/// two axes (structuring element of rank 3, connectivity 2). The rule is named in every output, since counts mean
/// nothing without it. Source: Spagnolo et al., Scientific Reports 2026, doi 10.1038/s41598-026-36560-9.
public struct ComponentRule: Hashable, Sendable, Codable, CustomStringConvertible {
  /// Components with fewer voxels are dropped.
  public let minimumVoxels: Int

  /// - Parameter minimumVoxels: at least 1, which keeps every component.
  public init(minimumVoxels: Int) throws(LesionsError) {
    guard minimumVoxels >= 1 else {
      throw .parameterOutOfRange(
        name: "the minimum size of a component", value: "\(minimumVoxels)", expected: "1 or more")
    }
    self.init(unchecked: minimumVoxels)
  }

  private init(unchecked minimumVoxels: Int) { self.minimumVoxels = minimumVoxels }

  /// The paper's rule: components of 5 voxels or fewer are dropped.
  public static let published = ComponentRule(unchecked: 6)

  public var description: String {
    "18-connected components of at least \(minimumVoxels) voxel\(minimumVoxels == 1 ? "" : "s")"
  }
}

/// The connected components of a mask: those large enough to count as lesions, numbered, and those dropped.
///
/// Both lists are ordered by voxels descending, then by lowest linear index; component n of `kept` is lesion number n +
/// 1.
public struct Components: Hashable, Sendable {
  public let shape: GridShape
  public let rule: ComponentRule
  /// Components that satisfy the rule; each holds its voxels' linear indices, axis 0 fastest, ascending.
  public let kept: [[Int]]
  /// Components that are too small.
  public let dropped: [[Int]]

  /// Components that are known already, by number.
  public init(shape: GridShape, rule: ComponentRule, kept: [[Int]], dropped: [[Int]] = []) {
    self.shape = shape
    self.rule = rule
    self.kept = kept
    self.dropped = dropped
  }

  /// Components of the non-zero voxels of a mask.
  public init(of mask: Volume<UInt8>, rule: ComponentRule = .published) { self.init(of: mask, rule: rule) { $0 != 0 } }

  /// Components of the voxels that satisfy a condition.
  public init<Element>(
    of volume: Volume<Element>, rule: ComponentRule = .published, where isForeground: (Element) -> Bool
  ) {
    let found = ConnectedComponents(
      of: volume.voxels.map(isForeground), shape: volume.shape, connectivity: .facesAndEdges
    ).voxels
    // `found` is in the order of the lowest voxel, and the sort is stable by carrying that position.
    let ordered = found.indices.sorted {
      found[$0].count != found[$1].count ? found[$0].count > found[$1].count : $0 < $1
    }
    let firstDropped = ordered.firstIndex { found[$0].count < rule.minimumVoxels } ?? ordered.endIndex
    shape = volume.shape
    self.rule = rule
    kept = ordered[..<firstDropped].map { found[$0] }
    dropped = ordered[firstDropped...].map { found[$0] }
  }

  /// Number of components before small ones were dropped.
  public var countBeforeDropping: Int { kept.count + dropped.count }

  /// Lesion numbers painted on the grid, 0 elsewhere: the content of a `dseg` file.
  public func numbers() -> [Int32] {
    var painted = [Int32](repeating: 0, count: shape.voxelCount)
    for (index, component) in kept.enumerated() { for voxel in component { painted[voxel] = Int32(index + 1) } }
    return painted
  }

  /// 1 in every voxel of a kept component, 0 elsewhere.
  public func mask() -> [UInt8] {
    var painted = [UInt8](repeating: 0, count: shape.voxelCount)
    for component in kept { for voxel in component { painted[voxel] = 1 } }
    return painted
  }
}

/// Checks and cuts of a lesion probability map.
public enum ProbabilityMap {
  /// Throws at the first voxel that does not hold a number from 0 to 1.
  public static func check(_ probability: Volume<Float>) throws(LesionsError) {
    guard let index = probability.voxels.firstIndex(where: { !($0 >= 0 && $0 <= 1) }) else { return }
    throw .notAProbability(value: probability.voxels[index], voxel: probability.shape.voxel(at: index))
  }

  /// 1 where the probability exceeds `threshold` (strictly, as the paper's scripts cut), 0 elsewhere.
  public static func mask(of probability: Volume<Float>, above threshold: Float) throws(LesionsError) -> Volume<UInt8> {
    guard threshold >= 0 && threshold < 1 else {
      throw .parameterOutOfRange(name: "the lesion threshold", value: "\(threshold)", expected: "from 0 to below 1")
    }
    try check(probability)
    return Volume(
      shape: probability.shape, affine: probability.affine, voxels: probability.voxels.map { $0 > threshold ? 1 : 0 })
  }
}
