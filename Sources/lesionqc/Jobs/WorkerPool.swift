import Foundation

/// Runs patients at a time as processes of this program, each given one patient after the other.
///
/// A process that ends before it said what became of its patient loses that patient and no other.
final class WorkerPool {
  struct Job {
    let patient: String
    /// Memory that the patient may take; asked once, when its turn comes.
    let bytes: () -> Int
  }

  private let arguments: [String]
  private let processes: Int
  private let availableBytes: Int
  private let events = WorkerEvents()
  private var workers: [Int: WorkerProcess] = [:]
  private var reserved: [Int: Int] = [:]
  private var started = 0
  /// Of the patient whose turn it is.
  private var next: (patient: String, bytes: Int)?

  /// - Parameters:
  ///   - arguments: of every process.
  ///   - processes: how many at most.
  ///   - availableBytes: memory for all of them; a patient that takes more runs alone. Nil: without a limit.
  init(arguments: [String], processes: Int, availableBytes: Int?) {
    self.arguments = arguments
    self.processes = processes
    self.availableBytes = availableBytes ?? .max
  }

  /// - Parameters:
  ///   - isStopped: asked several times a second; every process is told to stop then.
  ///   - said: hears every message, in the order in which they come.
  ///   - lost: hears of patients whose process ended early.
  /// - Throws: `CancellationError` after the last process has ended, errors of the system when none can be started.
  func run(
    _ jobs: [Job], isStopped: () -> Bool, said: (WorkerMessage) throws -> Void,
    lost: (String, WorkerLost) throws -> Void
  ) throws {
    var waiting = jobs[...]
    var isStopping = false
    defer { for worker in workers.values { worker.stop() } }
    while true {
      if isStopped(), !isStopping {
        isStopping = true
        for worker in workers.values { worker.stop() }
      }
      if !isStopping {
        while let job = waiting.first, try give(job) { waiting.removeFirst() }
        if waiting.isEmpty { for worker in workers.values where worker.patient == nil { worker.end() } }
        if waiting.isEmpty, workers.isEmpty { return }
      } else if workers.isEmpty {
        throw CancellationError()
      }
      guard let (number, event) = events.next(), let worker = workers[number] else { continue }
      switch event {
      case .said(let message):
        if case .ended = message {
          worker.release()
          reserved[number] = nil
        }
        try said(message)
      case .ended:
        workers[number] = nil
        reserved[number] = nil
        let loss = worker.ending()
        guard let patient = worker.patient else { continue }
        if !isStopping { try lost(patient, loss ?? WorkerLost(status: 0, isSignal: false)) }
      }
    }
  }

  /// Gives a patient to a process that has none, or to a new one; false while there is no room for it.
  private func give(_ job: Job) throws -> Bool {
    if next?.patient != job.patient { next = (job.patient, job.bytes()) }
    let bytes = next?.bytes ?? 0
    guard reserved.isEmpty || reserved.values.reduce(0, +) <= availableBytes - bytes else { return false }
    var number = workers.keys.sorted().first { workers[$0]?.patient == nil }
    if number == nil, workers.count < processes {
      started += 1
      workers[started] = try WorkerProcess(number: started, arguments: arguments, events: events)
      number = started
    }
    guard let number, let worker = workers[number] else { return false }
    worker.give(job.patient)
    reserved[number] = bytes
    return true
  }
}
