import Statistics
import Volumes

/// Cortical grey matter: grey on the MPRAGE, near a sulcus or the brain's surface, in large connected pieces, and not
/// beside the ventricles.
///
/// The voxels around a lesion are partly lesion and look grey; they are left out, as are deep grey nuclei near the
/// ventricles.
enum Cortex {
  /// - Parameters:
  ///   - grey: of the grey class on the MPRAGE, without fluid.
  ///   - sulcus: dark enough on the MPRAGE to hold a sulcus.
  ///   - depth: below the surface of the brain, mm.
  static func voxels(
    in head: HeadView, grey: [Bool], sulcus: [Bool], lesion: [Bool], ventricles: LateralVentricles, depth: [Float]
  ) -> [Bool] {
    let shape = head.shape
    var candidate = grey
    head.forEachNeighbour(of: lesion.indices.filter { lesion[$0] }, head.steps(within: Double(LocationRule.lesionRim)))
    { candidate[$0] = false }
    let near = Geodesic.ways(
      from: ventricles.voxels, through: head.brain, shape: shape, spacing: head.spacing, limit: LocationRule.nucleiReach
    )
    let wall = Int32(saturating: LocationRule.ventricleWall * 10)
    let outer = sulcus.indices.map { !head.brain[$0] || (sulcus[$0] && near[$0] > wall) }
    let everywhere = [Bool](repeating: true, count: shape.voxelCount)
    let inner = Geodesic.ways(
      from: outer, through: everywhere, shape: shape, spacing: head.spacing, limit: LocationRule.cortexReach)
    for n in candidate.indices where inner[n] == Geodesic.unreached { candidate[n] = false }
    for n in candidate.indices where near[n] != Geodesic.unreached {
      if near[n] <= wall || depth[n] > LocationRule.nucleiDepth { candidate[n] = false }
    }
    var cortex = [Bool](repeating: false, count: shape.voxelCount)
    for piece in ConnectedComponents(of: candidate, shape: shape, connectivity: .faces).voxels
    where Double(piece.count) * head.voxelMillilitres >= LocationRule.smallestCortexMillilitres {
      for voxel in piece { cortex[voxel] = true }
    }
    return cortex
  }
}
