import ArgumentParser
import Foundation
import QualityControl

struct ModelIntensitiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "intensities", abstract: "Note what the images were like that the network was trained on.",
    discussion: """
      Writes intensities.json into the model folder: for FLAIR and MPRAGE the range of seven quantiles of the brain's intensities, \
      in standard deviations from their mean. Runs with the model then warn about images that are far from them. Without \
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
    let written = try ModelIntensities.write(
      model: URL(fileURLWithPath: model), datasets: datasets.map { URL(fileURLWithPath: $0) }, overwrite: overwrite
    ) { name in
      if !quiet { FileHandle.standardError.write(Data("\(name)\n".utf8)) }
    }
    print("\(written.file.path): \(written.patients) patients")
  }
}
