import Analysis
import Files
import Foundation
import QualityControl
import Results

/// Several patients at a time, each by a process of this program.
extension RunSession {
  /// Starts the processes, shows what they say, and writes the tables at the end.
  ///
  /// - Parameters:
  ///   - jobs: how many at a time.
  ///   - threads: of all together; nil for all cores.
  func runAll(_ entries: [BIDSDataset.Entry], jobs: Int, threads: Int?) throws {
    let available = AvailableMemory.bytes()
    let networkBytes = try run.memoryBytes()
    func bytes(_ input: PatientInput) -> Int { networkBytes + PatientRun.volumeBytes(input) }
    let inputs = entries.compactMap { try? $0.input.get() }
    let plan = ParallelPlan(
      jobs: jobs, patients: inputs.count, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount,
      patientBytes: inputs.first.map(bytes) ?? networkBytes, availableBytes: available)
    if plan.isLimitedByMemory {
      let (taken, free) = (Self.gigabytes(networkBytes), Self.gigabytes(available ?? 0))
      tell([
        "\(plan.processes) at a time instead of \(jobs): a patient may take \(taken) of memory and what its images "
          + "need, and \(free) are free"
      ])
    }
    let cohort = CohortRun(run: run)
    var endings: [String: PatientEnding] = [:]
    func note(_ ending: PatientEnding) {
      endings[ending.patient] = ending
      show(ending)
    }
    var waiting: [WorkerPool.Job] = []
    for entry in entries {
      switch entry.input {
      case .failure: note(PatientEnding(entry.name, try cohort.one(entry)))
      case .success(let input): waiting.append(WorkerPool.Job(patient: entry.name, bytes: { bytes(input) }))
      }
    }
    printer.expect(patients: waiting.count)
    let pool = WorkerPool(
      arguments: Array(CommandLine.arguments.dropFirst()) + ["--worker", "\(plan.threads)"]
        + RecordOptions.answered(besides: CommandLine.arguments), processes: plan.processes, availableBytes: available)
    do {
      try pool.run(
        waiting, isStopped: { control.isStopped },
        said: { message in
          switch message {
          case .progress(let progress): printer.show(progress)
          case .notice(let line): printer.warn(line)
          case .ended(let ending):
            printer.ended(ending.patient)
            note(ending)
          }
        },
        lost: { name, loss in
          printer.ended(name)
          try cohort.recordLost(name, loss)
          note(PatientEnding(patient: name, kind: .failed, line: "\(loss)"))
        })
    } catch let stop as CancellationError {
      cohort.finishStopped(after: endings.count)
      throw stop
    }
    try cohort.finish(after: endings.count)
    let inOrder = entries.compactMap { endings[$0.name] }
    try conclude(
      inOrder, comparison: cohort.referenceSummary(ofStored: inOrder.filter { $0.kind == .done }.map(\.patient)))
  }

  /// Runs the patients that another process names, until it names no more.
  ///
  /// - Parameter entry: finds a patient of the data set by its name.
  func work(_ entry: (String) throws -> BIDSDataset.Entry?) throws {
    let queue = WorkerQueue(abandoned: { [control] in control.stop() })
    let cohort = CohortRun(run: run)
    while let name = queue.next() {
      let ending: PatientEnding
      do {
        if let entry = try entry(name) {
          ending = PatientEnding(name, try cohort.one(entry))
        } else {
          ending = PatientEnding(patient: name, kind: .failed, line: "is not in the data set any more")
        }
      } catch is CancellationError { ending = PatientEnding(patient: name, kind: .stopped, line: "") } catch {
        ending = PatientEnding(patient: name, kind: .failed, line: ErrorClass.line(of: error))
      }
      WorkerQueue.tell(.ended(ending))
      if control.isStopped { throw CancellationError() }
    }
  }

  /// One line for each patient: what a run would do.
  func say(what entries: [BIDSDataset.Entry]) {
    let plans = entries.map { entry in
      let plan = run.plan(entry)
      print("\(entry.name): \(plan.line)")
      return plan
    }
    print(PatientPlan.summary(plans))
  }

  private static func gigabytes(_ bytes: Int) -> String { String(format: "%.1f GB", Double(bytes) / 1e9) }
}
