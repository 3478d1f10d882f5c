import Volumes

/// A body at its place in a scan.
struct PlantedThing {
  let body: PlantedBody
  let centreMillimetres: WorldPoint
  /// Linear indices on the patient's grid, axis 0 fastest, ascending, with the share of each voxel that is filled.
  let cover: [(voxel: Int, share: Float)]

  /// The voxels that count as the thing: filled by at least half as much as its fullest one, which may be less than whole
  /// where voxels are larger than the thing.
  var voxels: [Int] {
    let fullest = cover.reduce(0) { max($0, $1.share) }
    return cover.filter { $0.share >= fullest / 2 }.map(\.voxel)
  }

  /// Filled shares times the volume of a voxel.
  func volumeMillimetres3(_ affine: Affine) -> Double {
    cover.reduce(0) { $0 + Double($1.share) } * affine.voxelVolumeMillimetres3
  }
}
