public import ErrorScore

/// The calibration behind the error scores of a report, and what follows from the scores.
public struct CalibrationFacts: Codable, Sendable, Equatable {
  /// `peaks` or `extended`.
  public var features: String
  /// Patients of the cohort that it was fitted on.
  public var patients: Int
  /// Some of those patients are computer-generated.
  public var synthetic: Bool
  public var lesions: KindFacts
  public var candidates: KindFacts
  /// Findings with a feature outside the range of that cohort, by identifier.
  public var extrapolated: [String]
  /// After how many findings little is left; absent without a finding.
  public var stopLine: StopLine?
  /// The calibration was fitted on these very images, so that the scores are no test of it; nil when it was not.
  public var fittedOnThisPatient: Bool?
  /// The scores are made of this many of the first noise draws, as many as the cohort's maps had; nil when the maps have no more.
  public var scoringDraws: Int?

  /// One kind of finding in the cohort of the calibration.
  public struct KindFacts: Codable, Sendable, Equatable {
    public var errors: Int
    public var correct: Int
    /// Area under the ROC curve on patients that the model had not seen, and its 95 % interval by patients.
    public var areaUnderROC: Double
    public var areaUnderROCLower: Double?
    public var areaUnderROCUpper: Double?
    /// Area under the ROC curve of the FLAIR peak alone on the same findings; absent in results of earlier versions.
    public var peakAreaUnderROC: Double?
    /// FLAIR peaks of the cohort's findings; absent with a calibration of an earlier version.
    public var peaks: PeakDistributions?

    public init(
      errors: Int, correct: Int, areaUnderROC: Double, areaUnderROCLower: Double?, areaUnderROCUpper: Double?,
      peakAreaUnderROC: Double? = nil, peaks: PeakDistributions? = nil
    ) {
      self.errors = errors
      self.correct = correct
      self.areaUnderROC = areaUnderROC
      self.areaUnderROCLower = areaUnderROCLower
      self.areaUnderROCUpper = areaUnderROCUpper
      self.peakAreaUnderROC = peakAreaUnderROC
      self.peaks = peaks
    }
  }

  /// The first place in the work list after which at most a fifth of the expected errors is left.
  public struct StopLine: Codable, Sendable, Equatable {
    public var position: Int
    public var expectedErrors: Double
    public var expectedRemainingErrors: Double

    public init(position: Int, expectedErrors: Double, expectedRemainingErrors: Double) {
      self.position = position
      self.expectedErrors = expectedErrors
      self.expectedRemainingErrors = expectedRemainingErrors
    }
  }

  public init(
    features: String, patients: Int, synthetic: Bool, lesions: KindFacts, candidates: KindFacts, extrapolated: [String],
    stopLine: StopLine?, fittedOnThisPatient: Bool? = nil, scoringDraws: Int? = nil
  ) {
    self.features = features
    self.patients = patients
    self.synthetic = synthetic
    self.lesions = lesions
    self.candidates = candidates
    self.extrapolated = extrapolated
    self.stopLine = stopLine
    self.fittedOnThisPatient = fittedOnThisPatient
    self.scoringDraws = scoringDraws
  }
}
