import Checkpoints
import Networks
import Results
import Saliency
package import Volumes

/// Saliency maps as files and pictures.
extension NetworkGrid {
  /// A part of a map as it is stored: where network voxels are the patient's a box of the patient's grid, else a box of
  /// ``storedGrid(patientAffine:)``. No value is interpolated.
  func stored(_ map: SaliencyMap, within part: VoxelBox) -> SaliencyPicture {
    let channels = (0..<map.values.shape[0]).map { stored(map.values(channel: $0, within: part), of: part) }
    return SaliencyPicture(
      box: channels[0].box, flair: channels[0].values, mprage: channels.count > 1 ? channels[1].values : nil)
  }

  /// The same for a map `[1, D, H, W]` of the whole network grid.
  func stored(_ map: Tensor, within part: VoxelBox) -> LayerMap {
    var values: [Float] = []
    values.reserveCapacity(part.voxelCount)
    for d in part.lower[0]..<part.upper[0] {
      for h in part.lower[1]..<part.upper[1] {
        let row = (d * map.shape[2] + h) * map.shape[3]
        values.append(contentsOf: map.values[(row + part.lower[2])..<(row + part.upper[2])])
      }
    }
    return stored(values, of: part)
  }

  /// A part of a map for pictures on the patient's grid, made from it as it is stored, see ``StoredMap``.
  func picture(of map: SaliencyMap, within part: VoxelBox, patientAffine: Affine) -> SaliencyPicture {
    let stored = stored(map, within: part)
    if isPatientVoxels { return stored }
    let whole = storedGrid(patientAffine: patientAffine)
    // The affine as the file's header rounds it.
    let affine = NIfTIHeader(shape: whole.shape, affine: whole.affine).cropped(to: stored.box).affine!
    return StoredMap.picture(
      flair: stored.flair, mprage: stored.mprage, shape: stored.box.shape, affine: affine,
      grid: (patientShape, patientAffine))!
  }

  private func stored(_ values: [Float], of part: VoxelBox) -> LayerMap {
    guard isPatientVoxels else { return layout.withNetworkShape(spatialShape).patientBox(part, values: values[...]) }
    let moved = VoxelBox(
      lower: (0..<3).map { part.lower[$0] + box.lower[$0] }, upper: (0..<3).map { part.upper[$0] + box.lower[$0] })
    return layout.patientBox(moved, values: values[...])
  }
}

extension SaliencyMap {
  /// One channel of a part of the map's box, `[d, h, w]`, last axis fastest.
  fileprivate func values(channel: Int, within part: VoxelBox) -> [Float] {
    let (outer, inner) = (box.shape, part.shape)
    let offset = (0..<3).map { part.lower[$0] - box.lower[$0] }
    var result: [Float] = []
    result.reserveCapacity(part.voxelCount)
    for d in 0..<inner[0] {
      for h in 0..<inner[1] {
        let start = ((channel * outer[0] + d + offset[0]) * outer[1] + h + offset[1]) * outer[2] + offset[2]
        result.append(contentsOf: values.values[start..<(start + inner[2])])
      }
    }
    return result
  }
}

/// A box of one map as it is stored, axis 0 fastest.
package struct LayerMap {
  package let box: GridBox
  package let values: [Float]
}
