import Statistics
package import Volumes

/// The voxel offsets within a radius, with their distances in the patient.
///
/// Distances come from the affine itself, so anisotropic spacing and sheared grids need no special case. They are
/// compared with a tolerance, by default of 1e-4 mm, because headers hold spacing in single precision.
package struct Neighbourhood: Sendable {
  package static let toleranceMillimetres = 1e-4

  package struct Offset: Sendable {
    package let step: VoxelIndex
    package let distanceMillimetres: Double
  }

  package let offsets: [Offset]
  /// Largest offset along each axis.
  let reach: VoxelIndex

  package init(
    withinMillimetres radius: Double, affine: Affine, toleranceMillimetres: Double = Self.toleranceMillimetres
  ) {
    let origin = affine.world(0, 0, 0)
    func distance(_ i: Int, _ j: Int, _ k: Int) -> Double {
      let point = affine.world(Double(i), Double(j), Double(k))
      let (x, y, z) = (point.x - origin.x, point.y - origin.y, point.z - origin.z)
      return (x * x + y * y + z * z).squareRoot()
    }
    // The distance between the lattice planes of an axis bounds how many of them a ball can reach.
    let reach = Neighbourhood.planeDistancesMillimetres(affine).map {
      Int(saturating: (radius / $0).rounded(.down)) + 1
    }
    var offsets: [Offset] = []
    for k in -reach[2]...reach[2] {
      for j in -reach[1]...reach[1] {
        for i in -reach[0]...reach[0] {
          let d = distance(i, j, k)
          if d <= radius + toleranceMillimetres {
            offsets.append(Offset(step: VoxelIndex(i, j, k), distanceMillimetres: d))
          }
        }
      }
    }
    self.offsets = offsets
    self.reach = VoxelIndex(reach[0], reach[1], reach[2])
  }

  /// Distances between neighbouring planes of constant i, j and k: cell volume over the area of the face between the
  /// other axes.
  private static func planeDistancesMillimetres(_ affine: Affine) -> [Double] {
    let columns = (0..<3).map { c in (0..<3).map { affine.rows[$0][c] } }
    let volume = affine.voxelVolumeMillimetres3
    precondition(volume > 0, "the axes of a grid span space")
    return (0..<3).map { axis in
      let (a, b) = (columns[(axis + 1) % 3], columns[(axis + 2) % 3])
      let cross = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
      return volume / (cross[0] * cross[0] + cross[1] * cross[1] + cross[2] * cross[2]).squareRoot()
    }
  }
}
