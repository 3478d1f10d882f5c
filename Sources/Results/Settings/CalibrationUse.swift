public import ErrorScore
public import Lesions

/// The calibration behind the error scores of a report, and what follows from the scores.
public struct CalibrationUse: Codable, Sendable, Equatable {
  /// Of the calibration file.
  public var sha256: String
  public var features: FeatureSet
  /// Patients of the cohort that it was fitted on.
  public var patients: Int
  /// Some of those patients are computer-generated.
  public var synthetic: Bool
  public var lesions: Kind
  public var candidates: Kind
  /// Findings with a feature outside the range of that cohort.
  public var extrapolated: [FindingID]
  /// How far to review; absent without a finding, where the calibration has none, and where `unlike` is not empty.
  public var cutoff: Cutoff?
  /// The calibration was fitted on these very images, so that the scores are no test of it.
  public var fittedOnThisPatient: Bool
  /// The scores are made of this many of the first noise samples, as many as the cohort's maps had; nil when the maps
  /// have no more.
  public var scoringSamples: Int?
  /// Why the calibration's patients and this one are not of a kind: then it gives an order, and no probability of an
  /// error is stated.
  public var unlike: [Unlike]

  /// How a patient differs from those of a calibration.
  public enum Unlike: String, Codable, Sendable, CaseIterable {
    /// They are all computer-generated, this one is not.
    case synthetic
    case manufacturer, manufacturerUnknown
    case fieldStrength, fieldStrengthUnknown
    /// More than 10 % of the features lie outside their 1st to 99th percentile.
    case features
  }

  /// The review cut-off in the work list of this patient.
  public struct Cutoff: Codable, Sendable, Equatable {
    /// Findings up to and including this position stand above it.
    public var position: Int
    public var rule: ReviewCutoff

    public init(position: Int, rule: ReviewCutoff) {
      self.position = position
      self.rule = rule
    }
  }

  /// One kind of finding in the cohort of the calibration.
  public struct Kind: Codable, Sendable, Equatable {
    public var errors: Int
    public var correct: Int
    /// Area under the ROC curve on patients that the model had not seen, with its 95 % interval by patients.
    public var areaUnderROC: Estimate
    /// Area under the ROC curve of the FLAIR peak alone on the same findings.
    public var peakAreaUnderROC: Double?
    /// FLAIR peaks of the cohort's findings.
    public var peaks: PeakDistributions?
  }
}

extension CalibrationUse {
  /// What a calibration and the order that it gave say about one patient.
  ///
  /// - Parameters:
  ///   - sha256: of the calibration file.
  ///   - flairDigest: SHA-256 of the patient's FLAIR file.
  ///   - unlike: why the patient is not of the cohort's kind; then there is no cut-off.
  public init(
    _ calibration: Calibration, sha256: String, order: ReviewOrder, extrapolated: [FindingID], flairDigest: String,
    scoringSamples: Int?, unlike: [Unlike] = []
  ) {
    self.sha256 = sha256
    features = calibration.features
    patients = calibration.cohort.patients
    synthetic = calibration.cohort.synthetic
    lesions = Kind(calibration.lesions, features: calibration.features)
    candidates = Kind(calibration.candidates, features: calibration.features)
    self.extrapolated = extrapolated
    cutoff =
      unlike.isEmpty && !order.entries.isEmpty
      ? calibration.cutoff.map { Cutoff(position: $0.position(of: order.entries.count), rule: $0) } : nil
    self.unlike = unlike
    fittedOnThisPatient = calibration.cohort.flairDigests?.contains(flairDigest) == true
    self.scoringSamples = scoringSamples
  }
}

extension CalibrationUse.Kind {
  init(_ kind: Calibration.Kind, features: FeatureSet) {
    let criterion: RankingCriterion = features == .peaks ? .crossValidatedPeaks : .crossValidatedExtended
    errors = kind.model.errorCount
    correct = kind.model.correctCount
    areaUnderROC = kind.crossValidation.row(criterion)?.estimate(.areaUnderROC) ?? Estimate(value: 0.5)
    peakAreaUnderROC = kind.crossValidation.row(.saliencyPeak)?.estimate(.areaUnderROC)?.value
    peaks = kind.peaks
  }
}
