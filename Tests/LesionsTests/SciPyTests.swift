import Foundation
import Testing
import Volumes

@testable import Lesions

/// Comparisons with SciPy; see tools/fixtures/make_lesion_fixtures.py.
struct SciPyTests {
  private struct Masks: Decodable {
    struct Case: Decodable {
      let name: String
      let shape: [Int]
      let mask: String
      let kept: [[Int]]
      let dropped: [[Int]]
    }
    let cases: [Case]
  }

  private struct Scan: Decodable {
    struct Lesion: Decodable {
      let voxels: [Int]
      let volume: Double
      let centroidVoxel: [Double]
      let centroidWorld: [Double]
      let lower: [Int]
      let upper: [Int]
      let diameter: Double
      let meanProbability: Double
      let maximumProbability: Double
      let meanEntropy: Double
    }
    struct Candidate: Decodable {
      let voxels: [Int]
      let wasDropped: Bool
    }
    let shape: [Int]
    let affine: [[Double]]
    let probability: Data
    let truth: String
    let threshold: Float
    let lesions: [Lesion]
    let dropped: [[Int]]
    let truthSizes: [Int]
    let truthDropped: Int
    let rims: [[Int]]
    let candidateThreshold: Float
    let candidateLimit: Int
    let candidates: [Candidate]
    let candidatesLeftOut: Int
    let truthOfLesion: [[Int]]
    let lesionsOfTruth: [[Int]]
    let dice: Double
    let normalisedDice: Double

    var volume: Volume<Float> {
      let values = probability.withUnsafeBytes { bytes in
        (0..<bytes.count / 4).map {
          Float(bitPattern: UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
        }
      }
      return Volume(shape: GridShape(shape[0], shape[1], shape[2]), affine: Affine(rows: affine), voxels: values)
    }
  }

  private struct RealMasks: Decodable {
    struct Counts: Decodable {
      let components: Int
      let kept: Int
      let voxels: Int
      let largest: Int
    }
    let masks: [String: Counts]
  }

  @Test func componentsOfEdgeCasesAndRandomMasks() throws {
    let cases = try fixture("components.json", as: Masks.self).cases
    #expect(cases.count == 11)
    for expected in cases {
      let components = Components(of: mask(expected.mask, expected.shape))
      #expect(components.kept.map(summary) == expected.kept, "\(expected.name)")
      #expect(components.dropped.map(summary) == expected.dropped, "\(expected.name)")
    }
  }

  @Test func lesionsOfAProbabilityMapOnAnObliqueGrid() throws {
    let scan = try fixture("scan.json", as: Scan.self)
    let volume = scan.volume
    let components = Components(of: try ProbabilityMap.mask(of: volume, above: scan.threshold))
    #expect(components.dropped.map(summary) == scan.dropped)
    let lesions = try Finding.lesions(of: components, affine: volume.affine, probability: volume)
    #expect(lesions.map(\.id.number) == Array(1...scan.lesions.count))
    for (lesion, expected) in zip(lesions, scan.lesions) {
      #expect(lesion.voxels == expected.voxels)
      let m = lesion.measurements
      // Sums of some dozens of doubles in another order: rounding only.
      func close(_ a: Double?, _ b: Double) -> Bool { abs(a! - b) <= 1e-12 * max(1, abs(b)) }
      #expect(m.voxelCount == expected.voxels.count)
      #expect(close(m.volumeMillimetres3, expected.volume) && close(m.volumeMillilitres, expected.volume / 1000))
      for (a, b) in zip([m.centroidVoxel.i, m.centroidVoxel.j, m.centroidVoxel.k], expected.centroidVoxel) {
        #expect(close(a, b))
      }
      let world = m.centroidMillimetres
      for (a, b) in zip([world.x, world.y, world.z], expected.centroidWorld) { #expect(close(a, b)) }
      let box = m.boundingBox
      #expect([box.lower.i, box.lower.j, box.lower.k] == expected.lower)
      #expect([box.upper.i - 1, box.upper.j - 1, box.upper.k - 1] == expected.upper)
      for axis in 0..<3 {
        let spacing = [0.9, 1.1, 2.0][axis]
        #expect(close(m.extentMillimetres[axis], Double(expected.upper[axis] - expected.lower[axis] + 1) * spacing))
      }
      #expect(close(m.maximumDiameterMillimetres, expected.diameter))
      #expect(close(m.probability?.mean, expected.meanProbability))
      #expect(close(m.probability?.maximum, expected.maximumProbability))
      #expect(close(m.probability?.meanEntropyNats, expected.meanEntropy))
    }
  }

  @Test func candidates() throws {
    let scan = try fixture("scan.json", as: Scan.self)
    let volume = scan.volume
    let lesions = Components(of: try ProbabilityMap.mask(of: volume, above: scan.threshold))
    let rule = try MissedLesionCandidates.Rule(threshold: scan.candidateThreshold, maximumCount: scan.candidateLimit)
    let found = try MissedLesionCandidates(in: volume, besides: lesions, rule: rule)
    #expect(found.candidates.map(\.voxels) == scan.candidates.map(\.voxels))
    #expect(found.candidates.map(\.wasDroppedSmallComponent) == scan.candidates.map(\.wasDropped))
    #expect(Set(scan.candidates.map(\.wasDropped)).count == 2, "the fixture must hold both kinds")
    #expect(found.candidates.map(\.id.number) == Array(1...scan.candidateLimit))
    #expect(found.leftOut == scan.candidatesLeftOut && found.leftOut > 0)
  }

  @Test func rims() throws {
    let scan = try fixture("scan.json", as: Scan.self)
    let volume = scan.volume
    let lesions = Components(of: try ProbabilityMap.mask(of: volume, above: scan.threshold))
    for (voxels, expected) in zip(lesions.kept, scan.rims) {
      let rim = Rim.voxels(around: voxels, shape: volume.shape, affine: volume.affine, occupied: lesions.mask())
      #expect(rim == expected)
    }
  }

  @Test func matchesAndOverlap() throws {
    let scan = try fixture("scan.json", as: Scan.self)
    let volume = scan.volume
    let prediction = Components(of: try ProbabilityMap.mask(of: volume, above: scan.threshold))
    let truth = Components(of: mask(scan.truth, scan.shape, affine: volume.affine))
    #expect(truth.kept.map(\.count) == scan.truthSizes && truth.dropped.count == scan.truthDropped)
    let comparison = try ReferenceComparison(prediction: prediction, reference: truth)
    #expect(comparison.predicted.map(\.referenceNumbers) == scan.truthOfLesion)
    #expect(comparison.reference.map(\.predictedNumbers) == scan.lesionsOfTruth)
    #expect(comparison.truePositives == scan.truthOfLesion.count { !$0.isEmpty })
    #expect(comparison.falsePositives == scan.truthOfLesion.count { $0.isEmpty } && comparison.falsePositives > 0)
    #expect(comparison.falseNegatives == scan.lesionsOfTruth.count { $0.isEmpty } && comparison.falseNegatives > 0)
    let overlap = try VoxelOverlap(prediction: prediction, reference: truth)
    #expect(abs(overlap.dice! - scan.dice) < 1e-14 && abs(overlap.normalisedDice! - scan.normalisedDice) < 1e-14)
  }

  private static let realMasks = packageRoot.appendingPathComponent("../shared/data/ljubljana-ms/lesion-masks").path

  @Test(.enabled(if: FileManager.default.fileExists(atPath: realMasks))) func countsOfRealMasks() throws {
    let expected = try fixture("real-mask-counts.json", as: RealMasks.self).masks
    #expect(expected.count == 27)
    for (name, counts) in expected.sorted(by: { $0.key < $1.key }) {
      let volume = try NIfTIFile.read("\(SciPyTests.realMasks)/\(name)").volume
      let components = Components(of: volume) { $0 != 0 }
      #expect(components.countBeforeDropping == counts.components, "\(name)")
      #expect(components.kept.count == counts.kept, "\(name)")
      #expect(components.kept[0].count == counts.largest, "\(name)")
      #expect((components.kept + components.dropped).reduce(0) { $0 + $1.count } == counts.voxels, "\(name)")
    }
  }
}
