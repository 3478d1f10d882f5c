import ArgumentParser
import AuditTrail
import Foundation
import Networks

struct ModelInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Print architecture, parameters, what the model expects, and digests.")

  @Argument(help: "Model folder.") var folder: String

  func run() throws {
    let model = try ModelFolder.load(folder)
    let description = model.description
    let orientation =
      switch description.orientation {
      case .asStored: "as stored"
      case .axes(let code): code
      }
    let spacing = description.spacingMillimetres.map { "\($0) mm" } ?? "the images' own"
    print(
      """
      name            \(description.name ?? "-") \(description.version ?? "")
      architecture    \(description.architectureName), \(model.parameterCount) parameters
      """)
    for (key, value) in description.architectureArguments { print("                \(key) \(value)") }
    print(
      """
      channels        \(description.channels.joined(separator: ", ")) (\(description.normalisation.rawValue))
      brain-extracted \(description.brainExtracted ? "yes" : "no, whole heads")
      grid            \(orientation), spacing \(spacing)
      window          \(description.window.map(String.init).joined(separator: " x ")), overlap \(description.overlap), \
      importance \(description.importance.rawValue), tiling \(description.tiling.rawValue)
      mirroring       \(description.mirrorAxes.isEmpty ? "none" : "along network axes \(description.mirrorAxes)")
      threshold       softmax of class \(description.lesionClass) of \(description.outputChannels) above \(description.threshold)
      model.json      sha256 \(try Digest.sha256(file: model.descriptionURL))
      """)
    for url in model.weightURLs {
      print("weights         sha256 \(try Digest.sha256(file: url)) \(url.lastPathComponent)")
    }
    for (key, value) in description.provenance where key != "name" && key != "version" { print("\(key): \(value)") }
  }
}
