import Archive
import ArgumentParser
import Foundation
import PageLint
import QualityControl
import Results

struct LintCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lint", abstract: "Look through finished pages or a whole folder for what must not be shared.",
    discussion: """
      One line per finding: names of this machine and its user, paths and names of the input (when the audit trail \
      lies beside the page), any absolute path, e-mail and network addresses, dates other than the run's, references \
      to outside, scripts that the page's policy does not name by hash, a missing or open Content-Security-Policy, \
      text inside pictures, and pictures of a whole head; also where it is encoded, split or spelt otherwise. Of a \
      folder every file is looked into, with the headers of its images and all names. Exit code 7 on any finding. \
      Generic names such as 'root' are not looked for. It cannot know a name that nobody told it: give it with \
      --identifier.
      """)

  @Argument(help: "Finished pages, such as results/sub-01.html, or folders that are to be shared.") var pages: [String]
  @Option(help: "A word that must not occur, such as a patient's name or number; may be repeated.") var identifier:
    [String] = []
  @Option(help: "A date that may occur, as 2026-11-24; may be repeated.") var date: [String] = []

  /// Further findings of one file are counted only.
  private static let mostShown = 50

  func validate() throws {
    if identifier.contains(where: { !$0.contains(where: { $0.isLetter || $0.isNumber }) }) {
      throw ValidationError("--identifier needs a word of letters or digits")
    }
    if let wrong = date.first(where: { !LintCommand.isDay($0) }) {
      throw ValidationError("--date '\(wrong)' is no date such as 2026-11-24")
    }
  }

  private static func isDay(_ text: String) -> Bool {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    return text.utf8.count == 10 && parts.count == 3 && parts.allSatisfy { $0 != nil }
  }

  func run() throws {
    var count = 0
    for page in pages {
      let url = URL(fileURLWithPath: page)
      var isFolder: ObjCBool = false
      if FileManager.default.fileExists(atPath: page, isDirectory: &isFolder), isFolder.boolValue {
        let outcomes = try FolderLint.outcomes(in: url, identifiers: identifier, dates: date)
        let found = outcomes.reduce(0) { $0 + show($1.leaks, of: "\(page)/\($1.file)") }
        if found == 0 { print("\(page): clean (\(outcomes.count) files)") }
        count += found
      } else {
        let found = show(try ReportLint.leaks(in: url, identifiers: identifier, dates: date), of: page)
        if found == 0 { print("\(page): clean") }
        count += found
      }
    }
    guard count == 0 else { throw CommandEnd.lintFailed(findings: count) }
  }

  private func show(_ leaks: [ReportLint.Leak], of file: String) -> Int {
    for leak in leaks.prefix(Self.mostShown) { print("\(file):\(leak)") }
    if leaks.count > Self.mostShown { print("\(file): \(leaks.count - Self.mostShown) further findings") }
    return leaks.count
  }
}
