import Testing

@testable import Volumes

@Suite struct GridTests {
  let shape = GridShape(182, 218, 182)

  /// The same affine with the x row's j coefficient off by `error`: the far corner moves by 217 times that.
  private func tilted(by error: Double) -> Affine {
    var rows = obliqueAffine.rows
    rows[0][1] += error
    return Affine(rows: rows)
  }

  @Test func cornersDecide() {
    #expect(GridComparison(shape, obliqueAffine, shape, obliqueAffine).isSame)
    #expect(GridComparison(shape, obliqueAffine, shape, tilted(by: 0.9e-3 / 217)).isSame)
    let apart = GridComparison(shape, obliqueAffine, shape, tilted(by: 2.0 / 217))
    #expect(!apart.isSame)
    #expect(apart.description == "same shape, but corner voxels lie up to 2 mm apart")
    #expect(!GridComparison(shape, obliqueAffine, shape, tilted(by: .nan)).isSame)
    let shapes = GridComparison(shape, obliqueAffine, GridShape(182, 218, 181), obliqueAffine)
    #expect(!shapes.isSame && shapes.largestCornerDistanceMillimetres == nil)
    #expect(shapes.description == "shapes differ: 182 x 218 x 182 and 182 x 218 x 181 voxels")
  }

  /// One per cent of the smallest edge of either grid, but never less than a micron.
  @Test func theToleranceGoesWithTheVoxels() {
    func compare(_ edges: (Double, Double, Double), shift: Double) -> Bool {
      let grid = GridShape(10, 10, 10)
      let affine = Affine.scaling(edges.0, edges.1, edges.2)
      let shifted = Affine.scaling(edges.0, edges.1, edges.2, originMillimetres: (0, shift, 0))
      return GridComparison(grid, affine, grid, shifted).isSame
    }
    #expect(compare((1, 1, 1), shift: 0.0099) && !compare((1, 1, 1), shift: 0.0101))
    #expect(compare((0.5, 0.5, 5), shift: 0.0049) && !compare((0.5, 0.5, 5), shift: 0.0051))
    #expect(compare((0.06, 3, 3), shift: 0.00099) && !compare((0.06, 3, 3), shift: 0.00101))
    // The finer of two grids decides: nine steps of 2 mm and of 2.0012 mm differ by 0.0108 mm.
    let grid = GridShape(10, 10, 10)
    #expect(GridComparison(grid, .scaling(2, 2, 2), grid, .scaling(2.0012, 2, 2)).isSame)
    #expect(!GridComparison(grid, .scaling(2, 2, 0.9), grid, .scaling(2.0012, 2, 0.9)).isSame)
  }

  @Test func inverseLeadsBack() {
    let identity = obliqueAffine.inverse.composed(with: obliqueAffine)
    #expect(identity.relativeDifference(from: .scaling(1, 1, 1)) < 1e-14)
    let voxel = obliqueAffine.voxelCoordinate(of: obliqueAffine.world(3, 4.5, -2))
    #expect(abs(voxel.i - 3) < 1e-12 && abs(voxel.j - 4.5) < 1e-12 && abs(voxel.k + 2) < 1e-12)
    // Rows of a rotation times spacings 1, 2 and 0.5 mm.
    #expect(abs(obliqueAffine.voxelVolumeMillimetres3 - 1) < 1e-12)
  }

  @Test func boxesStayInTheirGrid() {
    let grid = GridShape(10, 9, 8)
    let box = GridBox(lower: VoxelIndex(1, 4, 7), upper: VoxelIndex(3, 5, 8))
    #expect(box.shape == GridShape(2, 1, 1))
    #expect(
      box.expanded(by: VoxelIndex(2, 2, 2)).clipped(to: grid)
        == GridBox(lower: VoxelIndex(0, 2, 5), upper: VoxelIndex(5, 7, 8)))
    #expect(box.contains(VoxelIndex(2, 4, 7)) && !box.contains(VoxelIndex(3, 4, 7)))
    #expect(GridBox(grid).shape == grid)
  }
}
