import Archive
import ArgumentParser
import Foundation
import PageLint
import QualityControl
import Results

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Look through finished pages for what must not be shared.",
    discussion: """
      One line per finding: names of this machine and its user, paths and names of the input (when the audit trail \
      lies beside \
      the page), any absolute path, e-mail addresses, dates other than the run's, references to outside, scripts \
      that the \
      page's policy does not name by hash, a missing or open Content-Security-Policy, text inside pictures, and \
      pictures of a \
      whole head. Exit code 7 on any finding. Generic names such as 'root' are not looked for. It cannot know a \
      name that \
      nobody told it: give it with --identifier.
      """)

  @Argument(help: "Finished pages, such as results/sub-01.html.") var pages: [String]
  @Option(help: "A word that must not occur, such as a patient's name or number; may be repeated.") var identifier:
    [String] = []
  @Option(help: "A date that may occur, as 2026-11-24; may be repeated.") var date: [String] = []

  func run() throws {
    var count = 0
    for page in pages {
      let findings = try ReportLint.leaks(in: URL(fileURLWithPath: page), identifiers: identifier, dates: date)
      for finding in findings { print("\(page):\(finding)") }
      if findings.isEmpty { print("\(page): clean") }
      count += findings.count
    }
    guard count == 0 else { throw CommandEnd.lintFailed(findings: count) }
  }
}
