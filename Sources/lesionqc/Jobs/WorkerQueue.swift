import Analysis
import Dispatch
import Foundation
import Synchronization

/// Names of the patients that a process is given by another one on its standard input, one a line. An empty line says
/// that there are no more; an input that ends without one, that the other process is gone or wants to stop.
final class WorkerQueue: Sendable {
  private let names = Mutex<[String?]>([])
  private let filled = DispatchSemaphore(value: 0)

  /// - Parameter abandoned: is called from another thread when the input ends early.
  init(abandoned: @escaping @Sendable () -> Void) {
    Thread.detachNewThread { [self] in
      var lines = PipeLines(STDIN_FILENO)
      while let line = lines.next() {
        add(line.isEmpty ? nil : String(decoding: line, as: UTF8.self))
        if line.isEmpty { return }
      }
      abandoned()
      add(nil)
    }
  }

  private func add(_ name: String?) {
    names.withLock { $0.append(name) }
    filled.signal()
  }

  /// Waits for the next patient; nil when there is none.
  func next() -> String? {
    filled.wait()
    return names.withLock { $0.removeFirst() }
  }

  /// Tells the other process something.
  static func tell(_ message: WorkerMessage) { PipeLines.write(message.line, to: STDOUT_FILENO) }
}

/// Lets through what another process can show: the begin of each stage, and five steps a second.
final class ProgressThrottle: Sendable {
  private let last = Mutex<(stage: RunProgress.Stage?, time: Date)>((nil, .distantPast))

  func passes(_ progress: RunProgress) -> Bool {
    last.withLock { last in
      let now = Date()
      guard last.stage != progress.stage || now.timeIntervalSince(last.time) > 0.2 else { return false }
      last = (progress.stage, now)
      return true
    }
  }
}
