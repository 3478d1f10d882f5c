public import Lesions

/// Every number of one patient's report: the content of `sub-XX_desc-lesionqc_results.json`.
///
/// Lengths are in the unit that a name ends in; voxel indices are zero-based along the stored axes (i, j, k); positions are
/// RAS+ millimetres; saliency is in logit per standard deviation of the non-zero intensities. A value that is not defined
/// is left out, never NaN. The file holds no time stamp, path or host name, so that equal input gives equal bytes.
public struct PatientResults: Codable, Sendable, Equatable {
  public var schemaVersion = 1
  public var patient: PatientIdentity
  public var software: SoftwareIdentity
  /// Undefined where no network was run; then ``external`` says what is known of the mask.
  @LeftOutIfUndefined public var model: ModelIdentity
  public var inputs: [InputFacts]
  /// Nil where no sidecar beside the FLAIR image names it.
  public var scanner: ScannerFacts?
  public var grid: GridFacts
  public var settings: SettingFacts
  public var rules: RuleTexts
  public var counts: FindingCounts
  public var lesions: [FindingFacts]
  public var candidates: [FindingFacts]
  /// Lesions and candidates in the order in which a reader should look at them.
  public var reviewOrder: [ReviewEntry]
  /// `uncalibrated`, or the digest of the calibration that gave the error scores.
  public var calibration: String
  /// Nil without a calibration.
  public var calibrationFacts: CalibrationFacts?
  public var truth: TruthFacts?
  /// Nil unless control regions were asked for.
  public var controls: ControlFacts?
  public var warnings: [String]
  /// Set where another program made the mask.
  public var external: ExternalSegmentation?
  /// Trust checks of the maps; nil where there is no finding or no network was run.
  public var checks: [CheckFacts]?
  /// Nil unless the run was asked to test itself on this scan.
  public var selfTest: SelfTestFacts?
  /// How places were told; nil in results of earlier versions.
  public var locationRule: LocationRuleFacts?
  /// Nil where the model does not say what its training data were like, or no network was run.
  public var intensities: IntensityFacts?

  public init(
    patient: PatientIdentity, software: SoftwareIdentity, model: ModelIdentity, inputs: [InputFacts], grid: GridFacts,
    settings: SettingFacts, rules: RuleTexts, counts: FindingCounts, lesions: [FindingFacts],
    candidates: [FindingFacts], reviewOrder: [ReviewEntry], calibration: String,
    calibrationFacts: CalibrationFacts? = nil, truth: TruthFacts?, controls: ControlFacts? = nil, warnings: [String],
    external: ExternalSegmentation? = nil, checks: [CheckFacts]? = nil, selfTest: SelfTestFacts? = nil,
    locationRule: LocationRuleFacts? = nil, intensities: IntensityFacts? = nil
  ) {
    self.patient = patient
    self.software = software
    self.model = model
    self.inputs = inputs
    self.grid = grid
    self.settings = settings
    self.rules = rules
    self.counts = counts
    self.lesions = lesions
    self.candidates = candidates
    self.reviewOrder = reviewOrder
    self.calibration = calibration
    self.calibrationFacts = calibrationFacts
    self.truth = truth
    self.controls = controls
    self.warnings = warnings
    self.external = external
    self.checks = checks
    self.selfTest = selfTest
    self.locationRule = locationRule
    self.intensities = intensities
  }

  public func finding(_ kind: FindingKind, _ number: Int) -> FindingFacts? {
    (kind == .lesion ? lesions : candidates).first { $0.number == number }
  }
}

public struct PatientIdentity: Codable, Sendable, Equatable {
  /// `sub-01`.
  public var label: String
  /// `ses-02`, if the data set has sessions.
  public var session: String?
  /// The data set says that its patients are synthetic.
  public var synthetic: Bool

  public init(label: String, session: String?, synthetic: Bool) {
    self.label = label
    self.session = session
    self.synthetic = synthetic
  }
}

public struct SoftwareIdentity: Codable, Sendable, Equatable {
  public var name: String
  public var version: String

  public init(name: String, version: String) {
    self.name = name
    self.version = version
  }
}

public struct ModelIdentity: Codable, Sendable, Equatable {
  public var name: String
  public var version: String
  public var architecture: String
  public var parameterCount: Int
  /// SHA-256 of `model.json`.
  public var modelDigest: String
  /// SHA-256 of the weight file; of several, SHA-256 of their digests joined by line feeds.
  public var weightsDigest: String
  /// A voxel belongs to the mask when its lesion probability is above this.
  public var threshold: Double
  /// Voxels along the three network axes.
  public var window: [Int]
  public var overlap: Double
  public var brainExtracted: Bool

  public init(
    name: String, version: String, architecture: String, parameterCount: Int, modelDigest: String,
    weightsDigest: String, threshold: Double, window: [Int], overlap: Double, brainExtracted: Bool
  ) {
    self.name = name
    self.version = version
    self.architecture = architecture
    self.parameterCount = parameterCount
    self.modelDigest = modelDigest
    self.weightsDigest = weightsDigest
    self.threshold = threshold
    self.window = window
    self.overlap = overlap
    self.brainExtracted = brainExtracted
  }
}

public struct InputFacts: Codable, Sendable, Equatable {
  /// `FLAIR`, `MPRAGE`, `truth` or `brain mask`.
  public var role: String
  public var sha256: String
  public var shape: [Int]
  public var spacingMillimetres: [Double]
  /// Closest anatomical direction of the three stored axes, such as `LAS`.
  public var orientation: String
  /// What is odd about the file's header without being an error.
  public var headerProblems: [String]

  public init(
    role: String, sha256: String, shape: [Int], spacingMillimetres: [Double], orientation: String,
    headerProblems: [String]
  ) {
    self.role = role
    self.sha256 = sha256
    self.shape = shape
    self.spacingMillimetres = spacingMillimetres
    self.orientation = orientation
    self.headerProblems = headerProblems
  }
}

public struct GridFacts: Codable, Sendable, Equatable {
  public var shape: [Int]
  public var spacingMillimetres: [Double]
  public var orientation: String
  /// Three rows of four: voxel index to world position in mm, RAS+.
  public var affine: [[Double]]

  public init(shape: [Int], spacingMillimetres: [Double], orientation: String, affine: [[Double]]) {
    self.shape = shape
    self.spacingMillimetres = spacingMillimetres
    self.orientation = orientation
    self.affine = affine
  }
}
