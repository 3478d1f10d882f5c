import Foundation
import Synchronization
import Testing

@testable import Analysis
@testable import lesionqc

/// What a user sees while a run goes on.
@Suite struct ProgressTests {
  private final class Screen: Sendable {
    private let content = Mutex<(texts: [String], seconds: Double)>(([], 0))

    func write(_ text: String) { content.withLock { $0.texts.append(text) } }
    func wait(_ seconds: Double) { content.withLock { $0.seconds += seconds } }
    var texts: [String] { content.withLock { $0.texts } }
    var now: Date { content.withLock { Date(timeIntervalSince1970: $0.seconds) } }
  }

  private func printer(_ screen: Screen, isTerminal: Bool, quiet: Bool = false) -> ProgressPrinter {
    ProgressPrinter(quiet: quiet, isTerminal: isTerminal, output: screen.write, columns: { 72 }, clock: { screen.now })
  }

  private func explaining(_ done: Int, _ patient: String = "sub-01", finding: String? = nil) -> RunProgress {
    RunProgress(
      patient: patient, stage: .explaining, done: done, total: 10, subject: "samples, 3 lesions", finding: finding)
  }

  @Test func aTerminalShowsStageFindingSampleAndTimeLeft() throws {
    let screen = Screen()
    let printer = printer(screen, isTerminal: true)
    printer.show(explaining(0))
    screen.wait(10)
    printer.show(explaining(2, finding: "L003"))
    let last = try #require(screen.texts.last)
    #expect(last.hasPrefix("\rsub-01  explaining  [####....................]  2/10  40 s left  L003"), "\(last)")
    // No wider than the terminal, or the line could not be drawn again.
    #expect(last.count == 72)
    let drawn = screen.texts.count
    printer.show(explaining(2, finding: "L004"))
    #expect(screen.texts.count == drawn, "not more often than an eye can follow")
  }

  @Test func aLogHasALineEveryHalfMinuteAtMost() {
    let screen = Screen()
    let printer = printer(screen, isTerminal: false)
    for step in 0..<240 {
      printer.show(explaining(step % 10, "sub-0\(step / 80)"))
      screen.wait(0.5)
    }
    #expect(screen.texts.count == 3, "\(screen.texts)")
    #expect(screen.texts.allSatisfy { $0.hasSuffix("\n") && $0.contains("explaining") && !$0.contains("[") })
  }

  @Test func quietIsQuiet() {
    let screen = Screen()
    for isTerminal in [true, false] {
      let printer = printer(screen, isTerminal: isTerminal, quiet: true)
      for step in 0...10 {
        printer.show(explaining(step))
        screen.wait(40)
      }
      printer.warn("a line")
      printer.clear()
    }
    #expect(screen.texts.isEmpty)
  }

  @Test func severalPatientsStandOnOneLine() {
    var line = ProgressLine()
    let start = Date(timeIntervalSince1970: 0)
    line.expect(patients: 4)
    _ = line.note(explaining(1, "sub-02"), at: start)
    _ = line.note(explaining(5, "sub-01", finding: "C001"), at: start)
    line.ended("sub-03")
    #expect(
      line.text(at: start.addingTimeInterval(60), hasBar: false)
        == "1/4 patients  3 min left  sub-01 explaining 5/10 C001  sub-02 explaining 1/10")
    line.ended("sub-02")
    #expect(
      line.text(at: start.addingTimeInterval(60), hasBar: false)
        == "2/4 patients  60 s left  sub-01  explaining  5/10  60 s left  C001  samples, 3 lesions")
  }
}
