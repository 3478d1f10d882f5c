public import Saliency

/// What a user sets about a run and what changes a number: recorded as it is in the results and the audit trail, and
/// shown in the report.
///
/// A new setting stands here alone: its value, its limits (``problems``) and its row in the report (``rows``). The
/// command line gives it a spelling, the analysis a meaning.
public struct RunSettings: Codable, Sendable, Equatable {
  /// Which maps are made. Peaks and order always come from SmoothGrad, the quantitative one.
  public enum Method: String, Codable, Sendable, CaseIterable {
    case smoothgrad
    /// Instance Grad-CAM++ in addition: a map per finding that says where, not how much.
    case gradCAMPlusPlus = "gradcam++"
  }

  /// Noise samples; with ``relativeError`` the maximum number of them.
  public var samples = 50
  /// Sample until the standard error of a finding's peak is below this fraction of it; nil: always ``samples``.
  public var relativeError: Double?
  /// Standard deviation of the noise as a fraction of the normalised FLAIR's range.
  public var noiseFraction = 0.05
  public var seed: UInt64 = 1
  public var method = Method.smoothgrad
  /// For Grad-CAM++: a module by its name in the network's origin; nil: the decoder block at half resolution.
  public var layer: String?
  /// How the gradients of a lesion's voxels are aggregated; the review order is always made from `sum`.
  public var aggregation = Aggregation.sum
  /// What is differentiated.
  public var target = ExplainedScalar.logit
  public var candidateThreshold = 0.1
  public var maximumCandidates = 20
  /// Average the logits over the mirrorings that the model allows.
  public var mirror = false
  /// Resample MPRAGE and masks onto the FLAIR grid by header when the grids differ.
  public var reslice = false
  /// Nil where no label of a mask was named.
  public var labels: MaskLabels?
  /// With a reference, also explain missed lesions and control regions.
  public var controls = false
  /// Also insert synthetic lesions and mimics into copies of the images and state what becomes of them.
  public var selfTest = false
  /// Also write whole-volume saliency maps.
  public var saveMaps = false

  public init() {}

  /// A setting outside its limits.
  public struct Problem: Sendable, Equatable {
    /// Name of the property.
    public let setting: String
    /// Nil where the fault is that two settings do not go together.
    public let value: String?
    /// Without the name: `must be from 1 to 100000`.
    public let expected: String
    /// The method that the setting needs or does not go with: what ``expected`` ends on.
    public let method: Method?

    public init(setting: String, value: String?, expected: String, method: Method? = nil) {
      self.setting = setting
      self.value = value
      self.expected = expected
      self.method = method
    }
  }

  /// Every setting that is outside its limits or does not go with another.
  public var problems: [Problem] {
    var found: [Problem] = []
    func require(_ holds: Bool, _ setting: String, _ value: Any?, _ expected: String, _ method: Method? = nil) {
      guard !holds else { return }
      found.append(Problem(setting: setting, value: value.map { "\($0)" }, expected: expected, method: method))
    }
    require((1...100_000).contains(samples), "samples", samples, "must be from 1 to 100000")
    if let relativeError {
      require(relativeError > 0 && relativeError < 1, "relativeError", relativeError, "must lie between 0 and 1")
      require(samples >= 10, "maximumSamples", samples, "must be 10 or more")
    }
    require(layer == nil || method == .gradCAMPlusPlus, "layer", nil, "needs", .gradCAMPlusPlus)
    require(
      !(mirror && method == .gradCAMPlusPlus), "mirror", nil,
      "looks into the network more than once, which does not go with", .gradCAMPlusPlus)
    require(
      noiseFraction >= 0 && noiseFraction <= 10, "noiseFraction", noiseFraction,
      "must be from 0 to 10 (a fraction of the FLAIR range)")
    require(
      candidateThreshold > 0 && candidateThreshold < 1, "candidateThreshold", candidateThreshold,
      "must lie between 0 and 1")
    require((0...999).contains(maximumCandidates), "maximumCandidates", maximumCandidates, "must be from 0 to 999")
    return found
  }
}

/// What a run found out about its settings: values that follow from the images and the model.
public struct ExplanationRecord: Codable, Sendable, Equatable {
  /// Standard deviation of the noise, in standard deviations of the non-zero intensities.
  public var noiseStandardDeviation: Double
  public var precision: String
  /// Spatial axes of the network over whose mirrorings logits were averaged; empty without mirroring.
  public var mirrorAxes: [Int]
  /// When sampling ends before the maximum; nil: every finding got all samples.
  public var stopping: StoppingRule?
  /// The layer that Grad-CAM++ looked at, by its name in the network's origin; nil without that method.
  public var layer: String?

  public init(
    noiseStandardDeviation: Double, precision: String = "fp32", mirrorAxes: [Int] = [], stopping: StoppingRule? = nil,
    layer: String? = nil
  ) {
    self.noiseStandardDeviation = noiseStandardDeviation
    self.precision = precision
    self.mirrorAxes = mirrorAxes
    self.stopping = stopping
    self.layer = layer
  }
}

/// One row of the table of settings in a report.
public struct SettingRow: Sendable, Equatable {
  public enum Value: Sendable, Equatable {
    case text(String)
    case count(Int)
    case number(Double)
  }

  /// The properties of ``RunSettings`` that it shows, the one that its notes belong to first.
  public let settings: [String]
  public let name: String
  public let value: Value
  /// Follows the value.
  public let unit: String?
  public let note: String?

  init(_ settings: [String], _ name: String, _ value: Value, unit: String? = nil, note: String? = nil) {
    self.settings = settings
    self.name = name
    self.value = value
    self.unit = unit
    self.note = note
  }
}

extension RunSettings {
  /// The settings as a report lists them; what only adds an output is left out where it was not asked for.
  public var rows: [SettingRow] {
    let extras: [(isOn: Bool, row: SettingRow)] = [
      (method == .gradCAMPlusPlus, SettingRow(["layer"], "Layer maps", .text(method.rawValue))),
      (reslice, SettingRow(["reslice"], "Resampling", .text("MPRAGE onto the FLAIR grid by header, if they differ"))),
      (labels != nil, SettingRow(["labels"], "Labels of masks", .text(labels?.words ?? ""))),
      (controls, SettingRow(["controls"], "Control regions", .text("missed lesions and healthy brain explained, too"))),
      (selfTest, SettingRow(["selfTest"], "Self-test", .text("on copies of the images"))),
      (saveMaps, SettingRow(["saveMaps"], "Whole-volume maps", .text("written"))),
    ]
    return [
      SettingRow(["method"], "Saliency method", .text(Method.smoothgrad.rawValue)),
      SettingRow(["aggregation"], "Aggregation", .text(aggregation.rawValue)),
      SettingRow(["target"], "Target", .text(target.rawValue), note: "output that is differentiated"),
      SettingRow(
        ["samples", "relativeError"], relativeError == nil ? "Noise samples" : "Maximum number of noise samples",
        .count(samples)), SettingRow(["noiseFraction"], "Noise", .number(noiseFraction), unit: "of the FLAIR range"),
      SettingRow(["seed"], "Seed", .text("\(seed)")),
      SettingRow(["candidateThreshold"], "Candidate threshold", .number(candidateThreshold)),
      SettingRow(["maximumCandidates"], "Maximum number of candidates", .count(maximumCandidates)),
      SettingRow(["mirror"], "Mirroring", .text(mirror ? "logits averaged" : "none")),
    ] + extras.filter(\.isOn).map(\.row)
  }
}
