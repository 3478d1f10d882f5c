import Foundation
import Results
import Testing

@testable import Analysis
@testable import QualityControl

@Suite struct ShardTests {
  private func entries(_ names: [String]) -> [BIDSDataset.Entry] {
    names.map { name in
      let parts = name.split(separator: "_").map(String.init)
      return BIDSDataset.Entry(
        label: parts[0], session: parts.count > 1 ? parts[1] : nil, input: .failure(Fault(.input, name, found: "none")))
    }
  }

  @Test func partsHoldEveryPatientOnceWithAllSessions() throws {
    let all = entries(["sub-a", "sub-b_ses-1", "sub-b_ses-2", "sub-c", "sub-d", "sub-e_ses-1", "sub-f"])
    let parts = try (1...4).map { try #require(Shard(number: $0, of: 4)).entries(of: all).map(\.name) }
    #expect(parts == [["sub-a", "sub-e_ses-1"], ["sub-b_ses-1", "sub-b_ses-2", "sub-f"], ["sub-c"], ["sub-d"]])
    #expect(try #require(Shard(number: 1, of: 1)).entries(of: all).map(\.name) == all.map(\.name))
    #expect(try #require(Shard(number: 9, of: 9)).entries(of: all).isEmpty)
  }

  @Test(arguments: [(0, 3), (4, 3), (1, 0), (-1, -1)]) func whatIsNoPartIsNone(_ number: Int, _ count: Int) {
    #expect(Shard(number: number, of: count) == nil)
  }

  /// Jobs, patients, threads, bytes of a patient, bytes free → processes, threads of each, whether memory decided.
  @Test(
    arguments: [
      ([4, 10, 8, 1], 100, [4, 2], false), ([4, 2, 8, 1], 100, [2, 4], false), ([4, 10, 2, 1], 100, [4, 1], false),
      ([4, 10, 8, 30], 100, [3, 2], true), ([4, 10, 8, 300], 100, [1, 8], true), ([4, 10, 7, 1], nil, [4, 1], false),
      ([1, 10, 8, 1], 100, [1, 8], false), ([3, 0, 8, 1], 100, [1, 8], false),
    ] as [([Int], Int?, [Int], Bool)]) func memoryAndCoresDecide(
      _ given: [Int], _ free: Int?, _ wanted: [Int], _ isLimited: Bool
    )
  {
    let plan = ParallelPlan(
      jobs: given[0], patients: given[1], threads: given[2], patientBytes: given[3], availableBytes: free)
    #expect([plan.processes, plan.threads] == wanted && plan.isLimitedByMemory == isLimited)
  }
}
