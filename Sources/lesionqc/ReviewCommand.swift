import Analysis
import Archive
import ArgumentParser
import Foundation
import QualityControl

struct ReviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "review", abstract: "What readers decided on reports.", subcommands: [Apply.self])

  struct Apply: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Merge readers' decisions: corrected mask, table, agreement, audit records.",
      discussion: """
        Takes reports saved with decisions inside and exported decisions files, of one or several readers and \
        patients. The \
        majority of those who say 'lesion' (accept, edit needed) or 'not a lesion' (reject) decides; without one \
        the network's \
        answer stays, and the conflict is listed. A decision on results that have changed since is refused. \
        Everything is \
        checked before anything is written, and applying a file twice changes nothing.
        """)

    @Argument(help: "Saved reports (.html) or exported decisions (.json).") var files: [String]
    @Option(help: "Output folder that holds the results the reports were made of.") var output: String
    @Option(help: "Key with which the reports were pseudonymised before the readers got them.") var pseudonymKey:
      String?
    @Flag(help: "Replace the files of an earlier review that these decisions change.") var overwrite = false
    @Flag(help: "Leave with exit code 9 when another process is at work on a patient, instead of waiting for it.")
    var noWait = false
    @OptionGroup var record: RecordOptions

    func run() throws {
      let control = RunControl(notify: { print($0.line) })
      let application = ReviewApplication(
        files: files.map { URL(fileURLWithPath: $0) }, output: URL(fileURLWithPath: output),
        key: try pseudonymKey.map { try PseudonymKey(file: URL(fileURLWithPath: $0)) }, overwrite: overwrite,
        waiting: LockWaiting(waits: !noWait, control: control), by: try record.attribution(for: output))
      for outcome in try application.run() { for line in outcome.lines { print("\(outcome.patient): \(line)") } }
    }
  }
}
