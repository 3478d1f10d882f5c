import ArgumentParser
import QualityControl
import Testing

@testable import lesionqc

@Suite struct ShardOptionTests {
  @Test func aPartIsReadFromNumbers() throws {
    let shard = try #require(ShardOption(argument: "2/5")).shard([:])
    #expect(shard.number == 2 && shard.count == 5)
    for text in ["", "0/5", "6/5", "1", "1/", "/5", "1/2/3", "a/b", "Slurm"] {
      #expect(ShardOption(argument: text) == nil, "\(text)")
    }
  }

  private func ofArray(_ id: String, _ count: String?, _ first: String? = nil, step: String? = nil) throws -> [Int] {
    var environment = ["SLURM_ARRAY_TASK_ID": id]
    environment["SLURM_ARRAY_TASK_COUNT"] = count
    environment["SLURM_ARRAY_TASK_MIN"] = first
    environment["SLURM_ARRAY_TASK_STEP"] = step
    let shard = try ShardOption.ofSlurmArray.shard(environment)
    return [shard.number, shard.count]
  }

  @Test func theArrayOfSlurmIsRead() throws {
    #expect(ShardOption(argument: "slurm") == .ofSlurmArray)
    #expect(try ofArray("1", "20", "1") == [1, 20] && ofArray("20", "20", "1") == [20, 20])
    #expect(try ofArray("0", "20", "0") == [1, 20] && ofArray("19", "20", "0") == [20, 20])
    // --array=10-30:5
    #expect(try ofArray("20", "5", "10", step: "5") == [3, 5])
    // --array=7: one task has everything.
    #expect(try ofArray("7", "1", "7") == [1, 1])
  }

  @Test func anArrayWithGapsAndNoArrayAreRefused() throws {
    // --array=1,5,9
    #expect(throws: ValidationError.self) { try ofArray("9", "3", "1") }
    #expect(throws: ValidationError.self) { try ofArray("12", "5", "10", step: "5") }
    #expect(throws: ValidationError.self) { try ofArray("1", nil, "1") }
    #expect(throws: ValidationError.self) { try ShardOption.ofSlurmArray.shard([:]) }
  }
}
