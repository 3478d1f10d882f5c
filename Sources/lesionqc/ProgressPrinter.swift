import Analysis
import Foundation
import QualityControl
import Results
import Synchronization

/// Shows where a run is: one line that redraws itself on a terminal, a plain line every 30 seconds at most elsewhere.
final class ProgressPrinter: Sendable {
  private struct State {
    var line = ProgressLine()
    var lastDraw: Date?
    var lineLength = 0
  }

  private let state = Mutex(State())
  private let quiet: Bool
  private let isTerminal: Bool
  private let output: @Sendable (String) -> Void
  private let columns: @Sendable () -> Int
  private let clock: @Sendable () -> Date
  private static let secondsBetweenDraws = (terminal: 0.2, log: 30.0)

  /// - Parameters:
  ///   - isTerminal: whether a line may be drawn again.
  ///   - output: takes what is written.
  ///   - columns: of the terminal.
  init(
    quiet: Bool, isTerminal: Bool = isatty(STDERR_FILENO) == 1,
    output: @escaping @Sendable (String) -> Void = ErrorStream.write,
    columns: @escaping @Sendable () -> Int = terminalColumns, clock: @escaping @Sendable () -> Date = { Date() }
  ) {
    self.quiet = quiet
    self.isTerminal = isTerminal
    self.output = output
    self.columns = columns
    self.clock = clock
  }

  func show(_ progress: RunProgress) {
    guard !quiet else { return }
    state.withLock { state in
      let now = clock()
      let isTurn = state.line.note(progress, at: now)
      // In a log the first line comes when there is something to tell.
      let last = state.lastDraw ?? (isTerminal ? .distantPast : now)
      if state.lastDraw == nil { state.lastDraw = last }
      let pause = isTerminal ? Self.secondsBetweenDraws.terminal : Self.secondsBetweenDraws.log
      guard isTerminal && isTurn || now.timeIntervalSince(last) >= pause else { return }
      state.lastDraw = now
      let text = state.line.text(at: now, hasBar: isTerminal)
      guard isTerminal else {
        output("\(text)\n")
        return
      }
      let line = String(text.prefix(columns() - 1))
      let padding = String(repeating: " ", count: max(0, state.lineLength - line.count))
      state.lineLength = line.count
      output("\r\(line)\(padding)")
    }
  }

  /// How many patients there are, for what is left of all of them.
  func expect(patients: Int) { state.withLock { $0.line.expect(patients: patients) } }

  /// A patient is at work no more.
  func ended(_ patient: String) { state.withLock { $0.line.ended(patient) } }

  /// A line that stays.
  func warn(_ text: String) {
    guard !quiet else { return }
    clear()
    output("lesionqc: \(text)\n")
  }

  /// Lines that are said to the quiet, too.
  func tell(_ lines: [String]) {
    clear()
    for line in lines { output("lesionqc: \(line)\n") }
  }

  /// What a reader of the report must know, a line each.
  func warn(_ warnings: [Warning], of name: String) { warn(Self.lines(warnings), of: name) }

  /// The same of sentences that are made already.
  func warn(_ lines: [String], of name: String) {
    guard !quiet else { return }
    clear()
    for line in lines { output("\(name): warning: \(line)\n") }
  }

  /// Warnings as they are printed; oddities of headers that change nothing stay on the page.
  static func lines(_ warnings: [Warning]) -> [String] { Warning.merged(warnings).filter(\.isForReaders).map(\.line) }

  /// Clears the redrawn line before something else is printed.
  func clear() {
    state.withLock { state in
      guard isTerminal, !quiet, state.lineLength > 0 else { return }
      output("\r\(String(repeating: " ", count: state.lineLength))\r")
      state.lineLength = 0
    }
  }

  /// Columns of the terminal; 80 where it does not say.
  static func terminalColumns() -> Int {
    var size = winsize()
    return ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 20 ? Int(size.ws_col) : 80
  }
}

/// The standard error, also where nobody reads it any more: what cannot be written is left.
enum ErrorStream { static func write(_ text: String) { PipeLines.write(Array(text.utf8), to: STDERR_FILENO) } }
