import ArgumentParser
import Foundation
import QualityControl

struct ModelProbabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probability", abstract: "Write the lesion probability of one patient and nothing else.",
    discussion: "To compare a model with the program that it comes from; tools/parity does so for nnU-Net.")

  @Option(help: "FLAIR image (.nii or .nii.gz).") var flair: String
  @Option(help: "MPRAGE (T1w) image on the same grid.") var mprage: String
  @Option(help: "Model folder.") var model: String
  @Option(help: "File to write (.nii or .nii.gz).") var output: String
  @Option(help: "Mask of the brain, for images that show the whole head.") var brainMask: String?
  @Flag(help: "Average the logits over mirrored windows, along the axes that the model allows; slower.")
  var mirror = false
  @Option(help: "Threads to compute with (default: all cores).") var threads: Int?

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024, not \(threads)")
    }
  }

  func run() throws {
    func url(_ path: String) -> URL { URL(fileURLWithPath: path) }
    try ModelProbability.write(
      flair: url(flair), mprage: url(mprage), brainMask: brainMask.map(url), model: url(model), threads: threads ?? 0,
      mirror: mirror, to: url(output))
  }
}
