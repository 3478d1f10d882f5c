import Statistics
import Volumes

/// White matter of the hemispheres and of what lies below the tentorium, told apart by the way through white matter.
///
/// Cerebellum and brainstem join the hemispheres in the midbrain alone. So white matter that is nearer to the pons than
/// to the level of the ventricles, by the way through white matter, lies below the tentorium; where both ways are about
/// equal, which is the midbrain and what lies around it, the question is left open. The pons is white matter near the
/// midline well below the ventricles, where no hemisphere reaches.
struct BrainRegions: Sendable {
  enum Region: UInt8, Sendable { case none, hemispheres, infratentorial, between }

  let labels: [Region]

  /// - Returns: nil where no pons is in the image.
  init?(in head: HeadView, white: [Bool], ventricles: LateralVentricles) {
    let shape = head.shape
    let centre = ventricles.centre
    let upper = white.indices.map { white[$0] && Double(shape.voxel(at: $0).k) >= centre[2] }
    let low = white.indices.map { n in
      guard white[n] else { return false }
      let v = shape.voxel(at: n)
      return abs(Double(v.i) - centre[0]) * head.spacing[0] <= LocationRule.ponsBeside
        && (centre[2] - Double(v.k)) * head.spacing[2] >= LocationRule.ponsBelow
        && LocationRule.ponsBehindToBefore.contains((Double(v.j) - centre[1]) * head.spacing[1])
    }
    // The largest piece; of several equal ones the first.
    var pons: [Int] = []
    for piece in ConnectedComponents(of: low, shape: shape, connectivity: .faces).voxels where piece.count > pons.count
    { pons = piece }
    guard Double(pons.count) * head.voxelMillilitres >= LocationRule.smallestPonsMillilitres else { return nil }
    var source = [Bool](repeating: false, count: shape.voxelCount)
    for voxel in pons { source[voxel] = true }
    let fromAbove = Geodesic.ways(from: upper, through: white, shape: shape, spacing: head.spacing)
    let fromPons = Geodesic.ways(from: source, through: white, shape: shape, spacing: head.spacing)
    let undecided = Int(saturating: LocationRule.undecidedWay * 10)
    labels = white.indices.map { n in
      let (above, below) = (Int(fromAbove[n]), Int(fromPons[n]))
      if min(above, below) == Int(Geodesic.unreached) { return .none }
      if above + undecided <= below { return .hemispheres }
      return below + undecided <= above ? .infratentorial : .between
    }
  }
}
