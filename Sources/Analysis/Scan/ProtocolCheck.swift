import Results
import Volumes

/// Looks whether the images were acquired in a way in which lesions are missed or a network is out of its depth.
///
/// The consensus protocol for MS (MAGNIMS–CMSC–NAIMS 2021) asks for a FLAIR of the whole brain, 3D at 1 mm, or 2D with
/// slices of at most 3 mm. What is odd becomes a warning; nothing is refused.
struct ProtocolCheck {
  /// A voxel edge from which on a slice is thick: partial volume hides lesions smaller than it.
  static let thickMillimetres = 2.0
  /// Longest over shortest voxel edge from which on an image is not isotropic.
  static let anisotropy = 1.5
  /// Thickest slice that the consensus accepts of a 2D FLAIR.
  static let thickest2DMillimetres = 3.0
  /// Brain on the first or last slice from which on the field of view ends inside the brain. Below it is the brainstem
  /// and the tips of the cerebellum.
  static let cutTopMillimetres2 = 500.0
  static let cutBottomMillimetres2 = 3000.0
  /// An edge that differs by more than this factor from the one that the network was trained on.
  static let spacingFactor = 1.5

  let warnings: [Warning]

  /// - Parameters:
  ///   - images: role and stored volume, before anything is resampled.
  ///   - brainMask: on the grid of the first image; nil where the head is shown and the brain is not known.
  ///   - trainingSpacingMillimetres: voxel size that the model's description names.
  init(
    images: [(role: String, volume: Volume<Float>)], brainMask: Volume<UInt8>?, trainingSpacingMillimetres: [Double]?
  ) {
    warnings =
      images.compactMap { Self.slices($0.role, $0.volume) } + (brainMask.map(Self.coverage) ?? [])
      + (images.first.flatMap { Self.training($0.volume, trainingSpacingMillimetres) }.map { [$0] } ?? [])
  }

  private static func edges(_ volume: Volume<Float>) -> [Double] {
    let (i, j, k) = volume.affine.spacingMillimetres
    return [i, j, k]
  }

  private static func slices(_ role: String, _ volume: Volume<Float>) -> Warning? {
    let edges = edges(volume)
    let (shortest, longest) = (edges.min()!, edges.max()!)
    let voxel = Warning.Value.numbers(edges)
    if longest >= thickMillimetres {
      if let plane = inPlane(edges) {
        return Warning(
          .thickSlices, images: [role],
          [
            "thicknessMillimetres": .number(longest), "inPlaneMillimetres": .numbers(plane),
            "acceptedMillimetres": .number(thickest2DMillimetres),
          ])
      }
      return Warning(
        .thickVoxels, images: [role], ["voxelMillimetres": voxel, "thicknessMillimetres": .number(longest)])
    }
    guard longest >= anisotropy * shortest else { return nil }
    return Warning(.anisotropicVoxels, images: [role], ["voxelMillimetres": voxel])
  }

  /// The two edges within a slice where one edge is clearly longer than both, as in an image acquired slice by slice
  /// (2D); the header does not say how it was acquired.
  private static func inPlane(_ edges: [Double]) -> [Double]? {
    let thick = edges.indices.max { edges[$0] < edges[$1] }!
    let plane = edges.indices.filter { $0 != thick }.map { edges[$0] }
    return edges[thick] >= anisotropy * plane.max()! ? plane : nil
  }

  private static func coverage(_ mask: Volume<UInt8>) -> [Warning] {
    let directions = Orientation(mask.affine).directions
    let axis = directions.firstIndex { $0.worldAxis == 2 }!
    let shape = [mask.shape.ni, mask.shape.nj, mask.shape.nk]
    let spacing = [
      mask.affine.spacingMillimetres.0, mask.affine.spacingMillimetres.1, mask.affine.spacingMillimetres.2,
    ]
    let area = spacing.enumerated().reduce(1) { $1.offset == axis ? $0 : $0 * $1.element }
    func brain(onSlice index: Int) -> Double {
      var count = 0
      for (linear, value) in mask.voxels.enumerated() where value != 0 {
        let voxel = mask.shape.voxel(at: linear)
        if [voxel.i, voxel.j, voxel.k][axis] == index { count += 1 }
      }
      return Double(count) * area
    }
    let last = shape[axis] - 1
    let (top, bottom) = directions[axis].isPositive ? (last, 0) : (0, last)
    return [
      brain(onSlice: top) > cutTopMillimetres2 ? Warning(.brainCutAtTop, images: ["FLAIR"]) : nil,
      brain(onSlice: bottom) > cutBottomMillimetres2 ? Warning(.brainCutAtBottom, images: ["FLAIR"]) : nil,
    ].compactMap { $0 }
  }

  private static func training(_ volume: Volume<Float>, _ wanted: [Double]?) -> Warning? {
    guard let wanted else { return nil }
    // Sorted, since the network's axes may lie in another order.
    let far = zip(edges(volume).sorted(), wanted.sorted()).contains { max($0 / $1, $1 / $0) > spacingFactor }
    guard far else { return nil }
    return Warning(
      .voxelsUnlikeTraining, images: ["FLAIR"],
      ["voxelMillimetres": .numbers(edges(volume)), "trainingMillimetres": .numbers(wanted)])
  }
}
