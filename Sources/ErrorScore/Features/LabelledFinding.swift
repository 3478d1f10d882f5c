public import Lesions

/// A finding of a labelled cohort: what the network erred in is known.
public struct LabelledFinding: Hashable, Sendable {
  /// `sub-01` or `sub-01_ses-02`. Sessions of one patient belong together, see ``cluster``.
  public let patient: String
  public let kind: FindingKind
  public let features: RegionFeatures
  /// A false positive, or a candidate that is a missed lesion.
  public let isError: Bool
  /// What a calibration said about it, when the run had one.
  public let errorScore: Double?
  /// Highest FLAIR value of the `sum` map inside the finding, whatever the aggregation of the features.
  public let flairSumPeak: Double

  public init(
    patient: String, kind: FindingKind, features: RegionFeatures, isError: Bool, errorScore: Double? = nil,
    flairSumPeak: Double? = nil
  ) {
    self.patient = patient
    self.kind = kind
    self.features = features
    self.isError = isError
    self.errorScore = errorScore
    self.flairSumPeak = flairSumPeak ?? features.flairHighest
  }

  /// What is resampled and held out together: the patient with all sessions.
  public var cluster: String { String(patient.prefix { $0 != "_" }) }
}
