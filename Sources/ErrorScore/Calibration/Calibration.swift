public import Lesions

/// Probabilities of error fitted on a labelled cohort, bound to the model and the saliency settings of that cohort.
public struct Calibration: Hashable, Sendable, Codable {
  /// One of the two kinds of finding.
  public struct Kind: Hashable, Sendable, Codable {
    public let model: ErrorModel
    /// Every criterion on the same cohort; the models here never saw the patient.
    public let crossValidation: RankingTable
    /// Of the chosen features, cross-validated.
    public let reliability: Reliability
    /// FLAIR peaks of both classes, for the eye; nil in files of earlier versions. No score depends on it.
    public let peaks: PeakDistributions?
  }

  /// Where it comes from: the labelled cohort.
  public struct Cohort: Hashable, Sendable, Codable {
    public let patients: Int
    /// Some of the patients are computer-generated.
    public let synthetic: Bool
    /// SHA-256 of the results files, ascending.
    public let resultsDigests: [String]
    /// SHA-256 of the FLAIR files, ascending: scores of these very images are no test. Nil in files of earlier
    /// versions.
    public let flairDigests: [String]?
    /// Values of the reference segmentations that are lesions; nil where none had to be named.
    public let referenceLabels: [Int]?
    /// What kind of patients they are; nil in files of earlier versions.
    public let population: Population?

    /// No patient of the cohort is a person. A file that does not say how many are synthetic is taken for that.
    public var isAllSynthetic: Bool { synthetic && (population?.syntheticPatients ?? patients) >= patients }

    public init(
      patients: Int, synthetic: Bool, resultsDigests: [String], flairDigests: [String]? = nil,
      referenceLabels: [Int]? = nil, population: Population? = nil
    ) {
      self.patients = patients
      self.synthetic = synthetic
      self.resultsDigests = resultsDigests.sorted()
      self.flairDigests = flairDigests?.sorted()
      self.referenceLabels = referenceLabels
      self.population = population
    }
  }

  /// The patients of a cohort, as far as it matters for whom their calibration holds.
  public struct Population: Hashable, Sendable, Codable {
    /// Most lesions that the network found in one of them.
    public let mostLesions: Int
    /// How many are computer-generated.
    public let syntheticPatients: Int
    /// Of the scanners of the others, as their sidecars name them.
    public let manufacturers: [String]
    public let fieldStrengthsTesla: [Double]

    public init(mostLesions: Int, syntheticPatients: Int, manufacturers: [String], fieldStrengthsTesla: [Double]) {
      self.mostLesions = mostLesions
      self.syntheticPatients = syntheticPatients
      self.manufacturers = manufacturers.sorted()
      self.fieldStrengthsTesla = fieldStrengthsTesla.sorted()
    }
  }

  /// The network, by digest.
  public struct Network: Hashable, Sendable, Codable {
    public let name: String
    public let version: String
    /// SHA-256 of model.json.
    public let modelDigest: String
    /// SHA-256 of the weights, as in the results.
    public let weightsDigest: String

    public init(name: String, version: String, modelDigest: String, weightsDigest: String) {
      self.name = name
      self.version = version
      self.modelDigest = modelDigest
      self.weightsDigest = weightsDigest
    }
  }

  public static let currentSchema = 2

  public let schemaVersion: Int
  /// Name and version of the program that fitted it.
  public let software: String
  public let network: Network
  public let settings: CalibratedSettings
  /// SHA-256 of the settings' JSON with sorted keys.
  public let settingsDigest: String
  /// Fewest noise samples of a patient in the cohort: a run with fewer has noisier peaks than those that were fitted.
  public let samples: Int
  /// Most noise samples of a finding in the cohort; nil in files of earlier versions, where it is taken to be
  /// `samples`.
  public let mostSamples: Int?
  public let features: FeatureSet
  public let cohort: Cohort
  public let lesions: Kind
  public let candidates: Kind
  /// How far to review; nil below ``ReviewCutoff/fewestPatients`` patients.
  public let cutoff: ReviewCutoff?

  /// What a calibration is bound to, as its members of the same names say.
  public struct Origin: Sendable {
    public var software: String
    public var network: Network
    public var settings: CalibratedSettings
    public var settingsDigest: String
    public var samples: Int
    public var mostSamples: Int?
    public var cohort: Cohort

    public init(
      software: String, network: Network, settings: CalibratedSettings, settingsDigest: String, samples: Int,
      mostSamples: Int? = nil, cohort: Cohort
    ) {
      self.software = software
      self.network = network
      self.settings = settings
      self.settingsDigest = settingsDigest
      self.samples = samples
      self.mostSamples = mostSamples
      self.cohort = cohort
    }
  }

  /// Fits both kinds, and the review cut-off on lists that models without the patient have ordered.
  ///
  /// - Parameter tolerated: fraction of a patient's listed errors that may stand below the cut-off.
  /// - Throws: `ErrorScoreError.tooFew` with fewer than 5 patients or 20 findings of a kind.
  public init(
    fitting findings: [LabelledFinding], features: FeatureSet, tolerated: Double = ReviewCutoff.defaultTolerated,
    origin: Origin, bootstrap: PatientBootstrap = PatientBootstrap()
  ) throws(ErrorScoreError) {
    schemaVersion = Self.currentSchema
    software = origin.software
    network = origin.network
    settings = origin.settings
    settingsDigest = origin.settingsDigest
    samples = origin.samples
    mostSamples = origin.mostSamples
    self.features = features
    cohort = origin.cohort
    lesions = try Self.fit(findings, .lesion, features, bootstrap)
    candidates = try Self.fit(findings, .candidate, features, bootstrap)
    let lists = try JudgedList.heldOut(findings, features: features.features)
    cutoff = ReviewCutoff(
      lists, patientsWithoutFindings: max(0, origin.cohort.patients - Set(lists.map(\.patient)).count),
      tolerated: tolerated)
  }

  private static func fit(
    _ findings: [LabelledFinding], _ kind: FindingKind, _ set: FeatureSet, _ bootstrap: PatientBootstrap
  ) throws(ErrorScoreError) -> Kind {
    let own = findings.filter { $0.kind == kind }
    try CalibrationRule.require(own, kind)
    let held = try CrossValidation.probabilities(of: own, features: set.features)
    return Kind(
      model: try ErrorModel(fitting: own, features: set.features),
      crossValidation: try RankingTable(own, kind: kind, criteria: RankingCriterion.scores, bootstrap: bootstrap)
        .forCalibration, reliability: try Reliability(probabilities: held, isError: own.map(\.isError))!,
      peaks: try PeakDistributions(own))
  }

  /// The number of samples that every map of the cohort had; nil where they had different numbers.
  public var samplesOfEveryMap: Int? { mostSamples ?? samples == samples ? samples : nil }

  public func kind(_ kind: FindingKind) -> Kind { kind == .lesion ? lesions : candidates }
}
