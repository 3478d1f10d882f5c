import Archive
import ArgumentParser
import DICOM
import Delivery
import Foundation

struct DICOMSendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "send", abstract: "Send written objects to a PACS, by C-STORE or DICOMweb.",
    discussion: """
      Only files that a patient's audit trail in OUTPUT_DIR attests are sent, and each one that was taken is noted \
      there. Objects under a name and objects under a pseudonym are not sent together. DICOMweb goes through 'curl', \
      over TLS; credentials stand in a netrc file.
      """)

  @Argument(help: "Folder of the results that the objects were made of.") var outputDir: String
  @Option(help: "Folder of the objects (default: OUTPUT_DIR with '-dicom' behind its name).") var objects: String?
  @Option(help: ArgumentHelp("Storage service.", valueName: "host:port")) var to: String?
  @Option(help: "Application entity title of the storage service.") var aet = "ANY-SCP"
  @Option(help: "Our own application entity title.") var ownAet = "LESIONQC"
  @Option(help: ArgumentHelp("DICOMweb service, such as https://pacs.example/dicom-web.", valueName: "url"))
  var dicomweb: String?
  @Option(help: "With --dicomweb: file of credentials, as curl reads it; only its owner may read it.") var netrcFile:
    String?
  @OptionGroup var record: RecordOptions

  func validate() throws {
    guard (to == nil) != (dicomweb == nil) else { throw ValidationError("give --to HOST:PORT or --dicomweb URL") }
    if netrcFile != nil, dicomweb == nil { throw ValidationError("--netrc-file goes with --dicomweb") }
  }

  func run() throws {
    let output = URL(fileURLWithPath: outputDir)
    let folder =
      objects.map { URL(fileURLWithPath: $0) } ?? URL(fileURLWithPath: output.standardizedFileURL.path + "-dicom")
    let sending = ObjectSending(output: output, to: try destination(), by: try record.attribution(for: outputDir))
    for outcome in try sending.run(folder) {
      print("\(outcome.patient): \(outcome.count) object\(outcome.count == 1 ? "" : "s") sent")
    }
  }

  private func destination() throws -> ObjectSending.Destination {
    if let to { return .storage(try StorageService(address: to, title: aet, ownTitle: ownAet)) }
    return .web(try WebStorage(address: dicomweb ?? "", credentials: netrcFile.map { URL(fileURLWithPath: $0) }))
  }
}
