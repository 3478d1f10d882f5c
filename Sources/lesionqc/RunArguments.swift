import Analysis
public import ArgumentParser
import Foundation
public import Results
import Saliency

extension Aggregation: ExpressibleByArgument {}
extension ExplainedScalar: ExpressibleByArgument {}
extension RunSettings.Method: ExpressibleByArgument {}

/// `auto`, or a number of noise samples.
enum SampleCount: ExpressibleByArgument {
  case automatic
  case fixed(Int)

  init?(argument: String) {
    if argument == "auto" {
      self = .automatic
    } else if let count = Int(argument) {
      self = .fixed(count)
    } else {
      return nil
    }
  }

  var defaultValueDescription: String {
    switch self {
    case .automatic: "auto"
    case .fixed(let count): "\(count)"
    }
  }
}

/// Options that `patient` and `run` share.
struct RunArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Noise samples per saliency map (N of SmoothGrad). 'auto': at least 10, until the peak's standard error is small.
      """, valueName: "count|auto")) var samples = SampleCount.fixed(50)

  @Option(help: "With --samples auto: the maximum number of samples.") var maxSamples = 50

  @Option(
    help: """
      With --samples auto: the standard error that ends the sampling, as a fraction of the peak; a peak below 1 \
      logit per standard \
      deviation counts as 1.
      """) var relativeError = 0.05

  @Option(help: "Standard deviation of the noise, as a fraction of the normalised FLAIR's range.") var noise = 0.05

  @Option(help: "Seed of the noise.") var seed: UInt64 = 1

  @Option(help: "smoothgrad, or gradcam++: a Grad-CAM++ map of every finding in addition. Numbers are SmoothGrad's.")
  var method = RunSettings.Method.smoothgrad

  @Option(help: "The layer of Grad-CAM++ by its module name (default: the decoder block at half resolution).")
  var layer: String?

  @Option(
    help: ArgumentHelp(
      "How the gradients of a lesion's voxels are aggregated. signed-max takes one gradient per voxel: slow.",
      discussion: """
        Without a calibration the review order uses the sum, whatever the maps are; a calibration scores maps \
        like its own.
        """)) var aggregation = Aggregation.sum

  @Option(help: "What is differentiated: the lesion logit, or lesion minus background.") var target = ExplainedScalar
    .logit

  @Option(help: "Minimum lesion probability of a missed-lesion candidate.") var candidateThreshold = 0.1

  @Option(help: "Maximum number of missed-lesion candidates.") var maxCandidates = 20

  @Option(help: "Error-score calibration, or 'none' (default: calibration.json of the model folder, if it is there).")
  var calibration: String?

  @Flag(
    help: "With a reference, also explain missed lesions and healthy control regions, for 'lesionqc evaluate'; slower.")
  var controls = false

  @Flag(
    help: """
      Insert synthetic lesions and mimics into copies of the images, run these too, and state what was \
      detected; slower.
      """) var selfTest = false

  @Flag(help: "Average the logits over mirrored windows, along the axes that the model allows; slower.") var mirror =
    false

  @Flag(help: "Resample MPRAGE and masks onto the FLAIR grid by header when the grids differ.") var reslice = false

  @Flag(help: "Also write saliency maps as whole volumes.") var saveMaps = false

  @Flag(help: "Replace results that were made with other settings, another model or another version.") var overwrite =
    false

  @Flag(
    help: """
      Nothing of the reference segmentation on pages, in tables and in print, for reader studies; the results hold it.
      """) var blind = false

  @Flag(help: "Leave with exit code 9 when another process is at work on the patient, instead of waiting for it.")
  var noWait = false

  @Flag(
    help: """
      Leave index.html, cohort.tsv and lesions.tsv to a later 'run BIDS_DIR OUTPUT_DIR group', as many jobs on one \
      folder do.
      """) var noTables = false

  @Option(
    name: [.long, .customLong("nprocs"), .customLong("omp-nthreads"), .customLong("omp_nthreads")],
    help: "Threads to compute with (default: all cores). They do not change the results.") var threads: Int?

  @OptionGroup var record: RecordOptions

  @Flag(help: "No progress; only results and errors.") var quiet = false

  /// - Throws: `ValidationError` for a setting outside its limits.
  func settings() throws -> RunSettings {
    var settings = RunSettings()
    switch samples {
    case .fixed(let count): settings.samples = count
    case .automatic:
      settings.samples = maxSamples
      settings.relativeError = relativeError
    }
    settings.method = method
    settings.layer = layer
    settings.noiseFraction = noise
    settings.seed = seed
    settings.aggregation = aggregation
    settings.target = target
    settings.candidateThreshold = candidateThreshold
    settings.maximumCandidates = maxCandidates
    settings.controls = controls
    settings.selfTest = selfTest
    settings.mirror = mirror
    settings.reslice = reslice
    settings.saveMaps = saveMaps
    if let first = settings.problems.first { throw ValidationError(first.line) }
    return settings
  }

  var runOptions: RunOptions {
    var options = RunOptions()
    switch calibration {
    case nil: options.calibration = .ofModel
    case "none": options.calibration = .off
    case .some(let file): options.calibration = .file(URL(fileURLWithPath: file))
    }
    options.overwrite = overwrite
    options.isBlind = blind
    options.waits = !noWait
    options.writesTables = !noTables
    options.threads = threads ?? 0
    return options
  }

  func validate() throws {
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads must be from 1 to 1024, not \(threads)")
    }
    _ = try settings()
  }
}

extension RunSettings.Problem {
  /// The setting by its flag.
  var line: String {
    let flags = [
      "samples": "--samples", "relativeError": "--relative-error", "maximumSamples": "--max-samples",
      "layer": "--layer", "mirror": "--mirror", "noiseFraction": "--noise",
      "candidateThreshold": "--candidate-threshold", "maximumCandidates": "--max-candidates", "lesions": "--lesions",
      "sizeMillimetres": "--size", "contrast": "--contrast", "threads": "--threads",
    ]
    return "\(flags[setting] ?? setting) \(expected)" + (method.map { " --method \($0.rawValue)" } ?? "")
      + (value.map { ", not \($0)" } ?? "")
  }
}
