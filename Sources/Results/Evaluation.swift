public import ErrorScore
public import Lesions

/// The findings of a cohort against expert masks: the content of `evaluation.json`.
public struct Evaluation: Codable, Sendable, Equatable {
  public struct Patient: Codable, Sendable, Equatable {
    /// `sub-01` or `sub-01_ses-02`.
    public let name: String
    /// SHA-256 of the results file.
    public let resultsDigest: String
    public let truth: TruthFacts

    public init(name: String, resultsDigest: String, truth: TruthFacts) {
      self.name = name
      self.resultsDigest = resultsDigest
      self.truth = truth
    }
  }

  /// Every FLAIR peak of a group, ascending.
  public struct Peaks: Codable, Sendable, Equatable {
    public let group: RegionGroup
    public let flairPeaks: [Double]

    public init(group: RegionGroup, flairPeaks: [Double]) {
      self.group = group
      self.flairPeaks = flairPeaks
    }
  }

  public var schemaVersion = 1
  public let software: SoftwareIdentity
  public let model: ModelIdentity
  /// `uncalibrated`, the digest of the calibration, or `several`.
  public let calibration: String
  /// Fewest noise draws of a patient.
  public let samples: Int
  /// Some of the patients are computer-generated.
  public let synthetic: Bool
  public let patients: [Patient]
  public let groups: [GroupDistribution]
  public let peaks: [Peaks]
  public let comparisons: [GroupComparison]
  public let lesionRanking: RankingTable
  public let candidateRanking: RankingTable
  /// Whether the error scores came true; nil without them.
  public let lesionReliability: Reliability?
  public let candidateReliability: Reliability?
  public let notes: [String]

  public init(
    software: SoftwareIdentity, model: ModelIdentity, calibration: String, samples: Int, synthetic: Bool,
    patients: [Patient], groups: [GroupDistribution], peaks: [Peaks], comparisons: [GroupComparison],
    lesionRanking: RankingTable, candidateRanking: RankingTable, lesionReliability: Reliability?,
    candidateReliability: Reliability?, notes: [String]
  ) {
    self.software = software
    self.model = model
    self.calibration = calibration
    self.samples = samples
    self.synthetic = synthetic
    self.patients = patients
    self.groups = groups
    self.peaks = peaks
    self.comparisons = comparisons
    self.lesionRanking = lesionRanking
    self.candidateRanking = candidateRanking
    self.lesionReliability = lesionReliability
    self.candidateReliability = candidateReliability
    self.notes = notes
  }

  /// Lesions of all patients counted together.
  public var pooled: DetectionMetrics {
    patients.reduce(DetectionMetrics(truePositives: 0, falsePositives: 0, falseNegatives: 0)) { sum, patient in
      sum
        + DetectionMetrics(
          truePositives: patient.truth.truePositives, falsePositives: patient.truth.falsePositives,
          falseNegatives: patient.truth.falseNegatives)
    }
  }

  package func group(_ group: RegionGroup) -> GroupDistribution? { groups.first { $0.group == group } }
}
