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
    around omega: [Int], shape: GridShape, affine: Affine, occupied: [UInt8], fromMillimetres inner: Double = 2,
    toMillimetres outer: Double = 5
  ) -> [Int] {
    precondition(occupied.count == shape.voxelCount, "one value per voxel")
    precondition(inner >= 0 && inner <= outer, "the rim lies between two distances")
    guard !omega.isEmpty else { return [] }
    let neighbourhood = Neighbourhood(withinMillimetres: outer, affine: affine)
    let box = GridBox(enclosing: omega, shape: shape).expanded(by: neighbourhood.reach).clipped(to: shape)!
    var nearest = [Double](repeating: .infinity, count: box.shape.voxelCount)
    for index in omega {
      let voxel = shape.voxel(at: index)
      for offset in neighbourhood.offsets {
        guard let position = box.index(of: voxel + offset.step) else { continue }
        nearest[position] = min(nearest[position], offset.distanceMillimetres)
      }
    }
    let tolerance = Neighbourhood.toleranceMillimetres
    var rim: [Int] = []
    for position in nearest.indices
    where nearest[position] >= inner - tolerance && nearest[position] <= outer + tolerance {
      let index = shape.linearIndex(box.voxel(at: position))
      if occupied[index] == 0 { rim.append(index) }
    }
    return rim
  }
}
