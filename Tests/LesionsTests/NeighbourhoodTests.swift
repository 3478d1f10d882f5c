import Testing
import Volumes

@testable import Lesions

struct NeighbourhoodTests {
  @Test func rimOfOneVoxelByHand() {
    let shape = GridShape(13, 1, 1)
    let none = [UInt8](repeating: 0, count: 13)
    #expect(
      Rim.voxels(around: [6], shape: shape, affine: .scaling(1, 1, 1), occupied: none) == [1, 2, 3, 4, 8, 9, 10, 11])
    // Spacing of single precision: 2 · 0.99999994 mm still counts as 2 mm, and 5 · 1.0000001 as 5.
    let under = Affine.scaling(Double(Float(1).nextDown), 1, 1)
    let over = Affine.scaling(Double(Float(1).nextUp), 1, 1)
    for affine in [under, over] {
      #expect(Rim.voxels(around: [6], shape: shape, affine: affine, occupied: none) == [1, 2, 3, 4, 8, 9, 10, 11])
    }
    // 3 mm along the axis: one voxel each side; the border cuts the rest.
    #expect(Rim.voxels(around: [0], shape: shape, affine: .scaling(3, 1, 1), occupied: none) == [1])
  }

  @Test func rimLeavesOtherLesionsOut() {
    var occupied = [UInt8](repeating: 0, count: 13)
    occupied[9] = 1
    let rim = Rim.voxels(around: [6], shape: GridShape(13, 1, 1), affine: .scaling(1, 1, 1), occupied: occupied)
    #expect(rim == [1, 2, 3, 4, 8, 10, 11])
  }

  @Test func rimEqualsItsDefinitionOnAShearedGrid() {
    let shape = GridShape(11, 10, 9)
    let affine = Affine(rows: [[0.9, 0.5, 0, 1], [0, 1.2, -0.4, 2], [0.3, 0, 1.7, 3]])
    let omega = [VoxelIndex(4, 4, 4), VoxelIndex(5, 4, 4), VoxelIndex(5, 5, 5), VoxelIndex(9, 8, 1)].map(
      shape.linearIndex
    ).sorted()
    let occupied = [UInt8](repeating: 0, count: shape.voxelCount)
    let expected = (0..<shape.voxelCount).filter { index in
      let p = affine.world(shape.voxel(at: index))
      let distance = omega.map { voxel in
        let q = affine.world(shape.voxel(at: voxel))
        return ((p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y) + (p.z - q.z) * (p.z - q.z)).squareRoot()
      }.min()!
      return distance >= 2 && distance <= 5
    }
    #expect(Rim.voxels(around: omega, shape: shape, affine: affine, occupied: occupied) == expected)
  }

  private func brain(_ shape: GridShape) -> Volume<UInt8> {
    var volume = Volume<UInt8>(shape: shape, affine: .scaling(1, 1, 2), repeating: 0)
    for index in 0..<shape.voxelCount {
      let v = shape.voxel(at: index)
      if v.i > 0 && v.j > 0 && v.i < shape.ni - 1 && v.j < shape.nj - 1 { volume.voxels[index] = 1 }
    }
    return volume
  }

  @Test(arguments: 1...20) func controlRegionsKeepTheShapeAndTheirDistance(number: Int) throws {
    let shape = GridShape(24, 22, 12)
    let volume = brain(shape)
    let omega = [VoxelIndex(10, 10, 5), VoxelIndex(11, 10, 5), VoxelIndex(11, 11, 6)].map(shape.linearIndex)
    let others = [VoxelIndex(3, 3, 2), VoxelIndex(20, 18, 9)].map(shape.linearIndex)
    let regions = ControlRegions(brain: volume, awayFrom: omega + others)
    let region = try #require(regions.region(shapedLike: omega, seed: 5, number: number))
    #expect(region == regions.region(shapedLike: omega, seed: 5, number: number))
    #expect(region.map { $0 - region[0] } == omega.map { $0 - omega[0] })
    // The same offsets in memory must be the same offsets in space: no wrapping around the grid.
    let (a, b) = (shape.voxel(at: region[0]), shape.voxel(at: region[2]))
    #expect(b.i - a.i == 1 && b.j - a.j == 1 && b.k - a.k == 1)
    for voxel in region {
      #expect(volume.voxels[voxel] == 1)
      for finding in omega + others {
        let (p, q) = (shape.voxel(at: voxel), shape.voxel(at: finding))
        let (x, y, z) = (p.i - q.i, p.j - q.j, 2 * (p.k - q.k))
        #expect(x * x + y * y + z * z >= 25)
      }
    }
  }

  @Test func differentSeedsAndNumbersMoveElsewhereAndNoRoomIsNil() {
    let shape = GridShape(24, 22, 12)
    let omega = [shape.linearIndex(VoxelIndex(10, 10, 5))]
    let regions = ControlRegions(brain: brain(shape), awayFrom: omega)
    let places = (1...10).map { regions.region(shapedLike: omega, seed: 5, number: $0) }
    #expect(Set(places).count > 5)
    #expect(regions.region(shapedLike: omega, seed: 6, number: 1) != places[0])
    let small = GridShape(5, 5, 5)
    let crowded = ControlRegions(
      brain: Volume<UInt8>(shape: small, affine: .scaling(1, 1, 1), repeating: 1), awayFrom: [62])
    #expect(crowded.region(shapedLike: [62], seed: 1, number: 1) == nil)
  }

  @Test func theOnlyPlaceIsFound() {
    // One free voxel among 64 000: random draws miss it, the search does not.
    let shape = GridShape(40, 40, 40)
    var volume = Volume<UInt8>(shape: shape, affine: .scaling(1, 1, 1), repeating: 0)
    volume.voxels[12_345] = 1
    #expect(ControlRegions(brain: volume, awayFrom: []).region(shapedLike: [7], seed: 3, number: 1) == [12_345])
  }
}
