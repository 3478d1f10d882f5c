import Analysis
import Archive
public import ArgumentParser
import Foundation
import QualityControl
import Reports
import Results

extension PrintedReport.Paper: ExpressibleByArgument {}

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Reports without a model: drawn again from stored results, or on an external segmentation.",
    discussion: """
      Draws every finished patient of OUTPUT_DIR again. Where nothing changed the file is the run's own to the last \
      byte; one \
      that differs, for example since the templates changed, is replaced only with --overwrite.

      With --pseudonym-key and --output, a copy under pseudonyms is written into another folder to be shared: \
      reports, masks, \
      maps and numbers, without audit trails and reviews. The same key gives the same pseudonyms; the map is kept \
      beside the key.

      A report in a file by itself, such as one that a reader saved with decisions, is given instead of OUTPUT_DIR \
      and printed as \
      it is with --pdf: the decisions of its reader are on the paper.

      With --flair and --mask instead of OUTPUT_DIR, the report is on an external segmentation. Without \
      --saliency it has no saliency and says so; findings are then in order of mean probability, or of size.
      """)

  @Argument(
    help: "Folder that 'lesionqc run' or 'lesionqc patient' wrote; with --pdf also one report, such as a saved copy.")
  var outputDir: String?
  @OptionGroup(title: "External segmentation") var external: ExternalOptions
  @Option(
    name: [.customLong("participant-label"), .customLong("participant_label")], parsing: .upToNextOption,
    help: "Only these patients, with or without 'sub-'.") var participantLabel: [String] = []
  @Option(
    help: "Folder that holds the input images now, when they were moved since the run; they are found by content.")
  var images: String?
  @Option(help: "File with 16 or more secret bytes: write a copy under pseudonyms into --output.") var pseudonymKey:
    String?
  @Option(help: "Folder of the copy under pseudonyms, or of the report on an external segmentation.") var output:
    String?
  @Flag(
    help: """
      Also print each report to PDF beside it, with Chromium when that is installed: a summary, and a page for each \
      finding \
      above the review cut-off (the first ten without a calibration). A report that a reader saved also has a page \
      for each finding \
      that the reader did not accept.
      """) var pdf = false
  @OptionGroup var record: RecordOptions
  @Option(help: "Paper of the PDF.") var paper = PrintedReport.Paper.a4
  @Flag(help: "Without the viewer: pictures alone, within 8 MB.") var compact = false
  @Flag(help: "Nothing of the reference segmentation on the page, on the screen or in print, for reader studies.")
  var blind = false
  @Flag(
    help: """
      Only the findings above the review cut-off (the first ten without a calibration) and those on which a decision \
      was applied, without the viewer, within 5 MB: to share; needs --pseudonym-key.
      """) var flaggedOnly = false
  @Flag(help: "Replace reports that differ from what would be written.") var overwrite = false
  @Flag(help: "Leave with exit code 9 when another process is at work on a patient, instead of waiting for it.")
  var noWait = false
  @Flag(help: "No progress; only results and errors.") var quiet = false

  private var content: PageContent { PageContent(isCompact: compact, isBlind: blind, isFlaggedOnly: flaggedOnly) }

  /// The report that is given instead of a folder.
  private var page: URL? {
    var isFolder: ObjCBool = false
    guard let outputDir, FileManager.default.fileExists(atPath: outputDir, isDirectory: &isFolder), !isFolder.boolValue
    else { return nil }
    return URL(fileURLWithPath: outputDir)
  }

  func validate() throws {
    if flaggedOnly, pseudonymKey == nil {
      throw ValidationError("--flagged-only is for a copy under pseudonyms: give --pseudonym-key and --output too")
    }
    if external.isUsed || page != nil, compact || blind {
      throw ValidationError("--compact and --blind draw stored results again: name their OUTPUT_DIR")
    }
    if external.isUsed {
      guard outputDir == nil, pseudonymKey == nil, participantLabel.isEmpty, images == nil else {
        throw ValidationError(
          "a report on an external segmentation takes --output DIR and no OUTPUT_DIR, key, label or --images")
      }
      guard output != nil else { throw ValidationError("a report on an external segmentation needs --output DIR") }
      return
    }
    guard outputDir != nil else {
      throw ValidationError("name the OUTPUT_DIR of earlier runs, or --flair and --mask of an external segmentation")
    }
    if page != nil {
      guard pdf, pseudonymKey == nil, output == nil, participantLabel.isEmpty, images == nil else {
        throw ValidationError(
          "a report in a file is printed as it is: give --pdf, and no key, label, --output or --images")
      }
    }
    if (pseudonymKey == nil) != (output == nil) {
      throw ValidationError(
        "--pseudonym-key FILE and --output DIR go together: the copy is written into another folder")
    }
  }

  func run() throws {
    let printer = ProgressPrinter(quiet: quiet)
    let control = RunControl(report: { printer.show($0) }, notify: { printer.warn($0.line) })
    let interrupts = InterruptHandler(control: control)
    defer { withExtendedLifetime(interrupts) {} }
    // Before any work: a browser or a key that is missing is no surprise at the end.
    if pdf { _ = try record.attribution(for: page?.deletingLastPathComponent().path ?? outputDir ?? output ?? "") }
    let print = pdf ? try PrintedReport(paper: paper, overwrite: overwrite) : nil
    let pages: [URL]
    if external.isUsed {
      pages = try drawExternal(control, printer)
    } else if let page {
      try FinishedPage.check(page)
      pages = [page]
    } else {
      pages = pseudonymKey != nil ? try writeShared(control, printer) : try drawStored(control, printer)
    }
    guard let print else { return }
    try printPages(pages, print)
  }

  /// Prints pages and notes it in the trails that lie beside them.
  private func printPages(_ pages: [URL], _ printing: PrintedReport) throws {
    var noted: Set<URL> = []
    for page in pages {
      let folder = page.deletingLastPathComponent()
      let named = try record.attribution(for: folder.path)
      // A copy to be shared does not say who shared it.
      let attribution = pseudonymKey == nil ? named : named.unnamed
      let pdf = try printing.print(page)
      print("printed \(pdf.path)")
      if try PrintRecord.append(page: page, pdf: pdf, paper: paper, overwrite: overwrite, by: attribution) {
        noted.insert(folder)
      }
    }
    for folder in noted { _ = try CohortRun.gather(output: folder) }
  }

  private func drawExternal(_ control: RunControl, _ printer: ProgressPrinter) throws -> [URL] {
    let run = try PatientRun(
      output: URL(fileURLWithPath: output ?? ""), settings: external.settings(),
      options: external.runOptions(overwrite: overwrite, waits: !noWait, by: try record.attribution(for: output ?? "")),
      control: control)
    let (input, files) = try external.patient()
    let outcome = try run.single(input, files: files)
    printer.clear()
    switch outcome {
    case .done(let summary):
      printer.warn(summary.results.warnings, of: input.name)
      print("\(input.name): \(summary.line)")
      return [summary.report]
    case .upToDate(let summary):
      print("\(input.name): up to date; \(summary.line)")
      return [summary.report]
    case .failed(let error): throw error
    }
  }

  private func names(in folder: URL) throws -> [String] {
    let names = try ReportRendering.names(in: folder, labels: participantLabel)
    guard !names.isEmpty else {
      throw Fault(.input, folder.path, found: "no patient has finished results", remedy: .runFirst)
    }
    return names
  }

  private func writeShared(_ control: RunControl, _ printer: ProgressPrinter) throws -> [URL] {
    let folder = URL(fileURLWithPath: outputDir ?? "")
    let target = URL(fileURLWithPath: output ?? "")
    var shared = try SharedFolder(
      source: folder, output: target, key: PseudonymKey(file: URL(fileURLWithPath: pseudonymKey ?? "")),
      moved: images.map { URL(fileURLWithPath: $0) }, overwrite: overwrite, control: control, waits: !noWait,
      by: try record.attribution(for: folder.path))
    shared.content = content
    let outcomes = try shared.write(names(in: folder))
    printer.clear()
    return outcomes.map { name, outcome in
      switch outcome {
      case .written(let pseudonym):
        print("\(name): written as \(pseudonym)")
        return target.appendingPathComponent("\(pseudonym).html")
      case .unchanged(let pseudonym):
        print("\(name): already exists as \(pseudonym)")
        return target.appendingPathComponent("\(pseudonym).html")
      }
    }
  }

  private func drawStored(_ control: RunControl, _ printer: ProgressPrinter) throws -> [URL] {
    let folder = URL(fileURLWithPath: outputDir ?? "")
    let rendering = try ReportRendering(
      output: folder, moved: images.map { URL(fileURLWithPath: $0) }, content: content, overwrite: overwrite,
      control: control, waits: !noWait, by: try record.attribution(for: folder.path))
    let names: [String]
    do { names = try self.names(in: folder) } catch {
      try? rendering.gather()
      throw error
    }
    var pages: [URL] = []
    var failures: [any Error] = []
    for name in names {
      do { pages.append(try draw(name, rendering, folder, printer)) } catch let stop as CancellationError {
        try? rendering.gather()
        throw stop
      } catch {
        printer.clear()
        failures.append(error)
        guard names.count > 1 else { break }
        ErrorStream.write("lesionqc: \(name): \(ErrorClass.line(of: error))\n")
      }
    }
    // What another process finished and did not gather comes into the tables, too.
    try rendering.gather()
    if names.count == 1, let failure = failures.first { throw failure }
    guard failures.isEmpty else { throw CommandEnd.notDrawn(failures, of: names.count) }
    return pages
  }

  private func draw(_ name: String, _ rendering: ReportRendering, _ folder: URL, _ printer: ProgressPrinter) throws
    -> URL
  {
    let outcome = try rendering.render(name)
    printer.clear()
    let page = folder.appendingPathComponent("\(name).html")
    print("\(name): \(outcome == .unchanged ? "unchanged" : "written"); \(page.path)")
    let readers = pdf ? try rendering.readers(of: name) : []
    if !readers.isEmpty {
      print(
        "\(name): decisions of \(readers.joined(separator: ", ")) were applied to the masks, and the PDF is without "
          + "them; 'lesionqc report SAVED.html --pdf' prints what a reader saved")
    }
    return page
  }
}
