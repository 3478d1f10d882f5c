import Analysis
import Dispatch
import Foundation
import QualityControl

/// Turns Ctrl-C and SIGTERM into a cancellation, which the run honours at its next step; a second one ends the process
/// at once.
final class InterruptHandler {
  private var sources: [any DispatchSourceSignal] = []

  init(control: RunControl) {
    for number in [SIGINT, SIGTERM] {
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler {
        if control.isStopped { _exit(130) }
        control.stop()
      }
      source.resume()
      sources.append(source)
    }
  }
}
