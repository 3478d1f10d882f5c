import Analysis
import Dispatch
import Foundation

/// Turns signals into a cancellation, which the run honours at its next step: Ctrl-C, SIGTERM, SIGUSR1 (with which
/// schedulers warn) and the end of who reads the output.
///
/// A second Ctrl-C or SIGTERM ends the process at once.
final class InterruptHandler {
  private var sources: [any DispatchSourceSignal] = []

  init(control: RunControl) {
    for number in [SIGINT, SIGTERM, SIGUSR1] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if control.isStopped, number != SIGUSR1 { _exit(130) }
        control.stop()
      }
      source.resume()
      sources.append(source)
    }
    // It goes to the thread that wrote, where no source sees it. A process of ours that is gone is no reason to stop.
    signal(SIGPIPE) { _ in
      for descriptor in STDOUT_FILENO...STDERR_FILENO {
        var state = pollfd(fd: descriptor, events: 0, revents: 0)
        if poll(&state, 1, 0) > 0 { kill(getpid(), SIGUSR1) }
      }
    }
  }

  /// Leaves signals to another process, which tells this one when to stop.
  static func leaveToParent() { for number in [SIGINT, SIGTERM, SIGUSR1, SIGPIPE] { signal(number, SIG_IGN) } }
}
