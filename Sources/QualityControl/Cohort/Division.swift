public import Analysis
import Foundation
import Volumes

/// One of n parts of a data set's patients, for one job of many.
///
/// The patient at place p of the sorted list, from 0, belongs to part p mod n + 1, with all sessions. What is done
/// already changes no part, so that a job that runs again has the same patients.
public struct Shard: Sendable, Equatable {
  /// From 1 to ``count``.
  public let number: Int
  public let count: Int

  /// Nil for a part that is none of the parts.
  public init?(number: Int, of count: Int) {
    guard count >= 1, (1...count).contains(number) else { return nil }
    self.number = number
    self.count = count
  }

  /// The patients of this part, of all in order of label.
  public func entries(of all: [BIDSDataset.Entry]) -> [BIDSDataset.Entry] {
    var (place, label) = (-1, "")
    return all.filter { entry in
      if entry.label != label { (place, label) = (place + 1, entry.label) }
      return place % count == number - 1
    }
  }
}

/// How many patients run at a time, and with how many threads each.
public struct ParallelPlan: Sendable, Equatable {
  /// Patients at a time, at least 1.
  public let processes: Int
  /// Threads of each, at least 1.
  public let threads: Int
  /// Memory allows fewer patients at a time than were asked for.
  public let isLimitedByMemory: Bool

  /// - Parameters:
  ///   - jobs: patients at a time that the user wants.
  ///   - patients: how many there are.
  ///   - threads: of all processes together.
  ///   - patientBytes: what one patient may take.
  ///   - availableBytes: nil where the system does not say.
  public init(jobs: Int, patients: Int, threads: Int, patientBytes: Int, availableBytes: Int?) {
    let wanted = max(1, min(jobs, patients))
    // One patient always runs: whether its network fits has been asked for itself.
    let fitting = availableBytes.map { max(1, $0 / max(1, patientBytes)) } ?? wanted
    processes = min(wanted, fitting)
    isLimitedByMemory = fitting < wanted
    self.threads = max(1, threads / processes)
  }
}

extension PatientRun {
  /// Bytes of a patient's volumes: images, masks, probability and their copies, 25 numbers for every voxel of FLAIR; 0
  /// for a file that will be refused.
  public static func volumeBytes(_ input: PatientInput) -> Int {
    let shape = try? NIfTI.shape(input.flair.path)
    return (shape?.voxelCount ?? 0).multipliedReportingOverflow(by: 100).partialValue
  }
}
