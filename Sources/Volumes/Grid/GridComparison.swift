/// Whether two grids are the same: same shape, and the eight corner voxel centres within a tolerance.
///
/// Corners rather than coefficients: an affine error grows with the distance from the origin, and the corners are where
/// it is largest, in millimetres.
public struct GridComparison: Equatable, Sendable {
  /// Corner voxel centres may differ by the larger of the two: in mm, above the rounding of a float32 header, and as a
  /// fraction of the smallest voxel edge of both grids.
  static let smallestToleranceMillimetres = 1e-3
  static let toleranceOfSmallestEdge = 0.01

  public let first: GridShape
  public let second: GridShape
  /// How far corner voxel centres may lie apart, in mm.
  public let toleranceMillimetres: Double
  /// Over the eight corner voxel centres, in mm; `nil` when the shapes differ.
  public let largestCornerDistanceMillimetres: Double?

  public init<A, B>(_ first: Volume<A>, _ second: Volume<B>) {
    self.init(first.shape, first.affine, second.shape, second.affine)
  }

  public init(_ first: GridShape, _ firstAffine: Affine, _ second: GridShape, _ secondAffine: Affine) {
    self.first = first
    self.second = second
    let edges = [firstAffine, secondAffine].map(\.spacingMillimetres).flatMap { [$0.0, $0.1, $0.2] }
    toleranceMillimetres = max(Self.smallestToleranceMillimetres, Self.toleranceOfSmallestEdge * edges.min()!)
    largestCornerDistanceMillimetres =
      first == second ? Self.largestCornerDistance(first, firstAffine, secondAffine) : nil
  }

  public var isSame: Bool { largestCornerDistanceMillimetres.map { $0 <= toleranceMillimetres } ?? false }

  static func largestCornerDistance(_ shape: GridShape, _ a: Affine, _ b: Affine) -> Double {
    var largest = 0.0
    for k in [0, shape.nk - 1] {
      for j in [0, shape.nj - 1] {
        for i in [0, shape.ni - 1] {
          let (p, q) = (a.world(VoxelIndex(i, j, k)), b.world(VoxelIndex(i, j, k)))
          let (x, y, z) = (p.x - q.x, p.y - q.y, p.z - q.z)
          let distance = (x * x + y * y + z * z).squareRoot()
          // A NaN must not pass for "no difference".
          if !(distance <= largest) { largest = distance }
          if distance.isNaN { return distance }
        }
      }
    }
    return largest
  }
}

extension GridComparison: CustomStringConvertible {
  /// What differs, for an error text.
  public var description: String {
    guard let distance = largestCornerDistanceMillimetres else { return "shapes differ: \(first) and \(second) voxels" }
    return isSame ? "same grid" : "same shape, but corner voxels lie up to \(millimetreText(distance)) mm apart"
  }
}

extension GridShape: CustomStringConvertible { public var description: String { "\(ni) x \(nj) x \(nk)" } }

/// A length with three decimals, trailing zeros dropped; one too short for them in full.
package func millimetreText(_ value: Double) -> String {
  guard value.isFinite, abs(value) < 1e12, value == 0 || abs(value) >= 5e-4 else { return "\(Float(value))" }
  let rounded = (value * 1000).rounded() / 1000
  return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
}
