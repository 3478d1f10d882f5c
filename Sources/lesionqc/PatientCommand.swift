import Analysis
import ArgumentParser
import Foundation
import QualityControl
import Results

struct PatientCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "patient", abstract: "One patient: FLAIR and MPRAGE in, report, masks, maps and audit trail out.")

  @Option(help: "FLAIR image (.nii or .nii.gz).") var flair: String
  @Option(help: "MPRAGE (T1w) image on the same grid; a model of FLAIR alone needs none, and then it is shown only.")
  var mprage: String?
  @Option(help: "Model folder.") var model: String
  @OptionGroup var options: RunArguments
  @Option(help: "Output folder.") var output: String
  @Option(
    help: "Pseudonym of the patient, letters and digits (default: from the images' digests, never from a file name).")
  var id: String?
  @Option(name: [.customLong("reference"), .customLong("truth")], help: "Reference segmentation to compare with.")
  var reference: String?
  @OptionGroup var referenceLabels: ReferenceLabelOption
  @Option(help: "Mask of the brain, for images that show the whole head.") var brainMask: String?
  @OptionGroup var brainLabels: BrainLabelOption

  func validate() throws {
    try referenceLabels.require(reference)
    try brainLabels.require(brainMask)
    if options.controls, reference == nil { throw ValidationError("--controls needs --reference MASK") }
    guard let id else { return }
    do { _ = try PatientInput.label(from: id) } catch { throw ValidationError(ErrorClass.line(of: error)) }
  }

  func run() throws {
    let session = try RunSession(
      model: model, options: options, labels: MaskLabels(referenceLabels, brain: brainLabels), output: output)
    let input = try session.input(flair: flair, mprage: mprage, id: id, reference: reference, brainMask: brainMask)
    try session.runOne(input)
  }
}
