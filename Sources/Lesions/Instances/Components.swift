public import Volumes

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

  /// Components of the non-zero voxels of a mask.
  public init(of mask: Volume<UInt8>, rule: ComponentRule = .published) {
    self.init(of: mask, rule: rule) { $0 != 0 }
  }

  /// Components of the voxels that satisfy a condition.
  public init<Element>(
    of volume: Volume<Element>, rule: ComponentRule = .published, where isForeground: (Element) -> Bool
  ) {
    let found = volume.voxels.withUnsafeBufferPointer {
      RunLabelling.components(of: $0, shape: volume.shape, where: isForeground)
    }
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
    for (index, component) in kept.enumerated() {
      for voxel in component { painted[voxel] = Int32(index + 1) }
    }
    return painted
  }

  /// 1 in every voxel of a kept component, 0 elsewhere.
  public func mask() -> [UInt8] {
    var painted = [UInt8](repeating: 0, count: shape.voxelCount)
    for component in kept {
      for voxel in component { painted[voxel] = 1 }
    }
    return painted
  }
}
