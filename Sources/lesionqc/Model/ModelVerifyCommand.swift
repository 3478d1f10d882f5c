import ArgumentParser
import Models
import Networks
import QualityControl
import Results

struct ModelVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Compare logits and input gradient with those that the network's origin computed.",
    discussion: """
      The probe is a safetensors file with the tensors input, logits, cotangent and gradient, each [C, D, H, W]. \
      Without --probe it \
      is the one in the model folder: the sample models have one, an import keeps that of its --probe. \
      tools/parity/make_probe.py makes one of your network in PyTorch. Exit code 4 when logits differ by more than \
      1e-4 of their \
      range or the gradient by more than 1e-4 (relative L2); for SwinUNETR 5e-4. Where the gradient alone differs, the \
      probe's cotangent is perhaps not sparse: the gradient of a ReLU jumps at zero, so that PyTorch in single \
      precision too misses \
      its own by up to 1e-3 when the cotangent is not zero at every voxel.
      """)

  @Argument(help: "Model folder with model.json and weights.safetensors.") var folder: String
  @Option(help: "Probe file (default: probe.safetensors in the model folder).") var probe: String?
  @Option(help: "Threads (default: all cores).") var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024, not \(threads)")
    }
  }

  func run() throws {
    let deviation = try ModelFolder.load(folder).verify(probe: probe, threads: threads)
    print("windows              \(deviation.windows)")
    print("logits, of range     \(deviation.logits)")
    print("gradient, relative   \(deviation.gradient)")
    if let problem = deviation.problem { throw Fault(.model, folder, found: problem) }
    print("within \(deviation.tolerance)")
  }
}
