import Archive
public import ArgumentParser
import Foundation

extension AuditExport.Format: ExpressibleByArgument {}

/// `lesionqc audit export`.
struct AuditExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the trails in a form that other programs exchange.",
    discussion: """
      ro-crate: a Process Run Crate, an action for every command; it describes the folder and belongs into it as \
      OUTPUT_DIR/ro-crate-metadata.json. fhir: a collection of FHIR R4 AuditEvents, one for every record. Files are \
      named by their place in the folder or by digest, never by a folder outside. A trail that is not intact is refused.
      """)

  @Argument(help: "Folder that 'lesionqc run' or 'lesionqc patient' wrote.") var outputDir: String
  @Option(help: "The form.") var format: AuditExport.Format
  @Option(help: "File to write (default: standard output).") var output: String?
  @Flag(help: "Replace a file that is there.") var overwrite = false

  func run() throws {
    let text = try AuditExport.document(of: URL(fileURLWithPath: outputDir), as: format)
    guard let output else {
      print(text, terminator: "")
      return
    }
    try WrittenDocument.write(text, to: URL(fileURLWithPath: output), overwrite: overwrite)
    print(output)
  }
}
