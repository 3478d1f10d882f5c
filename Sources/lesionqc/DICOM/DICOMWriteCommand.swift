import Analysis
import Archive
import ArgumentParser
import Delivery
import Foundation
import QualityControl
import Results

struct DICOMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dicom", abstract: "Objects for the PACS: segmentation, measurements, report, key images.",
    subcommands: [DICOMWriteCommand.self, DICOMSendCommand.self], defaultSubcommand: DICOMWriteCommand.self)
}

struct DICOMWriteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "write", abstract: "Write a patient's results as DICOM objects, in the study of the source series.",
    discussion: """
      A segmentation (one segment for each finding), a structured report of measurements (TID 1500), the printed \
      report where there is one, pictures of the findings above the review cut-off, and a selection of key images. \
      Patient and study are those of the source series, whose voxel grid must be that of the results. Each object is \
      read back and compared with the results before it is kept. After 'lesionqc review apply' the corrected mask is \
      written, and rejected findings stand in the measurements alone. Needs a build with DCMTK ('make setup-dicom', \
      LESIONQC_DICOM=1); docs/dicom.md.
      """)

  @Argument(help: "Folder that 'lesionqc run' or 'lesionqc patient' wrote.") var outputDir: String
  @Option(help: "Folder of the DICOM study that the FLAIR was converted from.") var source: String
  @Option(help: "Folder for the objects (default: OUTPUT_DIR with '-dicom' behind its name).") var objects: String?
  @Option(help: "Series Instance UID of the FLAIR, where several series have the grid of the results.") var series:
    String?
  @Option(
    name: [.customLong("participant-label"), .customLong("participant_label")],
    help: "The patient, where the folder holds several: label or name, with or without 'sub-'.") var participantLabel:
    String?
  @Flag(help: "The FLAIR was resampled since: the segmentation gets planes of its own in the patient's space.")
  var resampled = false
  @Flag(help: "Refuse a patient whose review was not applied.") var reviewedOnly = false
  @Option(help: "File with 16 or more secret bytes: put the objects under a pseudonym, with UIDs derived anew.")
  var pseudonymKey: String?
  @Flag(help: "Without pictures of the findings.") var noPictures = false
  @Option(
    help: "Folder that holds the input images now, when they were moved since the run; they are found by content.")
  var images: String?
  @Flag(help: "Replace objects that differ from what would be written.") var overwrite = false
  @Flag(help: "Leave with exit code 9 when another process is at work on the patient, instead of waiting for it.")
  var noWait = false
  @OptionGroup var record: RecordOptions

  func run() throws {
    let output = URL(fileURLWithPath: outputDir)
    var settings = ObjectWriting.Settings(
      source: URL(fileURLWithPath: source),
      objects: objects.map { URL(fileURLWithPath: $0) }
        ?? URL(fileURLWithPath: output.standardizedFileURL.path + "-dicom"))
    settings.seriesUID = series
    settings.isResampled = resampled
    settings.reviewedOnly = reviewedOnly
    settings.key = try pseudonymKey.map { try PseudonymKey(file: URL(fileURLWithPath: $0)) }
    settings.hasPictures = !noPictures
    settings.images = images.map { URL(fileURLWithPath: $0) }
    settings.overwrite = overwrite
    let control = RunControl(notify: { print($0.line) })
    let writing = try ObjectWriting(
      output: output, settings, waiting: LockWaiting(waits: !noWait, control: control),
      by: try record.attribution(for: outputDir))
    let name = try patient(in: output)
    let outcome = try writing.run(name)
    for file in outcome.files { print("\(name): \(outcome.folder.appendingPathComponent(file).path)") }
    for note in outcome.notes { print("\(name): \(note)") }
  }

  /// The one patient that is meant: a study of images is one patient's.
  private func patient(in output: URL) throws -> String {
    let names = try ReportRendering.names(in: output, labels: participantLabel.map { [$0] } ?? [])
    guard names.count == 1, let name = names.first else {
      throw Fault(
        .input, outputDir, found: names.isEmpty ? "no patient has finished results" : "holds \(names.count) patients",
        remedy: names.isEmpty ? .runFirst : .plain("name one with --participant-label"))
    }
    return name
  }
}
