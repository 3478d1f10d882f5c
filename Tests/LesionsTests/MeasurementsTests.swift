import Foundation
import Statistics
import Testing
import Volumes

@testable import Lesions

struct MeasurementsTests {
  @Test func aBarByHand() {
    let shape = GridShape(5, 4, 3)
    let affine = Affine.scaling(-2, 3, 0.5, originMillimetres: (10, 20, 30))
    let bar = [VoxelIndex(1, 2, 1), VoxelIndex(2, 2, 1), VoxelIndex(3, 2, 1)].map(shape.linearIndex)
    var probability = [Float](repeating: 0, count: 60)
    for (voxel, p) in zip(bar, [0.5, 1, 0.75] as [Float]) { probability[voxel] = p }
    let m = Measurements(voxels: bar, shape: shape, affine: affine, probability: probability)
    #expect(m.voxelCount == 3 && m.volumeMillimetres3 == 9 && m.volumeMillilitres == 0.009)
    #expect(m.centroidVoxel == VoxelPoint(i: 2, j: 2, k: 1))
    #expect(m.centroidMillimetres == WorldPoint(x: 6, y: 26, z: 30.5))
    #expect(m.boundingBox == GridBox(lower: VoxelIndex(1, 2, 1), upper: VoxelIndex(4, 3, 2)))
    #expect(m.extentMillimetres == [6, 3, 0.5])
    #expect(m.maximumDiameterMillimetres == 4)
    #expect(m.probability?.mean == 0.75 && m.probability?.maximum == 1)
    // ln 2, 0, and −¾ ln ¾ − ¼ ln ¼.
    let entropy = (log(2) + 0 - 0.75 * log(0.75) - 0.25 * log(0.25)) / 3
    #expect(abs(m.probability!.meanEntropyNats - entropy) < 1e-15)
  }

  @Test func withoutAProbabilityThereIsNoCertainty() {
    let m = Measurements(voxels: [0], shape: GridShape(1, 1, 1), affine: .scaling(1, 1, 1), probability: nil)
    #expect(m.probability == nil)
    #expect(m.maximumDiameterMillimetres == 0)
  }

  @Test(arguments: 0..<30) func diameterEqualsBruteForceOnShearedGrids(seed: Int) {
    var random = SplitMix64(seed: UInt64(seed))
    let shape = GridShape(9, 8, 7)
    func coefficient() -> Double { Double(random.next(below: 2000)) / 1000 - 1 }
    let affine = Affine(rows: [
      [2, coefficient(), coefficient(), 5], [coefficient(), 2, coefficient(), 6], [coefficient(), coefficient(), 2, 7],
    ])
    let count = 1 + random.next(below: 200)
    let voxels = Set((0..<count).map { _ in random.next(below: shape.voxelCount) }).sorted()
    var expected = 0.0
    for a in voxels {
      for b in voxels {
        let (p, q) = (affine.world(shape.voxel(at: a)), affine.world(shape.voxel(at: b)))
        expected = max(
          expected, ((p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y) + (p.z - q.z) * (p.z - q.z)).squareRoot())
      }
    }
    let found = largestDistanceMillimetres(between: voxels, shape: shape, affine: affine)
    #expect(abs(found - expected) < 1e-12)
  }

  @Test func measurementsSurviveJSON() throws {
    let m = Measurements(
      voxels: [1, 2, 5], shape: GridShape(3, 2, 1), affine: .scaling(1, 1, 3), probability: [0, 0.5, 1, 0, 0, 0.25])
    #expect(try JSONDecoder().decode(Measurements.self, from: JSONEncoder().encode(m)) == m)
  }

  @Test func findingsAreNamed() {
    #expect(FindingID(kind: .lesion, number: 7).description == "L007")
    #expect(FindingID(kind: .candidate, number: 1234).description == "C1234")
    #expect(FindingID(kind: .lesion, number: 9) < FindingID(kind: .candidate, number: 1))
  }
}
