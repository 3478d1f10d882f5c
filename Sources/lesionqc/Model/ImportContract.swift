public import ArgumentParser
public import Models
public import Networks

extension Importance: ExpressibleByArgument {}
extension ModelDescription.OutputActivation: ExpressibleByArgument {}

/// What the person who imports a model has to say about it. There is no default where a wrong one would spoil masks in
/// silence.
struct ImportContract: ParsableArguments {
  @Option(
    parsing: .upToNextOption,
    help: "The channels in the order of training: FLAIR T1w, T1w FLAIR (exchanged at import), or FLAIR alone.")
  var channels: [String] = []

  @Option(
    help: """
      How intensities were scaled: zscore-nonzero, zscore (over all voxels), zero-to-one, or MONAI's transforms as \
      JSON, such as {"name": "ScaleIntensityRangePercentiles", "lower": 1, "upper": 99, "b_min": 0, "b_max": 1}.
      """) var normalisation: String?

  @Flag(help: "The network was trained on brain-extracted images.") var brainExtracted = false
  @Flag(help: "The network was trained on whole heads.") var wholeHead = false

  @Option(help: "Axes of the training images: asStored, or three codes towards which the indices grow, such as RAS.")
  var orientation: String?

  @Option(
    parsing: .upToNextOption,
    help: "Voxel size of the training images in mm, three numbers along those axes, or own: whatever the images have.")
  var spacing: [String] = []

  @Option(
    parsing: .upToNextOption, help: "Sliding window in voxels, three numbers (default with --bundle: its inferer's).")
  var window: [Int] = []

  @Option(help: "Overlap of the windows as a fraction (default: 0.25, or the bundle's).") var overlap: Double?
  @Option(help: "Weight of a window's voxels (default: gaussian, or the bundle's).") var importance: Importance?
  @Option(help: "A voxel is lesion where the probability of the lesion class exceeds this.") var threshold: Double?
  @Option(help: "Index of the lesion class (default: 1 of two classes, or the only output); with --nnunet its label.")
  var lesionClass: Int?
  @Option(help: "How logits become a probability (default: sigmoid of one output, softmax of several).")
  var outputActivation: ModelDescription.OutputActivation?

  func validate() throws {
    guard brainExtracted != wholeHead else { throw ValidationError("give one of --brain-extracted and --whole-head") }
    guard window.isEmpty || window.count == 3 else {
      throw ValidationError("--window has \(window.count) numbers; expected three")
    }
  }

  /// For a source that says all of it but brain extraction and which of several labels is the lesion.
  func requireNothingElse() throws {
    let isFree =
      channels.isEmpty && normalisation == nil && orientation == nil && spacing.isEmpty && window.isEmpty
      && overlap == nil && importance == nil && threshold == nil && outputActivation == nil
    guard isFree else {
      throw ValidationError(
        "the plans of --nnunet say what the network expects; give --brain-extracted or --whole-head and, of several "
          + "labels, --lesion-class only")
    }
  }

  /// - Parameter place: The channel that a bundle's metadata call FLAIR; nil where they do not say.
  func requireAgreement(withFLAIRAt place: Int?) throws {
    guard let place, let stated = channels.firstIndex(of: "FLAIR"), stated != place else { return }
    throw ValidationError(
      "--channels is \(channels.joined(separator: " ")), but the bundle's metadata call channel \(place) FLAIR")
  }

  /// - Parameters:
  ///   - inferer: A bundle's, for what is not stated.
  ///   - configuration: The file that it stands in.
  func contract(default inferer: MONAIBundle.Inferer?, from configuration: String?) throws -> ModelFolder.Contract {
    guard !channels.isEmpty else {
      throw ValidationError("--channels is missing: FLAIR T1w or T1w FLAIR, as the network was trained, or FLAIR alone")
    }
    guard spacing == ["own"] || spacing.count == 3 && spacing.allSatisfy({ Double($0).map { $0 > 0 } ?? false }) else {
      throw ValidationError(
        "--spacing is \(spacing.isEmpty ? "missing" : spacing.joined(separator: " ")); expected own, or "
          + "three numbers above 0")
    }
    guard let normalisation, normalisation != "nnunet" else {
      throw ValidationError(
        "--normalisation is \(normalisation == nil ? "missing" : "for --nnunet"); expected zscore-nonzero, zscore, "
          + "zero-to-one or MONAI's transforms as JSON")
    }
    guard let orientation else { throw ValidationError("--orientation is missing: asStored, or a code such as RAS") }
    guard let threshold else { throw ValidationError("--threshold is missing: a number between 0 and 1") }
    guard let shape = window.isEmpty ? try inferer?.window.get() : window else {
      throw ValidationError("--window is missing: three numbers of voxels, divisible by the network's strides")
    }
    var result = ModelFolder.Contract(
      brainExtracted: brainExtracted, orientation: orientation,
      spacingMillimetres: spacing == ["own"] ? nil : spacing.compactMap(Double.init), window: shape,
      overlap: try overlap ?? inferer?.overlap.get() ?? 0.25,
      importance: try importance ?? inferer?.importance.get() ?? .gaussian, threshold: threshold,
      lesionClass: lesionClass)
    if let inferer {
      result.padding = inferer.padding
      if result.importance == .gaussian { result.sigmaScale = try inferer.sigmaScale.get() }
    }
    result.channels = channels
    result.normalisation = try ModelDescription.IntensityNormalisation(stated: normalisation, origin: "--normalisation")
    result.outputActivation = outputActivation
    func place(_ option: String, isStated: Bool, _ key: String) -> String {
      isStated || inferer == nil ? option : "\(configuration ?? ""): \"inferer.\(key)\""
    }
    result.origins = [
      "window": place("--window", isStated: !window.isEmpty, "roi_size"),
      "overlap": place("--overlap", isStated: overlap != nil, "overlap"), "orientation": "--orientation",
      "spacingMillimetres": "--spacing", "normalisation": "--normalisation", "channels": "--channels",
      "threshold": "--threshold", "lesionClass": "--lesion-class", "outputActivation": "--output-activation",
    ]
    return result
  }
}
