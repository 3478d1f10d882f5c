import Analysis
import ArgumentParser
import Foundation
import QualityControl
import Results

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Make a model folder from a checkpoint, look at one, and check one.",
    subcommands: [
      ModelImportCommand.self, ModelInfoCommand.self, ModelVerifyCommand.self, ModelProbabilityCommand.self,
      ModelIntensitiesCommand.self,
    ])
}

struct ModelProbabilityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "probability", abstract: "Write the lesion probability of one patient and nothing else.",
    discussion: "To compare a model with the program that it comes from; tools/parity does so for nnU-Net.")

  @Option(help: "FLAIR image (.nii or .nii.gz).") var flair: String
  @Option(help: "MPRAGE (T1w) image on the same grid; a model of FLAIR alone needs none.") var mprage: String?
  @Option(help: "Model folder.") var model: String
  @Option(help: "File to write (.nii or .nii.gz).") var output: String
  @Option(help: "Mask of the brain, for images that show the whole head.") var brainMask: String?
  @OptionGroup var brainLabels: BrainLabelOption
  @Flag(help: "Average the logits over mirrored windows, along the axes that the model allows; slower.") var mirror =
    false
  @Option(help: "Threads to compute with (default: all cores).") var threads: Int?

  func validate() throws {
    try brainLabels.require(brainMask)
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024, not \(threads)")
    }
  }

  func run() throws {
    func url(_ path: String) -> URL { URL(fileURLWithPath: path) }
    let input = PatientInput(label: "sub-x", flair: url(flair), mprage: mprage.map(url), brainMask: brainMask.map(url))
    let warnings = try ModelProbability.write(
      input, labels: MaskLabels(brain: brainLabels), model: url(model), threads: threads ?? 0, mirror: mirror,
      to: url(output))
    ProgressPrinter(quiet: false).warn(warnings, of: output)
  }
}

struct ModelIntensitiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "intensities", abstract: "Note what the images were like that the network was trained on.",
    discussion: """
      Writes intensities.json into the model folder: for FLAIR and MPRAGE the range of seven quantiles of the \
      brain's intensities, \
      in standard deviations from their mean. Runs with the model then warn about images that are far from them. \
      Without \
      the file, reports say that this is not assessed. The file names no patient.
      """)

  @Argument(help: "Model folder.") var model: String
  @Argument(help: "BIDS folders with the training patients.") var datasets: [String]
  @Flag(help: "Replace a file that is there.") var overwrite = false
  @Flag(help: "No progress; only results and errors.") var quiet = false

  func validate() throws {
    if datasets.isEmpty { throw ValidationError("name one or more BIDS folders with the training patients") }
  }

  func run() throws {
    let printer = ProgressPrinter(quiet: quiet)
    let written = try ModelIntensities.write(
      model: URL(fileURLWithPath: model), datasets: datasets.map { URL(fileURLWithPath: $0) }, overwrite: overwrite,
      warn: { printer.warn($1, of: $0) }, progress: { name in if !quiet { ErrorStream.write("\(name)\n") } })
    print("\(written.file.path): \(written.patients) patients")
  }
}
