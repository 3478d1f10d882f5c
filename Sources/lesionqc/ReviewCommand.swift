import Analysis
import Archive
import ArgumentParser
import Foundation
import QualityControl
import Reports
import Results

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
    @Option(
      help: """
        A mask that was edited elsewhere, on the patient's grid: it becomes the corrected mask, and its difference to \
        the network's is recorded. Decisions of one patient alone.
        """) var correctedMask: String?
    @Option(
      help: ArgumentHelp(
        "Labels of the corrected mask that are lesions, where it is a label image.", valueName: LabelList.valueName))
    var correctedLabel: LabelList?
    @Flag(help: "Also print the page to sign to PDF beside it, with Chromium when that is installed.") var pdf = false
    @Option(help: "Paper of the PDF.") var paper = PrintedReport.Paper.a4
    @OptionGroup var record: RecordOptions

    func validate() throws {
      if correctedLabel != nil, correctedMask == nil {
        throw ValidationError("--corrected-label needs --corrected-mask")
      }
    }

    func run() throws {
      // Before any work: a browser that is missing is no surprise at the end.
      let printing = pdf ? try PrintedReport(paper: paper, overwrite: overwrite) : nil
      let attribution = try record.attribution(for: output)
      let control = RunControl(notify: { print($0.line) })
      var application = ReviewApplication(
        files: files.map { URL(fileURLWithPath: $0) }, output: URL(fileURLWithPath: output),
        key: try pseudonymKey.map { try PseudonymKey(file: URL(fileURLWithPath: $0)) }, overwrite: overwrite,
        waiting: LockWaiting(waits: !noWait, control: control), by: attribution)
      application.correctedMask = correctedMask.map { .init(URL(fileURLWithPath: $0), labels: correctedLabel?.labels) }
      let outcomes = try application.run()
      for outcome in outcomes { for line in outcome.lines { print("\(outcome.patient): \(line)") } }
      guard let printing else { return }
      for page in outcomes.compactMap(\.page) {
        let pdf = try printing.print(page)
        print("printed \(pdf.path)")
        try PrintRecord.append(page: page, pdf: pdf, paper: paper, overwrite: overwrite, by: attribution)
      }
      _ = try CohortRun.gather(output: URL(fileURLWithPath: output))
    }
  }
}
