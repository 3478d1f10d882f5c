import ArgumentParser
import Networks
import QualityControl

struct ModelVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Compare logits and input gradient with those that the network's origin computed.",
    discussion: """
      The probe is a safetensors file with the tensors input, logits, cotangent and gradient, each [C, D, H, W]; \
      tools/parity/random_network.py shows how to write one. Exit code 4 when logits differ by more than 1e-4 of their range or the \
      gradient by more than 1e-4 (relative L2); for SwinUNETR 5e-4.
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
      throw QualityControlError.badModel(
        "\(folder): differs from the probe by more than \(deviation.tolerance)")
    }
    print("within \(deviation.tolerance)")
  }
}
