import Checkpoints
import Lesions
import Networks
import Results
import Saliency
import Volumes

/// Instance Grad-CAM++ maps of all findings of a scan.
enum LayerMaps {
  /// Findings whose maps, each a whole volume, are made at the same time; they share forward passes.
  private static let groupSize = 8

  /// - Returns: for every finding the part of its map that is kept, as it is stored.
  static func all(
    of findings: [Finding], input: NetworkInput, model: LoadedModel, settings: RunSettings,
    progress: (Int, Int) throws -> Void
  ) throws -> [LayerMap] {
    guard let layered = model.layered else { return [] }
    let (network, tensor) = (input.grid, input.tensor)
    let weights = try settings.target.classWeights(of: model)
    let spatialShape = Array(tensor.shape.dropFirst())
    let whole = VoxelBox(lower: [0, 0, 0], upper: spatialShape)
    var found: [LayerMap] = []
    for start in stride(from: 0, to: findings.count, by: groupSize) {
      try progress(start, findings.count)
      let group = findings[start..<min(start + groupSize, findings.count)]
      let regions = group.map { network.region(ofPatient: $0.voxels) }
      let maps = try GradCAMPlusPlus().maps(of: regions, classWeights: weights, model: layered, at: tensor)
      for (region, map) in zip(regions, maps) {
        let kept = KeptBox.of(map, in: whole, around: region.voxels, spatialShape: spatialShape)
        found.append(network.stored(map, within: kept))
      }
    }
    try progress(findings.count, findings.count)
    return found
  }
}
