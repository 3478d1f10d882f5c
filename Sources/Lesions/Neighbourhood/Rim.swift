public import Volumes

/// The shell of tissue around a lesion, for the sign balance of its saliency map.
public enum Rim {
  /// Voxels whose centre is at least 2 and at most 5 mm from the nearest voxel centre of Ω, without those of other
  /// lesions.
  ///
  /// - Parameters:
  ///   - omega: linear indices of the lesion, axis 0 fastest.
  ///   - affine: of the grid; distances are millimetres in the patient, exact Euclidean, with 1e-4 mm allowed for the
  ///     single-precision spacing of headers.
  ///   - occupied: one value per voxel, non-zero in every lesion (its own lesion included or not).
  /// - Returns: linear indices, ascending; voxels outside the grid do not exist.
  public static func voxels(
    around omega: [Int], shape: GridShape, affine: Affine, occupied: [UInt8],
    fromMillimetres inner: Double = 2, toMillimetres outer: Double = 5
  ) -> [Int] {
    precondition(occupied.count == shape.voxelCount, "one value per voxel")
    precondition(inner >= 0 && inner <= outer, "the rim lies between two distances")
    guard !omega.isEmpty else { return [] }
    let neighbourhood = Neighbourhood(withinMillimetres: outer, affine: affine)
    let bounds = VoxelBounds(of: omega, shape: shape)
    let reach = neighbourhood.reach
    let lower = (
      max(0, bounds.lower.i - reach.0), max(0, bounds.lower.j - reach.1), max(0, bounds.lower.k - reach.2)
    )
    let upper = (
      min(shape.ni - 1, bounds.upper.i + reach.0), min(shape.nj - 1, bounds.upper.j + reach.1),
      min(shape.nk - 1, bounds.upper.k + reach.2)
    )
    let box = GridShape(upper.0 - lower.0 + 1, upper.1 - lower.1 + 1, upper.2 - lower.2 + 1)
    var nearest = [Double](repeating: .infinity, count: box.voxelCount)
    for index in omega {
      let voxel = shape.voxel(at: index)
      for offset in neighbourhood.offsets {
        let (i, j, k) = (voxel.i + offset.i, voxel.j + offset.j, voxel.k + offset.k)
        guard i >= lower.0, i <= upper.0, j >= lower.1, j <= upper.1, k >= lower.2, k <= upper.2 else { continue }
        let position = (i - lower.0) + box.ni * ((j - lower.1) + box.nj * (k - lower.2))
        nearest[position] = min(nearest[position], offset.distanceMillimetres)
      }
    }
    let tolerance = Neighbourhood.toleranceMillimetres
    var rim: [Int] = []
    for position in nearest.indices
    where nearest[position] >= inner - tolerance && nearest[position] <= outer + tolerance {
      let local = box.voxel(at: position)
      let index = shape.linearIndex(VoxelIndex(local.i + lower.0, local.j + lower.1, local.k + lower.2))
      if occupied[index] == 0 { rim.append(index) }
    }
    return rim
  }
}
