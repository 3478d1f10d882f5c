import Statistics
import Testing
import Volumes

@testable import Lesions

func mask(_ shape: GridShape, _ voxels: [VoxelIndex]) -> Volume<UInt8> {
  var volume = Volume<UInt8>(shape: shape, affine: .scaling(1, 1, 1), repeating: 0)
  for voxel in voxels { volume[voxel] = 1 }
  return volume
}

let keepAll = try! ComponentRule(minimumVoxels: 1)

struct ComponentsTests {
  @Test func facesAndEdgesConnectCornersDoNot() {
    for dk in -1...1 {
      for dj in -1...1 {
        for di in -1...1 where (di, dj, dk) != (0, 0, 0) {
          let pair = mask(GridShape(3, 3, 3), [VoxelIndex(1, 1, 1), VoxelIndex(1 + di, 1 + dj, 1 + dk)])
          let differing = abs(di) + abs(dj) + abs(dk)
          let count = Components(of: pair, rule: keepAll).kept.count
          #expect(count == (differing <= 2 ? 1 : 2), "offset (\(di), \(dj), \(dk))")
        }
      }
    }
  }

  @Test func rowsDoNotWrapAroundTheGrid() {
    // Last voxel of a row and first of the next are neighbours in memory, not in space; likewise for planes.
    let wrapped = mask(
      GridShape(4, 4, 4), [VoxelIndex(3, 0, 0), VoxelIndex(0, 1, 0), VoxelIndex(3, 3, 1), VoxelIndex(0, 0, 2)])
    #expect(Components(of: wrapped, rule: keepAll).kept.count == 4)
  }

  @Test func dropsFiveVoxelsKeepsSixAndNumbersBySizeThenPosition() {
    func row(_ length: Int, j: Int) -> [VoxelIndex] { (0..<length).map { VoxelIndex($0, j, 0) } }
    let volume = mask(GridShape(8, 9, 1), row(5, j: 0) + row(6, j: 2) + row(7, j: 4) + row(6, j: 6) + row(1, j: 8))
    let components = Components(of: volume)
    #expect(components.kept.map(\.count) == [7, 6, 6])
    #expect(components.kept.map { $0[0] } == [32, 16, 48])
    #expect(components.dropped.map(\.count) == [5, 1])
    #expect(components.countBeforeDropping == 5)
    #expect(components.numbers()[48] == 3 && components.numbers()[0] == 0)
    #expect(components.mask().reduce(0) { $0 + Int($1) } == 19)
  }

  @Test func emptyFullAndCheckerboard() {
    let shape = GridShape(5, 4, 3)
    #expect(Components(of: mask(shape, [])).countBeforeDropping == 0)
    let full = Components(of: Volume<UInt8>(shape: shape, affine: .scaling(1, 1, 1), repeating: 255))
    #expect(full.kept == [Array(0..<60)])
    // Voxels of even index sum touch along edges only, so they are one 18-connected component.
    let even = Components(of: mask(shape, (0..<60).map(shape.voxel(at:)).filter { ($0.i + $0.j + $0.k) % 2 == 0 }))
    #expect(even.kept.map(\.count) == [30])
    // Voxels of three even indices do not touch at all.
    let isolated = mask(shape, (0..<60).map(shape.voxel(at:)).filter { $0.i % 2 + $0.j % 2 + $0.k % 2 == 0 })
    #expect(Components(of: isolated, rule: keepAll).kept.count == 12)
  }

  @Test(arguments: 0..<20) func agreesWithFloodFill(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let shape = GridShape(1 + random.next(below: 14), 1 + random.next(below: 14), 1 + random.next(below: 14))
    let percent = 1 + random.next(below: 60)
    let volume = Volume<UInt8>(
      shape: shape, affine: .scaling(1, 1, 1),
      voxels: (0..<shape.voxelCount).map { _ in random.next(below: 100) < percent ? 1 : 0 })
    let expected = floodFill(volume)
    #expect(Components(of: volume, rule: keepAll).kept == expected)
  }

  @Test func aRuleMustKeepSomething() {
    #expect(throws: LesionsError.self) { try ComponentRule(minimumVoxels: 0) }
    #expect(ComponentRule.published.description == "18-connected components of at least 6 voxels")
  }

  @Test func aWholeHeadTakesWellUnderASecond() {
    // Noise at the percolation threshold is the hardest mask there is: many runs, deep trees.
    let shape = GridShape(182, 218, 182)
    var random = SplitMix64(seed: 1)
    let volume = Volume<UInt8>(
      shape: shape, affine: .scaling(1, 1, 1),
      voxels: (0..<shape.voxelCount).map { _ in random.next(below: 100) < 14 ? 1 : 0 })
    let clock = ContinuousClock()
    var components: Components?
    let time = clock.measure { components = Components(of: volume) }
    #expect(components!.countBeforeDropping > 1000)
    #expect(time < .seconds(5), "took \(time)")
    print("components of 14 % noise, 182×218×182: \(time)")
    let sparse = Volume<UInt8>(
      shape: shape, affine: .scaling(1, 1, 1),
      voxels: (0..<shape.voxelCount).map { ($0 / 50_000) % 20 == 0 && $0 % 182 < 9 ? 1 : 0 })
    print("components of a sparse mask: \(clock.measure { components = Components(of: sparse) })")
  }

  /// Components by breadth-first search with the definition of 18-connectivity, in the product's order.
  private func floodFill(_ volume: Volume<UInt8>) -> [[Int]] {
    let shape = volume.shape
    var seen = Set<Int>()
    var components: [[Int]] = []
    for start in 0..<shape.voxelCount where volume.voxels[start] != 0 && !seen.contains(start) {
      var queue = [start]
      seen.insert(start)
      var next = 0
      while next < queue.count {
        let a = shape.voxel(at: queue[next])
        next += 1
        for other in 0..<27 where other != 13 {
          let d = (other % 3 - 1, other / 3 % 3 - 1, other / 9 - 1)
          guard abs(d.0) + abs(d.1) + abs(d.2) <= 2 else { continue }
          let b = VoxelIndex(a.i + d.0, a.j + d.1, a.k + d.2)
          guard shape.contains(b) else { continue }
          let index = shape.linearIndex(b)
          if volume.voxels[index] != 0 && seen.insert(index).inserted { queue.append(index) }
        }
      }
      components.append(queue.sorted())
    }
    return components.sorted { $0.count != $1.count ? $0.count > $1.count : $0[0] < $1[0] }
  }
}
