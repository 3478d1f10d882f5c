import Testing
import Volumes

@testable import Lesions

struct CandidateTests {
  /// One row per list of probabilities, rows far apart.
  private func rows(_ rows: [[Float]]) -> Volume<Float> {
    let shape = GridShape(12, 2 * rows.count, 1)
    var volume = Volume<Float>(shape: shape, affine: .scaling(1, 1, 1), repeating: 0)
    for (row, values) in rows.enumerated() {
      for (i, p) in values.enumerated() { volume[VoxelIndex(i, 2 * row, 0)] = p }
    }
    return volume
  }

  private func find(_ volume: Volume<Float>, _ rule: MissedLesionCandidates.Rule = .published) throws
    -> MissedLesionCandidates
  {
    let mask = try ProbabilityMap.mask(of: volume, above: 0.5)
    return try MissedLesionCandidates(in: volume, besides: Components(of: mask), rule: rule)
  }

  @Test func aHaloOfAKeptLesionIsNoCandidate() throws {
    let volume = rows([[0.2, 0.2, 0.9, 0.9, 0.9, 0.9, 0.9, 0.9, 0.2], [0.2, 0.2, 0.2]])
    let found = try find(volume)
    #expect(found.candidates.map(\.voxels) == [[24, 25, 26]])
    #expect(!found.candidates[0].wasDroppedSmallComponent && found.leftOut == 0)
  }

  @Test func aDroppedComponentComesBackFlagged() throws {
    let found = try find(rows([[0.2, 0.9, 0.9, 0.2]]))
    #expect(found.candidates.map(\.voxels) == [[0, 1, 2, 3]])
    #expect(found.candidates[0].wasDroppedSmallComponent)
    #expect(found.candidates[0].id.description == "C001")
  }

  @Test func thresholdIsInclusiveAndTwoVoxelsAreTooFew() throws {
    let tenth: Float = 0.1
    #expect(try find(rows([[tenth, tenth, tenth]])).candidates.count == 1)
    #expect(try find(rows([[tenth, tenth.nextDown, tenth, tenth]])).candidates.isEmpty)
  }

  @Test func highestFirstTiesByPositionAndTheRestCounted() throws {
    let volume = rows([[0.3, 0.3, 0.3], [0.2, 0.4, 0.2], [0.2, 0.3, 0.2], [0.2, 0.2, 0.2]])
    let found = try find(volume, MissedLesionCandidates.Rule(maximumCount: 3))
    #expect(found.candidates.map { $0.voxels[0] } == [24, 0, 48])
    #expect(found.candidates.map(\.id.number) == [1, 2, 3] && found.leftOut == 1)
    let none = try find(volume, MissedLesionCandidates.Rule(maximumCount: 0))
    #expect(none.candidates.isEmpty && none.leftOut == 4)
  }

  @Test func nonsenseIsRefused() throws {
    #expect(throws: LesionsError.self) { try MissedLesionCandidates.Rule(threshold: 0) }
    #expect(throws: LesionsError.self) { try MissedLesionCandidates.Rule(threshold: .nan) }
    #expect(throws: LesionsError.self) { try MissedLesionCandidates.Rule(minimumVoxels: 0) }
    #expect(throws: LesionsError.self) { try MissedLesionCandidates.Rule(maximumCount: -1) }
    for bad in [Float.nan, -0.1, 1.1, .infinity] {
      let volume = rows([[0, bad]])
      #expect(throws: LesionsError.self) { try ProbabilityMap.mask(of: volume, above: 0.5) }
      let empty = Components(of: Volume<UInt8>(shape: volume.shape, affine: volume.affine, repeating: 0))
      #expect(throws: LesionsError.self) { try MissedLesionCandidates(in: volume, besides: empty) }
    }
    #expect(throws: LesionsError.self) { try ProbabilityMap.mask(of: rows([[0]]), above: 1) }
    let other = Components(of: Volume<UInt8>(shape: GridShape(2, 2, 2), affine: .scaling(1, 1, 1), repeating: 0))
    #expect(throws: LesionsError.self) { try MissedLesionCandidates(in: rows([[0]]), besides: other) }
  }

  @Test func errorsAreOneLineWithAWayOut() {
    let errors: [LesionsError] = [
      .shapesDiffer(what: "reference mask", expected: GridShape(1, 2, 3), found: GridShape(3, 2, 1)),
      .notAProbability(value: 1.5, voxel: VoxelIndex(1, 2, 3)),
      .parameterOutOfRange(name: "the candidate threshold", value: "2.0", expected: "above 0 and at most 1"),
    ]
    for error in errors { #expect(!"\(error)".contains("\n") && "\(error)".contains("expected")) }
  }
}
