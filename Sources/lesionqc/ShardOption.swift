import ArgumentParser
import Foundation
import QualityControl

/// `i/n`, or `slurm` for the place of this job in its array.
enum ShardOption: ExpressibleByArgument, Equatable {
  case part(Shard)
  case ofSlurmArray

  init?(argument: String) {
    if argument == "slurm" {
      self = .ofSlurmArray
      return
    }
    let numbers = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let number = numbers[0], let count = numbers[1],
      let shard = Shard(number: number, of: count)
    else { return nil }
    self = .part(shard)
  }

  /// - Parameter environment: of the process; Slurm names the array in it.
  /// - Throws: `ValidationError` outside of an array, and for one whose numbers have no even step.
  func shard(_ environment: [String: String] = ProcessInfo.processInfo.environment) throws -> Shard {
    switch self {
    case .part(let shard): shard
    case .ofSlurmArray: try Self.ofSlurmArray(environment)
    }
  }

  private static func ofSlurmArray(_ environment: [String: String]) throws -> Shard {
    func number(_ name: String) -> Int? { environment["SLURM_ARRAY_TASK_\(name)"].flatMap { Int($0) } }
    guard let own = number("ID"), let count = number("COUNT") else {
      throw ValidationError(
        "--shard slurm needs SLURM_ARRAY_TASK_ID and SLURM_ARRAY_TASK_COUNT, which Slurm sets in jobs of an array; "
          + "say --shard i/n instead")
    }
    let (first, step) = (number("MIN") ?? 1, max(1, number("STEP") ?? 1))
    let (offset, isTooLarge) = own.subtractingReportingOverflow(first)
    guard !isTooLarge, offset % step == 0, let shard = Shard(number: offset / step + 1, of: count) else {
      throw ValidationError(
        "--shard slurm: task \(own) is none of \(count) tasks from \(first) on in steps of \(step); use an array "
          + "without gaps, such as --array=1-\(count), or say --shard i/n")
    }
    return shard
  }
}
