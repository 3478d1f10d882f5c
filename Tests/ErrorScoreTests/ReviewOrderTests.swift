import Foundation
import Lesions
import Testing

@testable import ErrorScore

struct ReviewOrderTests {
  private func lesion(_ number: Int, _ peak: Double) -> RankedFinding {
    RankedFinding(finding: FindingID(kind: .lesion, number: number), value: peak)
  }
  private func candidate(_ number: Int, _ peak: Double) -> RankedFinding {
    RankedFinding(finding: FindingID(kind: .candidate, number: number), value: peak)
  }
  private func order(_ peaks: [RankedFinding]) throws -> [String] {
    try ReviewOrder(uncalibrated: peaks).entries.map { $0.finding.description }
  }

  @Test func lesionsAscendCandidatesDescend() throws {
    #expect(try order([lesion(1, 9), lesion(2, 3), lesion(3, 5)]) == ["L002", "L003", "L001"])
    #expect(try order([candidate(1, 9), candidate(2, 3), candidate(3, 5)]) == ["C001", "C003", "C002"])
    #expect(try order([]) == [])
  }

  @Test func kindsMergeByPercentileLesionFirst() throws {
    // Lesions at 1/4 and 3/4, candidates at 1/8, 3/8, 5/8, 7/8.
    let peaks = [lesion(1, 1), lesion(2, 2)] + (1...4).map { candidate($0, 10 - Double($0)) }
    let result = try ReviewOrder(uncalibrated: peaks)
    #expect(result.entries.map { $0.finding.description } == ["C001", "L001", "C002", "C003", "L002", "C004"])
    #expect(result.entries.map(\.percentile) == [0.125, 0.25, 0.375, 0.625, 0.75, 0.875])
    #expect(result.entries.map(\.position) == Array(1...6))
    #expect(try order([candidate(1, 5), lesion(1, -5)]) == ["L001", "C001"])
  }

  @Test func equalPeaksShareAPercentileAndGoByNumber() throws {
    let result = try ReviewOrder(uncalibrated: [
      lesion(3, 1), lesion(2, 1), lesion(1, 4), candidate(2, 0), candidate(1, 0),
    ])
    #expect(result.entries.map { $0.finding.description } == ["L002", "L003", "C001", "C002", "L001"])
    // Ranks 1½, 1½ and 3 of three lesions, 1½ of two candidates, each less ½.
    let expected: [Double] = [1.0 / 3, 1.0 / 3, 0.5, 0.5, 2.5 / 3]
    #expect(result.entries.map(\.percentile) == expected)
  }

  @Test func theOrderOfTheInputDoesNotMatter() throws {
    let peaks = (1...9).map { lesion($0, Double($0 * $0 % 7)) } + (1...8).map { candidate($0, Double($0 * 3 % 5)) }
    let expected = try ReviewOrder(uncalibrated: peaks)
    #expect(try ReviewOrder(uncalibrated: peaks.reversed()) == expected)
    #expect(try ReviewOrder(uncalibrated: peaks.sorted { $0.value < $1.value }) == expected)
  }

  @Test func uncalibratedMeansNoProbability() throws {
    let result = try ReviewOrder(uncalibrated: [lesion(1, 2)])
    #expect(result.provenance == .uncalibrated && result.entries[0].errorScore == nil)
    let json = String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
    #expect(json.contains("\"uncalibrated\""))
    #expect(try JSONDecoder().decode(ReviewOrder.self, from: Data(json.utf8)) == result)
  }

  @Test func whatIsNotDefinedComesFirstAmongLesionsAndLastAmongCandidates() throws {
    #expect(UncalibratedOrder.likeness(-0.25, by: .rimToPeak) == 0.25, "the more negative, the likelier a lesion")
    #expect(UncalibratedOrder.likeness(3, by: .flairPeak) == 3)
    let undefined = UncalibratedOrder.likeness(nil, by: .rimToPeak)
    #expect(try order([lesion(1, -9), lesion(2, undefined), lesion(3, 5)]) == ["L002", "L001", "L003"])
    #expect(try order([candidate(1, undefined), candidate(2, -9), candidate(3, 5)]) == ["C003", "C002", "C001"])
    let two = try ReviewOrder(uncalibrated: [lesion(2, undefined), lesion(1, undefined)])
    #expect(two.entries.map(\.percentile) == [0.5, 0.5] && two.entries[0].finding.number == 1)
  }

  @Test func nonsenseIsRefused() {
    #expect(throws: ErrorScoreError.duplicateFinding("L001")) {
      try ReviewOrder(uncalibrated: [lesion(1, 2), lesion(1, 3)])
    }
    #expect(throws: ErrorScoreError.self) { try ReviewOrder(uncalibrated: [lesion(1, .nan)]) }
  }
}
