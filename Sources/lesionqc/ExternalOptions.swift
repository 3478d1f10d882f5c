import Analysis
import Archive
import ArgumentParser
import Foundation
import QualityControl
import Results

/// Options of a report on an external segmentation.
struct ExternalOptions: ParsableArguments {
  @Option(help: "FLAIR image (.nii or .nii.gz).") var flair: String?
  @Option(help: "MPRAGE (T1w) image on the same grid, if there is one.") var mprage: String?
  @Option(help: "Lesion mask on the FLAIR grid: 0 and 1 (or 255), or a label image with --mask-label.") var mask:
    String?
  @Option(help: ArgumentHelp("Labels of the mask that are lesions, such as 99.", valueName: LabelList.valueName))
  var maskLabel: LabelList?
  @Option(help: "Lesion probability on the FLAIR grid, for missed-lesion candidates and the order.") var probability:
    String?
  @Option(
    help: """
      Folder with saliency maps (4D: FLAIR, MPRAGE; 3D: FLAIR alone) named …L001_saliency.nii.gz by the \
      numbers of the report's dseg file.
      """) var saliency: String?
  @Option(help: "Pseudonym of the patient, letters and digits (default: from the images' digests).") var id: String?
  @Option(help: "The tool that made the mask and its version, to be named in the report.") var tool: String?
  @Option(name: [.customLong("reference"), .customLong("truth")], help: "Reference segmentation to compare with.")
  var reference: String?
  @OptionGroup var referenceLabels: ReferenceLabelOption
  @Option(help: "Mask of the brain, for images that show the whole head.") var brainMask: String?
  @OptionGroup var brainLabels: BrainLabelOption
  @Option(help: "Minimum lesion probability of a missed-lesion candidate.") var candidateThreshold = 0.1
  @Option(help: "Maximum number of missed-lesion candidates.") var maxCandidates = 20
  @Flag(help: "Resample MPRAGE, masks and probability onto the FLAIR grid by header when the grids differ.")
  var reslice = false

  var isUsed: Bool { [flair, mprage, mask, probability, saliency].contains { $0 != nil } }

  func validate() throws {
    if isUsed, flair == nil || mask == nil { throw ValidationError("--flair and --mask go together") }
    try referenceLabels.require(reference)
    try brainLabels.require(brainMask)
    if maskLabel != nil, mask == nil { throw ValidationError("--mask-label needs --mask") }
    if let id {
      do { _ = try PatientInput.label(from: id) } catch { throw ValidationError(ErrorClass.line(of: error)) }
    }
    if let first = settings().problems.first { throw ValidationError(first.line) }
  }

  func settings() -> RunSettings {
    var settings = RunSettings()
    settings.candidateThreshold = candidateThreshold
    settings.maximumCandidates = maxCandidates
    settings.reslice = reslice
    settings.labels = MaskLabels(lesions: maskLabel, referenceLabels, brain: brainLabels)
    return settings
  }

  func runOptions(overwrite: Bool, waits: Bool, by attribution: Attribution) -> RunOptions {
    var options = RunOptions()
    options.overwrite = overwrite
    options.waits = waits
    options.attribution = attribution
    return options
  }

  /// Images and names, and what the other tool made.
  func patient() throws -> (input: PatientInput, files: ExternalFiles) {
    func url(_ path: String?) -> URL? { path.map { URL(fileURLWithPath: $0) } }
    guard let flair = url(flair), let mask = url(mask) else { throw ValidationError("--flair and --mask go together") }
    let mprage = url(mprage)
    let input = PatientInput(
      label: try id.map(PatientInput.label(from:)) ?? PatientRun.digestLabel(flair: flair, mprage: mprage),
      flair: flair, mprage: mprage, reference: url(reference), brainMask: url(brainMask),
      synthetic: BIDSDataset.holdsSyntheticImage(flair))
    return (input, ExternalFiles(mask: mask, probability: url(probability), saliency: url(saliency), tool: tool))
  }
}
