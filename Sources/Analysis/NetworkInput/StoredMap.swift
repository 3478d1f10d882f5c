package import Foundation
package import Results
import Statistics
package import Volumes

/// A saliency map as it lies in a file, as a picture on the patient's grid.
///
/// The run makes its pictures from the maps it stores by this very code, so that a report that is drawn again later is
/// the same to the last bit.
package enum StoredMap {
  /// How far a map's voxels may be off the patient's axes or voxel centres, in patient voxels: far above the rounding
  /// of a single-precision affine, far below what a picture shows.
  private static let tolerance = 1e-3

  /// - Parameters:
  ///   - url: a 4D file, last axis FLAIR, MPRAGE; or a file of FLAIR alone.
  ///   - grid: shape and affine of the patient's FLAIR.
  /// - Throws: ``Fault`` for a map that does not lie along the axes of the FLAIR.
  package static func read(_ url: URL, grid: (shape: GridShape, affine: Affine)) throws -> SaliencyPicture {
    let file = try NIfTIFile.readChannels(url.path)
    guard file.volumes.count <= 2 else {
      throw Fault(
        .input, url.path, found: "holds \(file.volumes.count) volumes",
        expected: "a 4D saliency map with FLAIR and MPRAGE on its last axis, or one of FLAIR alone")
    }
    guard file.volumes.allSatisfy({ $0.voxels.allSatisfy(\.isFinite) }) else {
      throw Fault(.input, url.path, found: "holds NaN or infinite values", expected: "a saliency map")
    }
    let shape = file.volumes[0].shape
    guard
      let picture = picture(
        flair: file.volumes[0].voxels, mprage: file.volumes.count > 1 ? file.volumes[1].voxels : nil, shape: shape,
        affine: file.volumes[0].affine, grid: grid)
    else {
      throw Fault(
        .input, url.path, found: "does not lie along the axes of the FLAIR or not over it",
        remedy: .plain("resample the map onto the FLAIR grid first"))
    }
    return picture
  }

  /// - Parameters:
  ///   - flair: one value per voxel of the map, axis 0 fastest.
  ///   - affine: of the map, as the file's header states it.
  /// - Returns: the box of the patient's voxels whose centres lie in the map's voxels, at least one along each axis:
  ///   the values themselves where map voxels are patient voxels, else resampled trilinearly. Nil when the map's axes
  ///   are not the patient's or the map lies outside.
  package static func picture(
    flair: [Float], mprage: [Float]?, shape: GridShape, affine: Affine, grid: (shape: GridShape, affine: Affine)
  ) -> SaliencyPicture? {
    let toPatient = grid.affine.inverse.composed(with: affine).rows
    let sizes = [shape.ni, shape.nj, shape.nk]
    let patient = [grid.shape.ni, grid.shape.nj, grid.shape.nk]
    for row in 0..<3 {
      guard toPatient[row][row] > 0 else { return nil }
      for column in 0..<3 where column != row {
        guard abs(toPatient[row][column]) * Double(sizes[column]) < 0.5 else { return nil }
      }
    }
    let scale = (0..<3).map { toPatient[$0][$0] }
    let offset = (0..<3).map { toPatient[$0][3] }
    var lower = [0, 0, 0]
    var upper = [0, 0, 0]
    for axis in 0..<3 {
      let (first, last) = (offset[axis] - scale[axis] / 2, offset[axis] + scale[axis] * (Double(sizes[axis]) - 0.5))
      guard last > -0.5, first < Double(patient[axis]) - 0.5 else { return nil }
      lower[axis] = min(max(Int(saturating: first.rounded(.up)), 0), patient[axis] - 1)
      upper[axis] = min(max(Int(saturating: last.rounded(.down)) + 1, lower[axis] + 1), patient[axis])
    }
    let isPatientVoxels = (0..<3).allSatisfy {
      abs(scale[$0] - 1) * Double(sizes[$0]) < tolerance && abs(offset[$0] - offset[$0].rounded()) < tolerance
    }
    if isPatientVoxels {
      lower = offset.map { Int(saturating: $0.rounded()) }
      upper = (0..<3).map { lower[$0] + sizes[$0] }
      guard (0..<3).allSatisfy({ lower[$0] >= 0 && upper[$0] <= patient[$0] }) else { return nil }
      return SaliencyPicture(box: GridBox(lower, upper), flair: flair, mprage: mprage)
    }
    let axes = (0..<3).map { axis in
      (lower[axis]..<upper[axis]).map { voxel -> (low: Int, next: Int, fraction: Float) in
        let last = Double(sizes[axis] - 1)
        let place = min(max((Double(voxel) - offset[axis]) / scale[axis], 0), last)
        let low = Int(saturating: place)
        return (low, min(low + 1, sizes[axis] - 1), Float(place - place.rounded(.down)))
      }
    }
    func resampled(_ values: [Float]) -> [Float] {
      var result: [Float] = []
      result.reserveCapacity(axes.reduce(1) { $0 * $1.count })
      for c in axes[2] {
        for b in axes[1] {
          for a in axes[0] {
            func line(_ j: Int, _ k: Int) -> Float {
              let row = sizes[0] * (j + sizes[1] * k)
              return values[row + a.low] + (values[row + a.next] - values[row + a.low]) * a.fraction
            }
            func plane(_ k: Int) -> Float {
              let first = line(b.low, k)
              return first + (line(b.next, k) - first) * b.fraction
            }
            let first = plane(c.low)
            result.append(first + (plane(c.next) - first) * c.fraction)
          }
        }
      }
      return result
    }
    return SaliencyPicture(box: GridBox(lower, upper), flair: resampled(flair), mprage: mprage.map(resampled))
  }
}

extension GridBox {
  fileprivate init(_ lower: [Int], _ upper: [Int]) {
    self.init(lower: VoxelIndex(lower[0], lower[1], lower[2]), upper: VoxelIndex(upper[0], upper[1], upper[2]))
  }
}
