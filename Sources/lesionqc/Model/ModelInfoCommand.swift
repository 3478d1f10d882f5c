import ArgumentParser
import AuditTrail
import Digests
import Foundation
import Models
import Networks

struct ModelInfoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "info", abstract: "Print architecture, parameters, all of what the model expects, and digests.")

  @Argument(help: "Model folder.") var folder: String

  func run() throws {
    let model = try ModelFolder.load(folder)
    let description = model.description
    print(
      """
      name            \(description.name ?? "-") \(description.version ?? "")
      architecture    \(description.architectureName), \(model.parameterCount) parameters
      """)
    for (key, value) in description.architectureArguments { print("                \(key) \(value)") }
    for (title, text) in InputContract(description).lines {
      print("\(title.padding(toLength: 16, withPad: " ", startingAt: 0))\(text)")
    }
    print("model.json      sha256 \(try Digest.sha256(file: model.descriptionURL))")
    for url in model.weightURLs {
      print("weights         sha256 \(try Digest.sha256(file: url)) \(url.lastPathComponent)")
    }
    let hasProbe = FileManager.default.fileExists(atPath: model.probeURL.path)
    print("probe           \(hasProbe ? "probe.safetensors, for lesionqc model verify" : "none")")
    for (key, value) in description.provenance where key != "name" && key != "version" { print("\(key): \(value)") }
  }
}
