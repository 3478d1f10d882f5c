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
