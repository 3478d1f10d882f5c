import ArgumentParser
import AuditTrail
import Foundation
import Networks
import QualityControl

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Look at a model folder and check it.", subcommands: [Info.self, Verify.self])

  struct Info: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Print architecture, parameters, what the model expects, and digests.")

    @Argument(help: "Model folder with model.json and weights.safetensors.") var folder: String

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
        channels        \(description.channels.joined(separator: ", ")) (\(description.normalisation.rawValue))
        brain-extracted \(description.brainExtracted ? "yes" : "no, whole heads")
        grid            \(orientation), spacing \(spacing)
        window          \(description.window.map(String.init).joined(separator: " x ")), overlap \(description.overlap), \
        importance \(description.importance)
        threshold       softmax of class \(description.lesionClass) above \(description.threshold)
        model.json      sha256 \(try Digest.sha256(file: model.descriptionURL))
        weights         sha256 \(try Digest.sha256(file: model.weightsURL))
        """)
      for (key, value) in description.provenance where key != "name" && key != "version" { print("\(key): \(value)") }
    }
  }

  struct Verify: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compare logits and input gradient with those that the network's origin computed.",
      discussion: """
        The probe is a safetensors file with the tensors input, logits, cotangent and gradient, each [C, D, H, W]; \
        tools/parity/random_network.py shows how to write one. Exit code 4 when logits differ by more than 1e-4 of their range or the \
        gradient by more than 1e-4 (relative L2).
        """)

    @Argument(help: "Model folder with model.json and weights.safetensors.") var folder: String
    @Option(help: "Probe file.") var probe: String
    @Option(help: "Threads (default: all cores).") var threads: Int?

    func run() throws {
      let deviation = try ModelFolder.load(folder).verify(probe: probe, threads: threads)
      print("windows              \(deviation.windows)")
      print("logits, of range     \(deviation.logits)")
      print("gradient, relative   \(deviation.gradient)")
      guard deviation.isWithinTolerance else {
        throw QualityControlError.badModel("\(folder): differs from the probe by more than \(ModelProbe.Deviation.tolerance)")
      }
      print("within \(ModelProbe.Deviation.tolerance)")
    }
  }
}
