import Volumes

/// Which stored axis of a grid runs along which anatomical direction.
///
/// Every stored axis gets one world axis: of the six possible pairings the one with the largest sum of cosines, ties to the
/// first in the order of `pairings`. An oblique grid is thus shown along its own slices, named by the closest anatomy.
struct AnatomicalAxes: Hashable, Sendable {
  /// Stored axis (0 i, 1 j, 2 k) closest to world x, y and z.
  let storedAxis: [Int]
  /// +1 if the index grows towards +x, +y, +z of the world (right, anterior, superior), else −1.
  let direction: [Int]
  /// Distance of neighbouring voxel centres along the stored axes i, j, k.
  let spacingMillimetres: [Double]

  init(_ affine: Affine) throws(PictureError) {
    let spacing = [
      affine.spacingMillimetres.0, affine.spacingMillimetres.1, affine.spacingMillimetres.2,
    ]
    // Relative to a box with these edges, so that small voxels are not mistaken for a flat grid.
    let flatness = affine.determinant / (spacing[0] * spacing[1] * spacing[2])
    guard flatness.isFinite, abs(flatness) > 1e-6 else { throw .affineNotInvertible }
    func cosine(_ world: Int, _ stored: Int) -> Double { affine.rows[world][stored] / spacing[stored] }
    func closeness(_ pairing: [Int]) -> Double {
      abs(cosine(0, pairing[0])) + abs(cosine(1, pairing[1])) + abs(cosine(2, pairing[2]))
    }
    var best = Self.pairings[0]
    for pairing in Self.pairings where closeness(pairing) > closeness(best) + 1e-12 { best = pairing }
    storedAxis = best
    direction = (0..<3).map { cosine($0, best[$0]) < 0 ? -1 : 1 }
    spacingMillimetres = spacing
  }

  private static let pairings = [[0, 1, 2], [1, 0, 2], [0, 2, 1], [2, 1, 0], [1, 2, 0], [2, 0, 1]]
}
