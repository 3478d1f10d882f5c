import Analysis
import ArgumentParser
import Foundation
import QualityControl
import Reports
import Results

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Sanity checks of a model's saliency maps.",
    discussion: """
      One line per check: PASS, FAIL or not assessed, what was measured, and the rule. Exit code 8 when a check \
      fails. Without \
      images the checks run on a synthetic patient drawn from the seed. docs/checks.md explains each check.
      """)

  @Option(help: "Model folder.") var model: String
  @Option(help: "FLAIR image (.nii or .nii.gz).") var flair: String?
  @Option(help: "MPRAGE (T1w) image on the same grid.") var mprage: String?
  @Option(help: "Mask of the brain, for images that show the whole head.") var brainMask: String?
  @OptionGroup var brainLabels: BrainLabelOption
  @Option(help: "Noise samples of each map, an even number.") var samples = CheckSettings().samples
  @Option(help: "Seed of noise, randomised weights and synthetic patient.") var seed = CheckSettings().seed
  @Option(help: "Lesions looked at, the largest first.") var lesions = CheckSettings().lesions
  @Flag(help: "Also: how much context lesions need, and lesions written into the scan.") var experiments = false
  @Option(help: "Diameter of a lesion written into the scan, mm.") var size = CheckSettings().sizeMillimetres
  @Option(
    help: "FLAIR of a lesion written into the scan above the tissue around it, in standard deviations of intensity.")
  var contrast = CheckSettings().contrast
  @Option(help: "JSON file to write; the curve of the experiments goes beside it (.svg).") var output: String?
  @Option(help: "Threads to compute with (default: all cores).") var threads: Int?
  @Flag(help: "No progress; only results and errors.") var quiet = false

  private var settings: CheckSettings {
    var settings = CheckSettings()
    (settings.samples, settings.seed, settings.lesions) = (samples, seed, lesions)
    (settings.experiments, settings.sizeMillimetres, settings.contrast) = (experiments, size, contrast)
    settings.threads = threads ?? 0
    return settings
  }

  func validate() throws {
    if mprage != nil, flair == nil { throw ValidationError("--mprage needs --flair") }
    if brainMask != nil, flair == nil { throw ValidationError("--brain-mask needs --flair") }
    try brainLabels.require(brainMask)
    if let problem = settings.problems.first { throw ValidationError(problem.line) }
  }

  func run() throws {
    func url(_ path: String) -> URL { URL(fileURLWithPath: path) }
    let scan = flair.map {
      PatientInput(label: "sub-x", flair: url($0), mprage: mprage.map(url), brainMask: brainMask.map(url))
    }
    let report = try ModelCheck.run(
      model: url(model), scan: scan, labels: MaskLabels(brain: brainLabels), settings: settings,
      warned: { ProgressPrinter(quiet: quiet).warn($0, of: "scan") },
      progress: { check in if !quiet { ErrorStream.write("\(check?.name ?? "segmenting")\n") } })
    for line in report.lines { print(line) }
    if let output { try report.write(to: url(output)) }
    if report.failed > 0 { throw CommandEnd.checksFailed(count: report.failed, of: report.checks.count) }
  }
}
