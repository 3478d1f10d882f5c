import Lesions
import Networks
package import Results
import Saliency
import Volumes

/// Saliency of one finding: what was read from the map, and the map.
package struct ExplainedFinding {
  package var saliency: SaliencyRecord
  /// The part of the map that is kept, see ``KeptBox``, on the patient's grid for pictures.
  package let picture: SaliencyPicture
  /// The same part as it is stored, see ``NetworkGrid/stored(_:within:)``.
  package let stored: SaliencyPicture
  /// The whole map as it is stored, only when it is to be written.
  package let whole: SaliencyPicture?
}

extension SaliencyRecord {
  /// Numbers of a map on a network's grid, with positions on the patient's.
  init(_ features: PeakFeatures, network: NetworkGrid, affine: Affine) {
    self.init(features) { position in
      let place = network.patientPlace(of: position.map(Double.init))
      return (network.patientVoxel(nearestTo: position), affine.world(place[0], place[1], place[2]))
    }
  }
}

extension ExplainedFinding {
  /// A map that another tool made, on the patient's grid. What the map leaves out does not count; whether it is a sum
  /// or a mean is not known.
  init(_ finding: Finding, given picture: SaliencyPicture, grid: Volume<Float>, occupied: [UInt8]) {
    let box = picture.box
    let network = NetworkGrid(AxisLayout(asStored: grid.shape))
    let map = SaliencyMap(
      given: AxisLayout(asStored: box.shape).tensor([picture.flair] + [picture.mprage].compactMap { $0 }),
      box: VoxelBox(lower: [box.lower.i, box.lower.j, box.lower.k], upper: [box.upper.i, box.upper.j, box.upper.k]),
      spatialShape: network.spatialShape, region: network.region(ofPatient: finding.voxels))
    let rim = Rim.voxels(around: finding.voxels, shape: grid.shape, affine: grid.affine, occupied: occupied).filter {
      box.contains(grid.shape.voxel(at: $0))
    }
    let features = PeakFeatures(of: map, rim: network.networkIndices(ofPatient: rim))
    saliency = SaliencyRecord(features, network: network, affine: grid.affine)
    let surroundings = Surroundings(of: finding.voxels, shape: grid.shape, affine: grid.affine, occupied: occupied)
    saliency.add(SurroundingMap(map, surroundings, network: network), peaks: features)
    (saliency.samples, saliency.flairSumPeak) = (nil, nil)
    (self.picture, stored, whole) = (picture, picture, nil)
  }
}
