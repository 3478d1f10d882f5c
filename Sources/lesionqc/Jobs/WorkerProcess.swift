import Dispatch
import Foundation
import Synchronization

/// What processes that run patients have said, in the order in which it came.
final class WorkerEvents: Sendable {
  enum Event: Sendable {
    case said(WorkerMessage)
    /// The process says no more.
    case ended
  }

  private let events = Mutex<[(worker: Int, event: Event)]>([])
  private let filled = DispatchSemaphore(value: 0)

  func add(_ worker: Int, _ event: Event) {
    events.withLock { $0.append((worker, event)) }
    filled.signal()
  }

  /// Waits a moment; nil when nothing came.
  func next() -> (worker: Int, event: Event)? {
    guard filled.wait(timeout: .now() + .milliseconds(200)) == .success else { return nil }
    return events.withLock { $0.removeFirst() }
  }
}

/// A process of this program that runs patients for this one.
final class WorkerProcess {
  private let process = Process()
  private let input = Pipe()
  private let output = Pipe()
  /// The patient that it is at work on.
  private(set) var patient: String?
  private var isOpen = true

  /// - Throws: errors of the system when no process can be started.
  init(number: Int, arguments: [String], events: WorkerEvents) throws {
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = arguments
    // Several processes share the cores: threads that wait for the others of their pool by spinning would take them
    // away.
    process.environment = ProcessInfo.processInfo.environment.merging(["OMP_WAIT_POLICY": "passive"]) { own, _ in own }
    process.standardInput = input
    process.standardOutput = output
    // Another process that held an end open would hide that this one let go of it.
    for handle in [input.fileHandleForWriting, output.fileHandleForReading] {
      _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
    }
    try process.run()
    let descriptor = output.fileHandleForReading.fileDescriptor
    Thread.detachNewThread {
      var lines = PipeLines(descriptor)
      while let line = lines.next() {
        // A library that prints something has nothing to say to this program.
        if let message = WorkerMessage(line: line) { events.add(number, .said(message)) }
      }
      events.add(number, .ended)
    }
  }

  func give(_ patient: String) {
    self.patient = patient
    write("\(patient)\n")
  }

  /// The patient is done, or failed.
  func release() { patient = nil }

  /// There are no more patients.
  func end() {
    write("\n")
    stop()
  }

  /// Has it stop at its next step; nothing happens the second time.
  func stop() {
    guard isOpen else { return }
    isOpen = false
    try? input.fileHandleForWriting.close()
  }

  /// Waits for its end and says why it ended; nil where all was well.
  func ending() -> WorkerLost? {
    process.waitUntilExit()
    let status = process.terminationStatus
    guard process.terminationReason == .uncaughtSignal || status != 0 else { return nil }
    return WorkerLost(status: status, isSignal: process.terminationReason == .uncaughtSignal)
  }

  /// What cannot be written shows as the end of the process.
  private func write(_ text: String) {
    guard isOpen else { return }
    PipeLines.write(Array(text.utf8), to: input.fileHandleForWriting.fileDescriptor)
  }
}

/// A process ended while it was at work on a patient.
struct WorkerLost: Error, Equatable, CustomStringConvertible {
  let status: Int32
  let isSignal: Bool

  var description: String {
    isSignal
      ? "its process was ended by signal \(status)" + (status == SIGKILL ? ", perhaps because memory ran out" : "")
      : "its process ended with exit code \(status)"
  }
}
