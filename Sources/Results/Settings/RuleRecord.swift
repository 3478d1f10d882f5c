public import ErrorScore
public import Lesions

/// The rules behind the counts and the order, as values; a wording file makes sentences of them.
public struct RuleRecord: Codable, Sendable, Equatable {
  /// Two voxels are neighbours when they share a face or an edge.
  public var connectivity = 18
  public var lesions: ComponentRule
  /// Nil where no probability was given, so that missed lesions were not looked for.
  public var candidates: MissedLesionCandidates.Rule?
  public var order: OrderBasis
  /// The two numbers of ``OrderBasis/saliency``; nil for any other.
  public var orderFeatures: UncalibratedOrder?

  public init(
    lesions: ComponentRule, candidates: MissedLesionCandidates.Rule?, order: OrderBasis,
    orderFeatures: UncalibratedOrder? = nil
  ) {
    self.lesions = lesions
    self.candidates = candidates
    self.order = order
    self.orderFeatures = orderFeatures
  }
}

/// What findings are ordered by. In all but the first and the last, each finding becomes its percentile within its
/// kind, and the kinds are merged by percentile.
public enum OrderBasis: String, Codable, Sendable, CaseIterable {
  /// By probability of an error, descending.
  case errorScore
  /// By one number of the saliency map for lesions and one for candidates, see ``RuleRecord/orderFeatures``.
  case saliency
  /// Lesions ascending and candidates descending by the maximum of the FLAIR `sum` map inside the finding; in results
  /// of earlier versions.
  case flairSumPeak
  /// The same by the maximum of a FLAIR map that another tool made.
  case givenPeak
  /// Lesions ascending and candidates descending by mean probability.
  case meanProbability
  /// Lesions by volume, smallest first.
  case volume
}
