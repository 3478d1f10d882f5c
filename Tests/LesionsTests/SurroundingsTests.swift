import Testing
import Volumes

@testable import Lesions

/// The tissue around a finding and its distances, on numbers worked out by hand; against SciPy in ErrorScoreTests.
struct SurroundingsTests {
  private let shape = GridShape(9, 9, 9)

  private func index(_ i: Int, _ j: Int, _ k: Int) -> Int { shape.linearIndex(VoxelIndex(i, j, k)) }

  private func distance(_ around: Surroundings, _ i: Int, _ j: Int, _ k: Int) -> Float? {
    around.voxels.firstIndex(of: index(i, j, k)).map { around.distances[$0] }
  }

  private func around(_ finding: [Int], spacing: (Double, Double, Double), occupied: [Int] = [], reach: Double = 10)
    -> Surroundings
  {
    var mask = [UInt8](repeating: 0, count: shape.voxelCount)
    for voxel in occupied { mask[voxel] = 1 }
    return Surroundings(
      of: finding.sorted(), shape: shape, affine: .scaling(spacing.0, spacing.1, spacing.2), occupied: mask,
      reachMillimetres: reach)
  }

  @Test func distancesAreMillimetresOnAnisotropicVoxels() {
    let found = around([index(4, 4, 4)], spacing: (1, 2, 3), reach: 6)
    #expect(distance(found, 4, 4, 4) == 0)
    #expect(distance(found, 5, 4, 4) == 1 && distance(found, 4, 3, 4) == 2 && distance(found, 4, 4, 5) == 3)
    #expect(distance(found, 5, 5, 5) == 14.0.squareRoot().asFloat)
    #expect(distance(found, 4, 7, 4) == 6 && distance(found, 4, 4, 7) == nil, "9 mm is farther than the reach")
    #expect(found.ring.contains { found.voxels[$0] == index(4, 3, 4) })
    #expect(!found.ring.contains { found.voxels[$0] == index(5, 4, 4) }, "1 mm is no ring")
  }

  @Test func insideIsNegativeAndTheBorderIsZero() {
    // A cube of 5 voxels a side: its shell is the border, its middle lies 2 mm behind it.
    var cube: [Int] = []
    for k in 2...6 { for j in 2...6 { for i in 2...6 { cube.append(index(i, j, k)) } } }
    let found = around(cube, spacing: (1, 1, 1))
    #expect(distance(found, 2, 4, 4) == 0 && distance(found, 3, 4, 4) == -1 && distance(found, 4, 4, 4) == -2)
    #expect(distance(found, 1, 4, 4) == 1 && found.inside.count == 125)
  }

  @Test func theEdgeOfTheGridIsNoBorder() {
    // A slab that fills two planes: what lies at the edge of the grid is as deep as the other plane's distance.
    let slab = (0..<2 * 81).map { $0 }
    let found = around(slab, spacing: (1, 1, 1))
    #expect(distance(found, 4, 4, 1) == 0 && distance(found, 4, 4, 0) == -1)
  }

  @Test func otherLesionsAreLeftOut() {
    let found = around([index(4, 4, 4)], spacing: (1, 1, 1), occupied: [index(4, 4, 4), index(6, 4, 4)])
    #expect(distance(found, 6, 4, 4) == nil && distance(found, 7, 4, 4) == 3)
    #expect(distance(found, 4, 4, 4) == 0, "its own voxels stay")
  }

  @Test func theHaloIsThreeStepsOverFacesAndEdges() {
    let alone = [UInt8](repeating: 0, count: shape.voxelCount)
    let found = around([index(4, 4, 4)], spacing: (1, 1, 5))
    let halo = found.halo(occupied: alone)
    // |i|, |j|, |k| ≤ 3 and |i| + |j| + |k| ≤ 6: 7³ less what lies beyond in the eight corners (1 + 3 + 6 each), less
    // the finding.
    #expect(halo.count == 343 - 8 * 10 - 1)
    #expect(halo.contains(index(4, 4, 7)), "15 mm away, three voxels")
    #expect(!halo.contains(index(4, 4, 4)) && !halo.contains(index(7, 7, 7)))
    var occupied = alone
    occupied[index(5, 4, 4)] = 1
    #expect(found.halo(occupied: occupied).count == halo.count - 1)
  }
}

extension Double { fileprivate var asFloat: Float { Float(self) } }
