public import ErrorScore

/// The findings of a cohort against reference segmentations: the content of `evaluation.json`.
public struct Evaluation: Codable, Sendable, Equatable {
  public struct Patient: Codable, Sendable, Equatable {
    /// `sub-01` or `sub-01_ses-02`.
    public let name: String
    /// SHA-256 of the results file.
    public let resultsDigest: String
    /// Of the mask.
    public let volumeMillilitres: Double
    public let reference: ReferenceRecord

    public init(name: String, resultsDigest: String, volumeMillilitres: Double, reference: ReferenceRecord) {
      self.name = name
      self.volumeMillilitres = volumeMillilitres
      self.resultsDigest = resultsDigest
      self.reference = reference
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

  /// One kind of finding: how well each criterion ranks it, and whether the error scores came true.
  public struct Kind: Codable, Sendable, Equatable {
    public let ranking: RankingTable
    /// Nil without error scores.
    public let reliability: Reliability?

    public init(ranking: RankingTable, reliability: Reliability?) {
      self.ranking = ranking
      self.reliability = reliability
    }
  }

  /// What the patients have in common.
  public struct Cohort: Codable, Sendable, Equatable {
    public let model: ModelIdentity
    /// Digests of the calibrations that gave error scores, ascending; empty without one.
    public let calibrations: [String]
    /// Fewest noise samples of a patient.
    public let samples: Int
    /// Some of the patients are computer-generated.
    public let synthetic: Bool
    public let patients: [Patient]
    /// Values of the reference segmentations that are lesions; nil where none had to be named.
    public var referenceLabels: [Int]?

    public init(model: ModelIdentity, calibrations: [String], samples: Int, synthetic: Bool, patients: [Patient]) {
      self.model = model
      self.calibrations = calibrations
      self.samples = samples
      self.synthetic = synthetic
      self.patients = patients
    }
  }

  public var schemaVersion = 2
  public let software: SoftwareIdentity
  public var cohort: Cohort
  public let groups: [GroupDistribution]
  public let peaks: [Peaks]
  public let comparisons: [GroupComparison]
  public let lesions: Kind
  public let candidates: Kind
  /// Of the review cut-offs that the run stated; nil where it stated none.
  public let coverage: CutoffCoverage?
  public let notes: [String]

  public init(
    cohort: Cohort, groups: [GroupDistribution], peaks: [Peaks], comparisons: [GroupComparison], lesions: Kind,
    candidates: Kind, coverage: CutoffCoverage? = nil, notes: [String]
  ) {
    software = .this
    self.cohort = cohort
    self.groups = groups
    self.peaks = peaks
    self.comparisons = comparisons
    self.lesions = lesions
    self.candidates = candidates
    self.coverage = coverage
    self.notes = notes
  }

  /// Whether error scores can be compared with what came true.
  public var hasReliability: Bool { lesions.reliability != nil || candidates.reliability != nil }

  public var reference: ReferenceSummary { ReferenceSummary(cohort.patients.map(\.reference)) }

  public func group(_ group: RegionGroup) -> GroupDistribution? { groups.first { $0.group == group } }
}
