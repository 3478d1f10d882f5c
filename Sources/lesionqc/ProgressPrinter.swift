import Analysis
import Foundation
import QualityControl
import Results
import Statistics
import Synchronization

/// Shows where a run is: one line that redraws itself on a terminal, a plain line per stage elsewhere.
final class ProgressPrinter: Sendable {
  private struct State {
    var stage = ""
    var stageStarted = Date()
    var lastDraw = Date.distantPast
    var lineLength = 0
  }

  private let state = Mutex(State())
  private let quiet: Bool
  private let isTerminal = isatty(STDERR_FILENO) == 1

  init(quiet: Bool) { self.quiet = quiet }

  func show(_ progress: RunProgress) {
    guard !quiet else { return }
    state.withLock { state in
      let now = Date()
      let stage = "\(progress.patient) \(progress.stage.rawValue)"
      let isNew = stage != state.stage
      if isNew {
        state.stage = stage
        state.stageStarted = now
        if !isTerminal { write("\(stage)\(progress.subject.isEmpty ? "" : ": \(progress.subject)")\n") }
      }
      guard isTerminal, isNew || progress.done == progress.total || now.timeIntervalSince(state.lastDraw) > 0.2 else {
        return
      }
      state.lastDraw = now
      var line = "\(progress.patient)  \(progress.stage.rawValue)"
      if progress.total > 1 {
        let width = 24
        let filled = width * progress.done / progress.total
        line += "  [\(String(repeating: "#", count: filled))\(String(repeating: ".", count: width - filled))]"
        line += " \(progress.done)/\(progress.total)"
        let elapsed = now.timeIntervalSince(state.stageStarted)
        if progress.done > 0, progress.done < progress.total, elapsed > 2 {
          let left = elapsed / Double(progress.done) * Double(progress.total - progress.done)
          line += "  \(Self.duration(left)) left"
        }
      }
      if !progress.subject.isEmpty { line += "  \(progress.subject)" }
      let padding = String(repeating: " ", count: max(0, state.lineLength - line.count))
      state.lineLength = line.count
      write("\r\(line)\(padding)")
    }
  }

  /// A line that stays.
  func warn(_ text: String) {
    guard !quiet else { return }
    clear()
    write("lesionqc: \(text)\n")
  }

  /// What a reader of the report must know, a line each; oddities of headers that change nothing stay on the page.
  func warn(_ warnings: [Warning], of name: String) {
    guard !quiet else { return }
    clear()
    for warning in Warning.merged(warnings) where warning.isForReaders { write("\(name): warning: \(warning.line)\n") }
  }

  /// Clears the redrawn line before something else is printed.
  func clear() {
    state.withLock { state in
      guard isTerminal, !quiet, state.lineLength > 0 else { return }
      write("\r\(String(repeating: " ", count: state.lineLength))\r")
      state.lineLength = 0
    }
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(saturating: seconds.rounded())
    return whole < 90 ? "\(whole) s" : "\((whole + 30) / 60) min"
  }

  private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
