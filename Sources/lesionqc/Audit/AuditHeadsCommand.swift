import Archive
import ArgumentParser
import AuditTrail
import Foundation
import Results

/// `lesionqc audit heads`.
struct AuditHeadsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "heads", abstract: "Write the heads of all trails, to be kept elsewhere.",
    discussion: """
      One line a trail: its name, a tab, the digest of its last record. Kept where nobody who can change the folder \
      can change it (a mail to a colleague, a notebook, a time-stamping service), it shows later that records were cut \
      off or rewritten: 'lesionqc audit verify OUTPUT_DIR --heads FILE'. A trail that is not intact is refused.
      """)

  @Argument(help: "Folder that 'lesionqc run' or 'lesionqc patient' wrote.") var outputDir: String
  @Option(help: "File to write outside of that folder (default: standard output).") var output: String?
  @Flag(help: "Replace a file that is there.") var overwrite = false

  func run() throws {
    let heads = try KeptHeads(of: URL(fileURLWithPath: outputDir))
    guard let output else {
      print(heads.text, terminator: "")
      return
    }
    let file = URL(fileURLWithPath: output)
    func resolved(_ url: URL) -> String { url.standardizedFileURL.resolvingSymlinksInPath().path + "/" }
    guard !resolved(file).hasPrefix(resolved(URL(fileURLWithPath: outputDir))) else {
      throw Fault(
        .output, output, found: "lies in the folder that the heads are to be kept away from",
        remedy: .plain("choose a place that who can change the folder cannot change"))
    }
    try WrittenDocument.write(heads.text, to: file, overwrite: overwrite)
    print("\(output): \(heads.heads.count) heads")
  }
}
