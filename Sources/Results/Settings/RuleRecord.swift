public import Lesions

/// The rules behind the counts and the order, as values; a wording file makes sentences of them.
public struct RuleRecord: Codable, Sendable, Equatable {
  /// Two voxels are neighbours when they share a face or an edge.
  public var connectivity = 18
  public var lesions: ComponentRule
  /// Nil where no probability was given, so that missed lesions were not looked for.
  public var candidates: MissedLesionCandidates.Rule?
  public var order: OrderBasis

  public init(lesions: ComponentRule, candidates: MissedLesionCandidates.Rule?, order: OrderBasis) {
    self.lesions = lesions
    self.candidates = candidates
    self.order = order
  }
}

/// What findings are ordered by. In all but the first and the last, each finding becomes its percentile within its
/// kind, and the kinds are merged by percentile.
public enum OrderBasis: String, Codable, Sendable, CaseIterable {
  /// By probability of an error, descending.
  case errorScore
  /// Lesions ascending and candidates descending by the maximum of the FLAIR `sum` map inside the finding.
  case flairSumPeak
  /// The same by the maximum of a FLAIR map that another tool made.
  case givenPeak
  /// Lesions ascending and candidates descending by mean probability.
  case meanProbability
  /// Lesions by volume, smallest first.
  case volume
}
