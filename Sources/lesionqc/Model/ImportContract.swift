public import ArgumentParser
public import Models
public import Networks

extension Importance: ExpressibleByArgument {}
extension ModelDescription.IntensityNormalisation: ExpressibleByArgument {}

/// What the person who imports a model has to say about it. There is no default where a wrong one would spoil masks in
/// silence.
struct ImportContract: ParsableArguments {
  @Option(parsing: .upToNextOption, help: "The channels in the order of training; FLAIR T1w is what is run.")
  var channels: [String] = []

  @Option(help: "How intensities were scaled: zscore-nonzero.") var normalisation:
    ModelDescription.IntensityNormalisation?

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
  @Option(help: "A voxel is lesion where the softmax of the lesion class exceeds this.") var threshold: Double?
  @Option(help: "Index of the lesion class (default: 1 of two classes).") var lesionClass: Int?

  func validate() throws {
    guard brainExtracted != wholeHead else { throw ValidationError("give one of --brain-extracted and --whole-head") }
    guard window.isEmpty || window.count == 3 else {
      throw ValidationError("--window has \(window.count) numbers; expected three")
    }
  }

  /// For a source that says all of it but brain extraction.
  func requireNothingElse() throws {
    let isFree =
      channels.isEmpty && normalisation == nil && orientation == nil && spacing.isEmpty && window.isEmpty
      && overlap == nil && importance == nil && threshold == nil && lesionClass == nil
    guard isFree else {
      throw ValidationError(
        "the plans of --nnunet say what the network expects; give --brain-extracted or --whole-head only")
    }
  }

  /// - Parameters:
  ///   - inferer: A bundle's, for what is not stated.
  ///   - configuration: The file that it stands in.
  func contract(default inferer: MONAIBundle.Inferer?, from configuration: String?) throws -> ModelFolder.Contract {
    guard channels == ["FLAIR", "T1w"] else {
      throw ValidationError(
        "--channels is \(channels.isEmpty ? "missing" : channels.joined(separator: " ")); networks with the "
          + "channels FLAIR T1w, " + "in this order, are run")
    }
    guard spacing == ["own"] || spacing.count == 3 && spacing.allSatisfy({ Double($0).map { $0 > 0 } ?? false }) else {
      throw ValidationError(
        "--spacing is \(spacing.isEmpty ? "missing" : spacing.joined(separator: " ")); expected own, or "
          + "three numbers above 0")
    }
    guard normalisation == .zscoreNonzero else {
      throw ValidationError(
        "--normalisation is \(normalisation == nil ? "missing" : "for --nnunet"); expected zscore-nonzero")
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
    func place(_ option: String, isStated: Bool, _ key: String) -> String {
      isStated || inferer == nil ? option : "\(configuration ?? ""): \"inferer.\(key)\""
    }
    result.origins = [
      "window": place("--window", isStated: !window.isEmpty, "roi_size"),
      "overlap": place("--overlap", isStated: overlap != nil, "overlap"), "orientation": "--orientation",
      "spacingMillimetres": "--spacing", "normalisation": "--normalisation", "channels": "--channels",
      "threshold": "--threshold", "lesionClass": "--lesion-class",
    ]
    return result
  }
}
