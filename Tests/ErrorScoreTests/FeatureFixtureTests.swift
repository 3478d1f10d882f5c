import Foundation
import Testing
import Volumes

@testable import ErrorScore
@testable import Lesions

/// Features of findings against SciPy and NumPy: `Fixtures/features.json`, written by
/// tools/fixtures/make_feature_fixtures.py.
struct FeatureFixtureTests {
  private struct Fixture: Decodable {
    let shape: [Int]
    let samples: Int
    let cases: [Case]
  }

  private struct Case: Decodable {
    let spacing: [Double]
    let finding, other: [Int]
    let flair, mprage, probability, image: [Float]
    let considered: [Int]
    let distances: [Double]
    let ring, halo: [Int]
    let ringMeanSaliency: Double
    let profile: [[Double]]
    let zeroCrossing: Double?
    let softDice, haloRatio, thresholdStability, compactness: Double
    let slices: Int
    let inside, contrast, ringSpread, nearestOther: Double
    let sampleMeans, sampleErrors: [Double]
    let agreement: Double
  }

  private let fixture: Fixture
  private let shape: GridShape

  init() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/features.json")
    fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    shape = GridShape(fixture.shape[0], fixture.shape[1], fixture.shape[2])
  }

  private func affine(_ one: Case) -> Affine { .scaling(one.spacing[0], one.spacing[1], one.spacing[2]) }

  private func occupied(_ one: Case) -> [UInt8] {
    var mask = [UInt8](repeating: 0, count: shape.voxelCount)
    for voxel in one.finding + one.other { mask[voxel] = 1 }
    return mask
  }

  private func surroundings(_ one: Case) -> Surroundings {
    Surroundings(of: one.finding, shape: shape, affine: affine(one), occupied: occupied(one))
  }

  /// Values are stored with three decimals and read as floats: a few parts in ten million.
  private func close(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-5) -> Bool {
    a.map { abs($0 - b) <= tolerance * max(1, abs(b)) } ?? false
  }

  @Test func distancesRingAndHaloAreThoseOfSciPy() {
    #expect(fixture.cases.count == 3)
    for one in fixture.cases {
      let around = surroundings(one)
      #expect(around.voxels == one.considered)
      #expect(zip(around.distances, one.distances).allSatisfy { close(Double($0), $1) })
      let ring = around.ring.map { around.voxels[$0] }
      #expect(ring == one.ring)
      #expect(
        ring == Rim.voxels(around: one.finding, shape: shape, affine: affine(one), occupied: occupied(one)),
        "the ring is the rim of the sign balance")
      #expect(around.halo(occupied: occupied(one)) == one.halo)
    }
  }

  @Test func theRadialProfileIsThatOfSciPy() throws {
    for one in fixture.cases {
      let around = surroundings(one)
      let profile = RadialProfile(
        distances: around.distances, flair: around.voxels.map { one.flair[$0] },
        mprage: around.voxels.map { one.mprage[$0] })
      #expect(profile.bins.map(\.fromMillimetres) == one.profile.map { Int($0[0]) })
      for (bin, expected) in zip(profile.bins, one.profile) {
        #expect(bin.voxels == Int(expected[1]))
        #expect(close(bin.meanDistanceMillimetres, expected[2]) && close(bin.flair, expected[3]))
        #expect(close(bin.mprage, expected[4]))
      }
      #expect(close(profile.zeroCrossingMillimetres, try #require(one.zeroCrossing)))
      let mean = around.ring.reduce(0.0) { $0 + Double(one.flair[around.voxels[$1]]) } / Double(around.ring.count)
      #expect(close(mean, one.ringMeanSaliency))
    }
  }

  @Test func probabilityAndStabilityAreThoseOfSciPy() {
    for one in fixture.cases {
      let around = surroundings(one)
      let halo = ProbabilityHalo(
        inside: one.finding.map { one.probability[$0] },
        halo: around.halo(occupied: occupied(one)).map { one.probability[$0] })
      #expect(close(halo?.softDice, one.softDice) && close(halo?.haloRatio, one.haloRatio))
      #expect(
        close(
          ThresholdStability.value(of: around, probability: one.probability, threshold: 0.3, shape: shape),
          one.thresholdStability))
      #expect(
        close(
          SampleAgreement.value(means: one.sampleMeans, standardErrors: one.sampleErrors, samples: fixture.samples),
          one.agreement, 1e-9))
    }
  }

  @Test func shapeContrastAndNeighboursAreThoseOfSciPy() throws {
    for one in fixture.cases {
      let form = RegionShape(one.finding, shape: shape, affine: affine(one))
      #expect(close(form.compactness, one.compactness) && form.slices == one.slices)
      let brain = try #require(BrainIntensities(one.image, brain: Array(repeating: 1, count: shape.voxelCount)))
      let contrast = RegionContrast(
        inside: one.finding.map { one.image[$0] }, ring: one.ring.map { one.image[$0] }, brain: brain)
      #expect(close(contrast.inside, one.inside) && close(contrast.contrast, one.contrast))
      #expect(close(contrast.ringSpread, one.ringSpread))
      let nearest = NearestDistance.toOtherLesions(
        [one.finding, one.other], areLesions: [true, true], shape: shape, affine: affine(one))
      #expect(close(nearest[0], one.nearestOther) && nearest[0] == nearest[1])
    }
  }
}
