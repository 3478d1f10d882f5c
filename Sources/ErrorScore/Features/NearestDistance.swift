import Lesions
public import Volumes

/// How near a region comes to something, in mm from voxel centre to voxel centre.
///
/// - `brainEdgeMillimetres`: to the nearest voxel outside the brain, its holes filled; not defined where the head is
///   shown.
/// - `ventricleMillimetres`: to the lateral ventricles that the location rule finds (`BrainLocations`); not defined
///   where it finds none.
/// - `nearestLesionMillimetres`: to another lesion; two that touch at a corner are a voxel's diagonal apart. Not
///   defined for an only lesion.
public enum NearestDistance {
  /// Least value of a distance map over a region; nil where it is nowhere finite.
  public static func least(over voxels: [Int], of distances: [Float]) -> Double? {
    let least = voxels.reduce(Float.infinity) { min($0, distances[$1]) }
    return least.isFinite ? Double(least) : nil
  }

  /// For every region the distance to the nearest lesion that is not itself; nil without one.
  ///
  /// - Parameters:
  ///   - regions: linear indices of each, not empty.
  ///   - lesions: which of them are lesions.
  public static func toOtherLesions(_ regions: [[Int]], areLesions lesions: [Bool], shape: GridShape, affine: Affine)
    -> [Double?]
  {
    let (a, b, c) = affine.spacingMillimetres
    let borders = regions.map { border(of: $0, shape) }
    let boxes = regions.map { GridBox(enclosing: $0, shape: shape) }
    func gap(_ one: GridBox, _ other: GridBox) -> Double {
      func along(_ l: Int, _ u: Int, _ l2: Int, _ u2: Int, _ edge: Double) -> Double {
        Double(max(0, max(l2 - (u - 1), l - (u2 - 1)))) * edge
      }
      let x = along(one.lower.i, one.upper.i, other.lower.i, other.upper.i, a)
      let y = along(one.lower.j, one.upper.j, other.lower.j, other.upper.j, b)
      let z = along(one.lower.k, one.upper.k, other.lower.k, other.upper.k, c)
      return x * x + y * y + z * z
    }
    return regions.indices.map { own in
      var least = Double.infinity
      let others = regions.indices.filter { $0 != own && lesions[$0] }.map {
        (index: $0, gap: gap(boxes[own], boxes[$0]))
      }
      for other in others.sorted(by: { $0.gap < $1.gap }) {
        if other.gap >= least { break }
        for one in borders[own] {
          for two in borders[other.index] {
            let x = Double(one.i - two.i) * a
            let y = Double(one.j - two.j) * b
            let z = Double(one.k - two.k) * c
            least = min(least, x * x + y * y + z * z)
          }
        }
      }
      return least.isFinite ? least.squareRoot() : nil
    }
  }

  /// Voxels with a face neighbour outside: the nearest to another region is one of them.
  private static func border(of region: [Int], _ shape: GridShape) -> [VoxelIndex] {
    let members = Set(region)
    return region.map(shape.voxel(at:)).filter { voxel in
      Connectivity.faces.steps.contains {
        !shape.contains(voxel + $0) || !members.contains(shape.linearIndex(voxel + $0))
      }
    }
  }
}
