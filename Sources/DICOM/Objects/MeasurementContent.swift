public import Volumes

/// What a measurement report holds: one group for each finding.
public struct MeasurementContent: Sendable {
  public struct Group: Sendable {
    public let label: String
    public let isCandidate: Bool
    public let trackingUID: String
    public let volumeMillimetres3: Double
    public let diameterMillimetres: Double
    /// Number of its segment in the segmentation; nil for a finding that stands in none.
    public var segment: Int?
    public var meanProbability: Double?
    /// Nil where scores are no probabilities: without a calibration that holds for the patient.
    public var errorScore: Double?
    /// From 1.
    public var reviewOrder: Int?
    /// A word such as `periventricular`; nil where it was not assessed.
    public var location: String?
    public var saliency: Saliency?
    public var decisions: [Decision] = []
    /// What the readers made of it together; nil without a review.
    public var outcome: Outcome?

    public init(
      label: String, isCandidate: Bool, trackingUID: String, volumeMillimetres3: Double, diameterMillimetres: Double
    ) {
      self.label = label
      self.isCandidate = isCandidate
      self.trackingUID = trackingUID
      self.volumeMillimetres3 = volumeMillimetres3
      self.diameterMillimetres = diameterMillimetres
    }
  }

  /// Extremes of the FLAIR map inside a finding, logit per standard deviation, and where they are (mm, RAS+).
  public struct Saliency: Sendable {
    let maximum: (value: Double, place: WorldPoint)
    let minimum: (value: Double, place: WorldPoint)

    public init(maximum: (value: Double, place: WorldPoint), minimum: (value: Double, place: WorldPoint)) {
      self.maximum = maximum
      self.minimum = minimum
    }
  }

  /// What one reader said.
  public struct Decision: Sendable {
    public let reader: String
    /// `accept`, `reject`, `editNeeded`, `unsure`, `undecided`.
    let verdict: String
    let reasons: [String]
    let comment: String

    public init(reader: String, verdict: String, reasons: [String], comment: String) {
      self.reader = reader
      self.verdict = verdict
      self.reasons = reasons
      self.comment = comment
    }
  }

  public enum Outcome: String, Sendable {
    case undecided, lesion
    case notALesion = "not a lesion"
  }

  public let groups: [Group]
  public let algorithm: SegmentationContent.Algorithm

  public init(groups: [Group], algorithm: SegmentationContent.Algorithm) {
    self.groups = groups
    self.algorithm = algorithm
  }
}
