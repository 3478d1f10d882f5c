import ErrorScore
package import Lesions
package import Results

/// What of a patient goes into a page; by default everything.
public struct PageContent: Sendable, Hashable {
  /// No viewer: the pictures alone, within 8 MB.
  public var isCompact: Bool
  /// Nothing of the reference segmentation, on the screen or in print: for reader studies.
  public var isBlind: Bool
  /// The findings above the review cut-off and those that a reader decided on, without the viewer: to share with a
  /// clinician.
  public var isFlaggedOnly: Bool

  /// Findings on which a decision was applied.
  package var decided: Set<FindingID> = []

  public init(isCompact: Bool = false, isBlind: Bool = false, isFlaggedOnly: Bool = false) {
    self.isCompact = isCompact
    self.isBlind = isBlind
    self.isFlaggedOnly = isFlaggedOnly
  }

  /// The records that the page is made from, and how many findings it leaves out.
  package func of(_ results: PatientResults) -> (results: PatientResults, leftOut: Int) {
    var shown = isBlind ? results.withoutReference : results
    if isFlaggedOnly {
      let flagged = results.reviewOrder.filter {
        $0.position <= PrintedFindings.count(results) || decided.contains($0.finding)
      }
      let names = Set(flagged.map(\.finding))
      shown.reviewOrder = flagged
      shown.findings = shown.findings.filter { names.contains($0.id) }
      if shown.missed != nil { shown.missed = [] }
    }
    return (shown, results.findings.count - shown.findings.count)
  }

  package func of(_ images: PatientImages) -> PatientImages {
    var shown = images
    if isBlind { (shown.reference, shown.missedLabels) = (nil, nil) }
    return shown
  }
}
