import Statistics
import Volumes

/// The lateral ventricles: the large fluid spaces deep in the brain, on both sides of the midline, at mid height.
///
/// Fluid is opened first, so that a fissure or a cistern that touches a ventricle does not join it; the pieces that are
/// deep, and lie where ventricles lie in the brain's box, are the bodies; from these the horns are followed through
/// wide fluid.
struct LateralVentricles: Sendable {
  let voxels: [Bool]
  let millilitres: Double
  /// Centre of mass in voxels along right, anterior and superior.
  let centre: [Double]

  /// - Parameters:
  ///   - fluid: dark on both images.
  ///   - depth: below the surface of the brain, mm.
  init(in head: HeadView, fluid: [Bool], depth: [Float]) throws(LocationLimitation) {
    let shape = head.shape
    let width = DepthMap.chamfer(inside: fluid, shape: shape, affine: head.affine)
    let core = width.indices.map { width[$0] > LocationRule.fluidCore && width[$0].isFinite }
    let middle = Double(head.extent[0].lowerBound + head.extent[0].upperBound) / 2

    var bodies = [Bool](repeating: false, count: shape.voxelCount)
    var found = false
    let deep = core.indices.map { core[$0] && depth[$0] >= LocationRule.seedDepth }
    for piece in ConnectedComponents(of: deep, shape: shape, connectivity: .faces).voxels {
      guard Double(piece.count) * head.voxelMillilitres >= LocationRule.smallestSeedMillilitres,
        piece.contains(where: { depth[$0] >= LocationRule.ventricleDepth })
      else { continue }
      let centre = Self.centre(of: piece, shape)
      let lies = (0..<3).allSatisfy { axis in
        let range = head.extent[axis]
        let share = (centre[axis] - Double(range.lowerBound)) / Double(max(1, range.count - 1))
        return LocationRule.ventricleBox[axis].contains(share)
      }
      let aside = piece.lazy.map { abs(Double(shape.voxel(at: $0).i) - middle) * head.spacing[0] }.max()!
      guard lies, aside >= LocationRule.besideMidline else { continue }
      for voxel in piece { bodies[voxel] = true }
      found = true
    }
    guard found else { throw LocationLimitation(.ventriclesNotFound) }

    let horns = core.indices.map { core[$0] && depth[$0] >= LocationRule.hornDepth }
    let wide = Geodesic.ways(
      from: bodies, through: horns, shape: shape, spacing: head.spacing, limit: LocationRule.hornReach)
    let walls = fluid.indices.map { fluid[$0] && depth[$0] >= LocationRule.hornDepth }
    let all = Geodesic.ways(
      from: wide.map { $0 != Geodesic.unreached }, through: walls, shape: shape, spacing: head.spacing,
      limit: max(2, head.spacing.max()!) + 0.05)
    let members = all.indices.filter { all[$0] != Geodesic.unreached }
    voxels = all.map { $0 != Geodesic.unreached }
    let millilitres = Double(members.count) * head.voxelMillilitres
    self.millilitres = millilitres
    centre = Self.centre(of: members, shape)
    guard LocationRule.ventricleMillilitres.contains(millilitres) else {
      throw LocationLimitation(.ventricleVolume, millilitres: millilitres)
    }
    let left = members.count { Double(shape.voxel(at: $0).i) < middle }
    let smaller = Double(min(left, members.count - left)) / Double(members.count)
    guard smaller >= LocationRule.smallerSide else { throw LocationLimitation(.oneVentricleOnly) }
  }

  private static func centre(of voxels: [Int], _ shape: GridShape) -> [Double] {
    var sum = [0, 0, 0]
    for n in voxels {
      let v = shape.voxel(at: n)
      sum = [sum[0] + v.i, sum[1] + v.j, sum[2] + v.k]
    }
    return sum.map { Double($0) / Double(max(1, voxels.count)) }
  }
}
