import Networks
import Reports
import Saliency
import Volumes

/// Saliency maps as files and pictures.
extension NetworkGrid {
  /// A part of a map as it is stored: where network voxels are the patient's a box of the patient's grid, else a box of
  /// ``storedGrid(patientAffine:)``. No value is interpolated.
  func stored(_ map: SaliencyMap, within part: VoxelBox) -> SaliencyPicture {
    let channels = (0..<2).map { channel -> (lower: VoxelIndex, upper: VoxelIndex, values: [Float]) in
      let values = map.values(channel: channel, within: part)
      guard isPatientVoxels else { return layout.withNetworkShape(spatialShape).patientBox(part, values: values[...]) }
      let moved = VoxelBox(
        lower: (0..<3).map { part.lower[$0] + box.lower[$0] }, upper: (0..<3).map { part.upper[$0] + box.lower[$0] })
      return layout.patientBox(moved, values: values[...])
    }
    return SaliencyPicture(
      lower: channels[0].lower, upper: channels[0].upper, flair: channels[0].values, mprage: channels[1].values)
  }

  /// A part of a map for pictures on the patient's grid: resampled trilinearly where the grids differ.
  ///
  /// The box holds the patient's voxels whose centres lie in the part's voxels, at least one along each axis.
  func picture(of map: SaliencyMap, within part: VoxelBox) -> SaliencyPicture {
    if isPatientVoxels { return stored(map, within: part) }
    let (low, high) = (edges(part.lower), edges(part.upper))
    var lower = [0, 0, 0]
    var upper = [0, 0, 0]
    for axis in 0..<3 {
      let size = box.shape[axis]
      lower[axis] = min(max(Int(low[axis].rounded(.up)), 0), size - 1)
      upper[axis] = min(max(Int(high[axis].rounded(.down)) + 1, lower[axis] + 1), size)
    }
    let axes = (0..<3).map { axis in
      (lower[axis]..<upper[axis]).map { voxel -> (low: Int, next: Int, fraction: Float) in
        let places = images.targetCoordinate(ofSource: (0..<3).map { $0 == axis ? Double(voxel) : 0 })
        let last = Double(part.shape[axis] - 1)
        let place = min(max(places[axis] - Double(part.lower[axis]), 0), last)
        return (Int(place), min(Int(place) + 1, Int(last)), Float(place - place.rounded(.down)))
      }
    }
    let channels = (0..<2).map { channel -> (lower: VoxelIndex, upper: VoxelIndex, values: [Float]) in
      let values = map.values(channel: channel, within: part)
      let n = part.shape
      var resampled: [Float] = []
      for a in axes[0] {
        for b in axes[1] {
          for c in axes[2] {
            func line(_ d: Int, _ h: Int) -> Float {
              let row = (d * n[1] + h) * n[2]
              return values[row + c.low] + (values[row + c.next] - values[row + c.low]) * c.fraction
            }
            func plane(_ d: Int) -> Float {
              let first = line(d, b.low)
              return first + (line(d, b.next) - first) * b.fraction
            }
            let first = plane(a.low)
            resampled.append(first + (plane(a.next) - first) * a.fraction)
          }
        }
      }
      let moved = VoxelBox(
        lower: (0..<3).map { lower[$0] + box.lower[$0] }, upper: (0..<3).map { upper[$0] + box.lower[$0] })
      return layout.patientBox(moved, values: resampled[...])
    }
    return SaliencyPicture(
      lower: channels[0].lower, upper: channels[0].upper, flair: channels[0].values, mprage: channels[1].values)
  }

  /// The lower edges of a network voxel in voxels of the box.
  private func edges(_ voxel: [Int]) -> [Double] { images.sourceCoordinate(ofTarget: voxel.map { Double($0) - 0.5 }) }
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
