import Testing

@testable import Volumes

@Suite struct DepthMapTests {
  /// A bar of 5 × 1 × 1 inside voxels in a grid of 7 × 3 × 3, voxels of 2 × 10 × 10 mm: the ends are nearest.
  @Test func ofABar() {
    let shape = GridShape(7, 3, 3)
    let inside = (0..<shape.voxelCount).map { index in
      let v = shape.voxel(at: index)
      return v.j == 1 && v.k == 1 && (1...5).contains(v.i)
    }
    let depth = DepthMap.chamfer(inside: inside, shape: shape, affine: .scaling(2, 10, 10))
    #expect((0..<7).map { depth[shape.linearIndex(VoxelIndex($0, 1, 1))] } == [0, 2, 4, 6, 4, 2, 0])
    #expect(depth[shape.linearIndex(VoxelIndex(3, 0, 1))] == 0)
  }

  /// The voxel outside lies one step along every axis away: √(1 + 4 + 9) mm.
  @Test func diagonalStepsAndTheEdgeOfTheGrid() {
    let shape = GridShape(2, 2, 2)
    let inside = (0..<8).map { $0 != 0 }
    let depth = DepthMap.chamfer(inside: inside, shape: shape, affine: .scaling(1, 2, 3))
    #expect(abs(depth[7] - Float(14).squareRoot()) < 1e-6)
    #expect(depth[1] == 1 && depth[2] == 2 && depth[4] == 3)
    let full = DepthMap.chamfer(inside: .init(repeating: true, count: 8), shape: shape, affine: .scaling(1, 1, 1))
    #expect(full.allSatisfy { $0 == .infinity })
  }
}

@Suite struct ConnectivityTests {
  @Test func dilationAddsThe18Neighbours() {
    #expect(Connectivity.faces.steps.count == 6 && Connectivity.facesAndEdges.steps.count == 18)
    let shape = GridShape(5, 5, 5)
    var members: Set<Int> = [62]  // the middle
    let border = Dilation.grow(&members, from: [62], shape: shape, connectivity: .facesAndEdges)
    #expect(border.count == 18 && members.count == 19 && border == border.sorted())
    // A corner of the neighbourhood is reached by two steps only.
    #expect(!members.contains(62 + 31))
    _ = Dilation.grow(&members, from: border, shape: shape, connectivity: .facesAndEdges)
    #expect(members.contains(62 + 31))
  }

  @Test func componentsHaveTheirVoxelsAndBoxes() {
    // Two voxels that share an edge, and a run of two apart.
    let shape = GridShape(4, 3, 1)
    let isMember = [true, false, false, false, false, true, false, false, false, false, true, true].map { $0 }
    let byFaces = ConnectedComponents(of: isMember, shape: shape, connectivity: .faces)
    #expect(byFaces.voxels == [[0], [5], [10, 11]])
    let byEdges = ConnectedComponents(of: isMember, shape: shape, connectivity: .facesAndEdges)
    #expect(byEdges.count == 1 && byEdges.voxels == [[0, 5, 10, 11]])
    #expect(byEdges.extents.map(\.voxelCount) == [4] && byEdges.extents[0].box == GridBox(shape))
    #expect(byFaces.extents[2].box == GridBox(lower: VoxelIndex(2, 2, 0), upper: VoxelIndex(4, 3, 1)))
  }
}
