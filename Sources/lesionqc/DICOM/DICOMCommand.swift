import ArgumentParser

struct DICOMCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dicom", abstract: "Objects for the PACS: segmentation, measurements, report, key images.",
    subcommands: [DICOMWriteCommand.self, DICOMSendCommand.self], defaultSubcommand: DICOMWriteCommand.self)
}
